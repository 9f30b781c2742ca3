import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth, fitted, padded, wrapped } from "../../../../src/chat/terminal/display-width.js";

describe("columns of a text", () => {
  it.each([
    ["run42", 5],
    ["损失", 4],
    ["验证/准确率", 11],
    ["（一）", 6],
    ["é", 1],
    ["e\u0301", 1],
    ["ｒｕｎ", 6],
    ["🚀", 2],
    ["▲ ✖ … –", 7],
    ["", 0],
  ])("%j takes %i", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it("cells of mixed scripts line up", () => {
    expect(["loss", "损失", "验证 loss"].map((cell) => displayWidth(padded(cell, 12)))).toEqual([12, 12, 12]);
  });

  it("a cut is shown and never wider than its room", () => {
    expect(fitted("准确率和损失", 6)).toBe("准确…");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 40 }), (text, room) => {
        expect(displayWidth(fitted(text, room))).toBeLessThanOrEqual(room);
      }),
    );
  });

  it("breaks at spaces and between wide characters, never inside an address", () => {
    expect(wrapped("loss rose 5 times in a row", 12)).toEqual(["loss rose 5", "times in a", "row"]);
    expect(wrapped("训练损失连续上升五次。", 9)).toEqual(["训练损失", "连续上升", "五次。"]);
    const url = "http://tensorboard:6006/#scalars&run=fit%2Fmnist";
    expect(wrapped(`TensorBoard: ${url}`, 20)).toEqual(["TensorBoard:", url]);
  });

  it("loses nothing but spaces", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 40 }), (text, room) => {
        expect(wrapped(text, room).join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
    );
  });
});
