import { describe, expect, it } from "vitest";
import { chartAlt } from "../../../src/chart/chart-alt.js";
import { line, specOf } from "./chart-support.js";

const full = specOf(
  [line([0.9, 0.95], "dimmed", "train"), line([2, 0.31, Number.NaN, 9.8], "main", "validation")],
  {
    marks: [
      { kind: "span", from: 10, to: 30, label: "5 in a row, +9.49" },
      { kind: "moment", step: 30, label: "step 30" },
      { kind: "level", value: 5, label: "limit 5" },
    ],
  },
);

describe("the alternative text", () => {
  it("says what the picture shows in numbers, in both languages", () => {
    expect(chartAlt(full)).toMatchInlineSnapshot(
      `"Chart of loss – run42, steps 0 to 30, 4 points, last 9.8, lowest 0.31 at step 10, highest 9.8 at step 30, 1 NaN or infinite, 5 in a row, +9.49 between steps 10 and 30, alert at step 30, line at limit 5, dimmed beside it: train (last 0.95)"`,
    );
    const marks = [
      { kind: "span", from: 10, to: 30, label: "连续 5 次，+9.49" },
      { kind: "moment", step: 30, label: "第 30 步" },
      { kind: "level", value: 5, label: "阈值 5" },
    ] as const;
    expect(chartAlt({ ...full, marks, locale: "zh", title: "损失 – run42" })).toMatchInlineSnapshot(
      `"图表：损失 – run42，第 0 至 30 步，4 个数据点，最新值 9.8，最低 0.31（第 10 步），最高 9.8（第 30 步），1 个 NaN 或无穷值，连续 5 次，+9.49（第 10 至 30 步），告警于第 30 步，水平线：阈值 5，淡色线：train（最新值 0.95）"`,
    );
  });

  it("says where the evidence lies also where a rule has no word for it", () => {
    const marks = [{ kind: "span", from: 10, to: 30, label: "" }] as const;
    const lines = [line([1, 2, 3])];
    expect(chartAlt(specOf(lines, { marks }))).toMatch(/, marked from step 10 to 30$/);
    expect(chartAlt(specOf(lines, { marks, locale: "zh" }))).toMatch(/，标出第 10 至 30 步$/);
  });

  it("of nothing says so", () => {
    expect(chartAlt(specOf([]))).toBe("Chart of loss – run42, no points yet");
    expect(chartAlt(specOf([line([])], { locale: "zh" }))).toBe("图表：loss – run42，暂无数据点");
  });

  it("stays bounded", () => {
    const lines = Array.from({ length: 30 }, () => line([1], "dimmed", "x".repeat(5_000)));
    expect(chartAlt(specOf(lines, { title: "y".repeat(5_000) })).length).toBeLessThanOrEqual(600);
  });
});
