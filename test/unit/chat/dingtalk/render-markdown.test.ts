import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dingtalkLimits } from "../../../../src/chat/dingtalk/dingtalk-limits.js";
import { byteLength, cutBytes, literal } from "../../../../src/chat/dingtalk/dingtalk-text.js";
import { renderMarkdown } from "../../../../src/chat/dingtalk/render-markdown.js";
import { sparkline } from "../../../../src/message/sparkline.js";
import { parseLine } from "../../../../src/commands/grammar.js";
import type { Message } from "../../../../src/message/message.js";

const message: Message = {
  tone: "critical",
  headline: "严重 · fit/mnist · loss 变为 NaN · 自第 12,400 步",
  blocks: [
    {
      kind: "facts",
      facts: [
        { label: "指标", value: [{ kind: "code", text: "train_loss" }] },
        { label: "值", value: ["0.5 → ", { kind: "strong", text: "NaN" }] },
      ],
    },
    { kind: "list", items: [["1. first"], ["- second"]] },
    { kind: "table", columns: ["setting", "value"], rows: [["learning_rate", "0.01"]] },
    { kind: "preformatted", text: "x = 1\n  y = 2" },
    {
      kind: "note",
      content: ["see ", { kind: "link", url: "https://tb.example/#run", text: "TensorBoard" }],
    },
  ],
};

describe("a message as DingTalk markdown", () => {
  it("is lists and lines, with the chart and the run's mark at the end", () => {
    const { title, text } = renderMarkdown(message, { picture: "@lADx", tag: "#tb12345678" });
    expect({ title, text: text.replaceAll("\u00A0", "&nbsp;") }).toMatchInlineSnapshot(`
      {
        "text": "#### 严重 · fit/mnist · loss 变为 NaN · 自第 12,400 步

      - **指标** train_loss
      - **值** 0.5 → **NaN**

      - 1． first
      - － second

      **setting · value**

      - learning_rate · 0.01

      ┆ x = 1

      ┆ &nbsp; y = 2

      > see [TensorBoard](https://tb.example/#run)

      ![chart](@lADx)

      > #tb12345678",
        "title": "严重 · fit/mnist · loss 变为 NaN · 自第 12,400 步",
      }
    `);
  });

  it("names people only where that notifies them", () => {
    const named: Message = {
      tone: "info",
      headline: "h",
      blocks: [{ kind: "text", content: [{ kind: "mention", id: "u1" }] }],
    };
    expect(renderMarkdown(named).text).toBe("#### h");
    expect(renderMarkdown(named, { mention: (id) => `@${id}` }).text).toBe("#### h\n\n@u1");
  });

  it("keeps every limit whatever it is given, by leaving out whole blocks", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 400 }),
        fc.integer({ min: 1, max: 80 }),
        (text, count) => {
          const many: Message = {
            tone: "info",
            headline: text,
            blocks: Array.from({ length: count }, () => ({ kind: "text", content: [text.repeat(9)] })),
          };
          const { title, text: rendered } = renderMarkdown(many, { tag: "#tb12345678" });
          expect(Array.from(title).length).toBeLessThanOrEqual(dingtalkLimits.title);
          expect(byteLength(rendered)).toBeLessThanOrEqual(dingtalkLimits.textBytes + 200);
          expect(byteLength(JSON.stringify({ title, text: rendered }))).toBeLessThan(15_000);
          expect(rendered.endsWith("#tb12345678")).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("holds names in a form that commands read back as they were typed", () => {
    for (const name of ["a[b]*c", "x<y>z", "run|7", "https://e.example/x", "under_score", "_lead"]) {
      expect(parseLine(`status ${literal(name)}`)).toEqual({ kind: "words", words: ["status", name] });
    }
  });

  it("leaves ids as the config wants them, to be copied, and addresses inert", () => {
    expect(literal("dingtalk:u1")).toBe("dingtalk:u1");
    expect(literal("dingtalk://dingtalkclient/page/link?url=x")).not.toContain("dingtalk://");
    expect(literal("dtmd://dingtalkclient/sendMessage?content=mute")).not.toMatch(/dtmd:/);
  });

  it("cuts bytes between characters", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 60 }),
        fc.integer({ min: 4, max: 100 }),
        (text, limit) => {
          const short = cutBytes(text, limit);
          expect(byteLength(short)).toBeLessThanOrEqual(Math.max(limit, byteLength("…")));
          expect(short).not.toMatch(/\uFFFD/);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a curve in characters", () => {
  it.each([
    { values: [0, 1, 2, 3, 4, 5, 6, 7], shown: "▁▂▃▄▅▆▇█" },
    { values: [1, 1, 1], shown: "▁▁▁" },
    { values: [1, 0.5, Number.NaN], shown: "█▁×" },
    { values: [Number.NaN], shown: "" },
    { values: [], shown: "" },
  ])("shows $values as $shown", ({ values, shown }) => {
    expect(sparkline(Float64Array.from(values))).toBe(shown);
  });
});
