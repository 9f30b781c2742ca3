import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { chartPixels, chartPixelsOf, renderChart } from "../../../src/chart/render-chart.js";
import { chartSizes, chartType } from "../../../src/chart/chart-theme.js";
import type { ChartSpec } from "../../../src/message/chart-spec.js";
import { isBlue, isBrown, isDark, isRed, line, pixelsOf, specOf, type Pixels } from "./chart-support.js";

const falling = Array.from({ length: 200 }, (_, index) => 0.3 + 2 * Math.exp(-index / 40));
const titleRow: readonly [number, number, number, number] = [0.02, 0.03, 0.6, 0.13];

async function drawn(spec: ChartSpec): Promise<Pixels> {
  return pixelsOf(await renderChart(spec));
}

describe("every chart", () => {
  let plain: Pixels;
  beforeAll(async () => {
    plain = await drawn(specOf([line(falling)]));
  });

  it("is an opaque picture as wide as a phone", () => {
    expect(plain).toMatchObject({ ...chartPixels, opaque: true });
    expect(chartPixels).toEqual({ width: 1_080, height: 504 });
  });

  it("has a frame, a title and a line", () => {
    expect(plain.count((r, g, b) => r + g + b < 700, [0, 0, 1, 0.004])).toBeGreaterThan(1_000);
    expect(plain.count(isDark, titleRow)).toBeGreaterThan(300);
    expect(plain.count(isBlue)).toBeGreaterThan(1_500);
  });

  it("for a phone's column is 358 pixels wide at double density, its smallest type 11 pixels high there", async () => {
    const phone = await pixelsOf(await renderChart(specOf([line(falling)]), "phone"));
    expect(phone).toMatchObject({ width: 716, height: 537, opaque: true });
    expect(chartPixelsOf("phone")).toEqual({ width: 2 * 358, height: 537 });
    expect(Math.round((chartType.axis * 358) / chartSizes.phone.width)).toBe(11);
    expect(phone.count(isDark, titleRow)).toBeGreaterThan(300);
    expect(phone.count(isBlue)).toBeGreaterThan(1_500);
    expect(phone.count(isRed)).toBe(0);
  });

  it("without marks shows nothing alarming", () => {
    expect(plain.count(isRed)).toBe(0);
  });

  it("is the same picture each time", async () => {
    expect(await renderChart(specOf([line(falling)]))).toEqual(await renderChart(specOf([line(falling)])));
  });
});

describe("evidence", () => {
  it("is shaded and marked where it happened", async () => {
    const marks = [
      { kind: "span", from: 1_600, to: 1_800, label: "5 in a row, +0.3" },
      { kind: "moment", step: 1_800, label: "step 1,800" },
    ] as const;
    const picture = await drawn(specOf([line(falling)], { marks }));
    const shaded = (r: number, g: number, b: number): boolean =>
      r > 240 && g > 215 && g < 240 && b > 215 && b < 240;
    expect(picture.count(shaded, [0.75, 0.2, 1, 0.9])).toBeGreaterThan(3_000);
    expect(picture.count(shaded, [0, 0.2, 0.5, 0.9])).toBe(0);
    expect(picture.count(isRed, [0.5, 0.1, 1, 1])).toBeGreaterThan(500);
  });

  it("lies exactly where the point lies", async () => {
    const values = falling.map((value, index) => (index === 137 ? 6 : value));
    const marks = [{ kind: "moment", step: 1_370, label: "" }] as const;
    const [spiked, moment] = await Promise.all([
      drawn(specOf([line(values)])),
      drawn(specOf([line(falling)], { marks })),
    ]);
    const middle = (picture: Pixels, test: typeof isRed): number => {
      const columns = Array.from({ length: 1_000 }, (_, index) => index / 1_000);
      const hit = columns.filter((x) => picture.count(test, [x, 0.4, x + 0.001, 0.5]) > 5);
      return hit.reduce((sum, x) => sum + x, 0) / hit.length;
    };
    expect(Math.abs(middle(moment, isRed) - middle(spiked, isBlue))).toBeLessThan(0.002);
  });

  it("draws and labels a threshold, also one far outside", async () => {
    for (const value of [1, 1e9, -1e9]) {
      const picture = await drawn(
        specOf([line(falling)], { marks: [{ kind: "level", value, label: "limit" }] }),
      );
      expect(picture.count(isBrown), `level ${value}`).toBeGreaterThan(100);
    }
  });
});

