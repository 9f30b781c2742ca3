import { describe, expect, it } from "vitest";
import { stepScale, valueScale } from "../../../src/chart/chart-scale.js";
import type { ChartSpec } from "../../../src/message/chart-spec.js";
import { line, specOf } from "./chart-support.js";

const diverging = [...Array.from({ length: 200 }, (_, index) => 0.4 + 0.01 * (index % 3)), 1, 5, 40];
const falling = Array.from({ length: 100 }, (_, index) => 2 - index / 60);

describe("the logarithm", () => {
  it.each<[string, ChartSpec, "linear" | "log"]>([
    ["helps a loss that left its level far behind", specOf([line(diverging)]), "log"],
    [
      "helps a curve over many decades",
      specOf([line(Array.from({ length: 100 }, (_, index) => 10 ** (-index / 20)))]),
      "log",
    ],
    ["is not used on an ordinary curve", specOf([line(falling)]), "linear"],
    ["is not used for one deep outlier", specOf([line([...falling, 1e-9])]), "linear"],
    ["is impossible with zero", specOf([line([0, ...diverging])], { scale: "log" }), "linear"],
    [
      "is impossible with a negative limit",
      specOf([line(diverging)], { marks: [{ kind: "level", value: -1, label: "" }] }),
      "linear",
    ],
    ["is used where asked for", specOf([line(falling)], { scale: "log" }), "log"],
    ["is left out where asked for", specOf([line(diverging)], { scale: "linear" }), "linear"],
  ])("%s", (_name, spec, kind) => {
    expect(valueScale(spec).kind).toBe(kind);
  });
});

describe("room", () => {
  it("is given to a limit near the curve, not to one far away", () => {
    const near = valueScale(specOf([line(falling)], { marks: [{ kind: "level", value: 3, label: "" }] }));
    const far = valueScale(specOf([line(falling)], { marks: [{ kind: "level", value: 1_000, label: "" }] }));
    expect(near.to).toBeGreaterThan(3);
    expect(far.to).toBeLessThan(10);
  });

  it("is not taken from the main line by another split gone wild", () => {
    expect(
      valueScale(specOf([line([1e6, 1e6], "dimmed"), line(falling)], { scale: "linear" })).to,
    ).toBeLessThan(10);
  });

  it("on the step axis reaches to a moment just behind the last point", () => {
    const spec = (step: number): ChartSpec =>
      specOf([line(falling)], { marks: [{ kind: "moment", step, label: "" }] });
    expect(stepScale(spec(1_100)).to).toBeGreaterThan(1_100);
    expect(stepScale(spec(1e9)).to).toBeLessThan(1_100);
  });
});
