import { describe, expect, test } from "vitest";
import { svgChart } from "../../../src/chart/svg-chart.js";
import type { ChartSpec } from "../../../src/message/chart-spec.js";

function spec(value: readonly number[], more: Partial<ChartSpec> = {}): ChartSpec {
  const step = Float64Array.from(value, (_, i) => i);
  const line = { label: "loss", weight: "main" as const, step, value: Float64Array.from(value) };
  return { locale: "en", title: "loss", lines: [line], marks: [], scale: "auto", ...more };
}

describe("a chart as SVG", () => {
  test.each([
    ["nothing", []],
    ["one point", [1]],
    ["a constant", [2, 2, 2]],
    ["nothing finite", [NaN, Infinity, -Infinity]],
    ["the largest and smallest numbers", [1e308, -1e308, 5e-324, 0]],
  ])("draws %s without a number that is none", (_case, values) => {
    const svg = svgChart(spec(values));
    expect(svg).toMatch(/^<svg .*<\/svg>$/s);
    expect(svg).not.toMatch(/="[^"]*(NaN|Infinity|undefined)[^"]*"(?=[^>]*d=)/);
    expect(svg.match(/d="[^"]*"/g)?.join("")).not.toMatch(/NaN|Infinity/);
  });

  test("breaks the line where values were not finite and marks them", () => {
    const svg = svgChart(spec([1, 2, NaN, 3, 4]));
    expect(svg).toContain("NaN ×1");
    expect(svg.match(/class="cross"/g)).toHaveLength(1);
    expect(/class="curve" d="([^"]*)"/.exec(svg)?.[1]?.match(/M/g)).toHaveLength(2);
  });

  test("shows span, moment and level, and escapes what they say", () => {
    const label = `"><script>alert(1)</script>`;
    const svg = svgChart(
      spec([1, 2, 3, 4], {
        title: label,
        marks: [
          { kind: "span", from: 1, to: 2, label },
          { kind: "moment", step: 2, label },
          { kind: "level", value: 3, label },
        ],
      }),
    );
    for (const kind of ["shade", "moment", "level"]) expect(svg).toContain(`class="${kind}"`);
    expect(svg).not.toContain("<script");
    expect(svg).not.toContain(`"><script`);
  });
});