describe("points that are not finite", () => {
  it("are crosses at the bottom and arrows at the top, and the line breaks", async () => {
    const values = falling.map((value, index) =>
      index > 150 ? Number.NaN : index === 100 ? Infinity : value,
    );
    const picture = await drawn(specOf([line(values)]));
    expect(picture.count(isRed, [0.7, 0.85, 1, 0.95])).toBeGreaterThan(300);
    expect(picture.count(isRed, [0.45, 0.15, 0.65, 0.3])).toBeGreaterThan(40);
    expect(picture.count(isBlue, [0.85, 0.25, 0.97, 0.85])).toBe(0);
  });
});

describe("sensible pictures of odd series", () => {
  it.each<[string, readonly number[], number]>([
    ["no points at all", [], 0],
    ["one point", [0.5], 20],
    ["a constant", Array.from({ length: 50 }, () => 1e-4), 1_000],
    ["zeros", Array.from({ length: 50 }, () => 0), 1_000],
    ["the smallest numbers", [5e-324, 1e-323, 5e-324], 100],
    ["the largest numbers", [1.7e308, -1.7e308, 1.7e308], 500],
    ["a large number with a small wobble", [1e9, 1e9 + 1e-6, 1e9], 100],
  ])("%s", async (_name, values, blue) => {
    const picture = await drawn(specOf([line(values)]));
    expect(picture.count(isBlue)).toBeGreaterThanOrEqual(blue);
    expect(picture.count(isDark)).toBeGreaterThan(300);
  });

  it("only NaN", async () => {
    const picture = await drawn(specOf([line([Number.NaN, Number.NaN])]));
    expect(picture.count(isRed)).toBeGreaterThan(50);
  });

  it("no lines", async () => {
    expect((await drawn(specOf([]))).count(isDark)).toBeGreaterThan(300);
  });

  it("anything at all", { timeout: 60_000 }, async () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0, 1e-320));
    const text = fc.string({ unit: "binary", maxLength: 400 });
    const spec = fc.record({
      locale: fc.constantFrom("en", "zh"),
      title: text,
      subtitle: text,
      lines: fc.array(
        fc.record({
          values: fc.array(value, { maxLength: 30 }),
          weight: fc.constantFrom("main", "dimmed"),
          label: text,
        }),
        { maxLength: 12 },
      ),
      marks: fc.array(
        fc.oneof(
          fc.record({ kind: fc.constant("moment" as const), step: value, label: text }),
          fc.record({ kind: fc.constant("span" as const), from: value, to: value, label: text }),
          fc.record({ kind: fc.constant("level" as const), value, label: text }),
        ),
        { maxLength: 5 },
      ),
      scale: fc.constantFrom("auto", "log", "linear"),
    });
    await fc.assert(
      fc.asyncProperty(spec, async ({ lines, ...rest }) => {
        const png = await renderChart({
          ...rest,
          lines: lines.map((one) => line(one.values, one.weight, one.label)),
        });
        expect(png.byteLength).toBeGreaterThan(2_000);
        expect(png.byteLength).toBeLessThan(300_000);
      }),
      { numRuns: 60 },
    );
  });
});

describe("Chinese text", () => {
  it("has glyphs of its own, not the box of a missing one", async () => {
    const ink = async (title: string): Promise<readonly number[]> => {
      const picture = await drawn(specOf([], { locale: "zh", title }));
      const glyphs = [0.02, 0.045, 0.07].map((x) => [x, 0.03, x + 0.025, 0.13] as const);
      return glyphs.map((region) => picture.count((r, g, b) => r + g + b < 500, region));
    };
    const [missing, ...real] = await Promise.all(
      ["\u{10FFF0}\u{10FFF1}\u{10FFF2}", "训练损", "失验证", "中文图"].map(ink),
    );
    expect(new Set(real.flat()).size, "every character its own shape").toBeGreaterThan(6);
    expect(real.flat().every((count) => count > 100)).toBe(true);
    expect(new Set(missing).size, "a missing one is always the same box").toBeLessThan(4);
    expect(real).not.toContainEqual(missing);
  });
});

describe("size", () => {
  it("of 100,000 points is that of a thinned curve", async () => {
    const many = Array.from(
      { length: 100_000 },
      (_, index) => 0.3 + 2 * Math.exp(-index / 20_000) + 0.05 * Math.sin(index * 12.9898),
    );
    expect((await renderChart(specOf([line(many)]))).byteLength).toBeLessThan(80_000);
  });
});
