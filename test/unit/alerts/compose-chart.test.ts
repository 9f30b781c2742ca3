import { describe, expect, it } from "vitest";
import { chartSpecOf, type SeriesChart } from "../../../src/alerts/chart-of-series.js";
import type { Episode } from "../../../src/alerts/episode.js";
import type { PointColumns } from "../../../src/series/point.js";
import { dropEpisode, labelsOf, nanEpisode, riseEpisode, run42 } from "./compose-support.js";

function columns(length: number, every = 1): PointColumns {
  const step = Float64Array.from({ length }, (_, index) => index * every);
  return { step, wallTime: step.map((one) => 1_772_374_509 + one), value: step.map((one) => 1 / (1 + one)) };
}

function chart(changes: Partial<SeriesChart>): SeriesChart {
  return {
    locale: "en",
    run: run42,
    labels: labelsOf("train/loss", "loss"),
    points: columns(100),
    others: [],
    ...changes,
  };
}

function risingAt(step: number): Episode {
  const { evidence, opened } = riseEpisode();
  return riseEpisode({ opened: { ...opened, step }, evidence: { ...evidence, from: step - 5, to: step } });
}

describe("the chart of an alert", () => {
  it("says what happened, marks the evidence and the moment, in both languages", () => {
    const { lines: _lines, ...en } = chartSpecOf(chart({ episode: risingAt(90) }));
    expect(en).toMatchInlineSnapshot(`
      {
        "locale": "en",
        "marks": [
          {
            "from": 85,
            "kind": "span",
            "label": "5 in a row, +1.91",
            "to": 90,
          },
          {
            "kind": "moment",
            "label": "step 90",
            "step": 90,
          },
        ],
        "scale": "auto",
        "subtitle": "train/loss rose 5 times in a row: 0.41 → 2.32 (+1.91)",
        "title": "train/loss – cifar10/run42",
      }
    `);
    const { marks } = chartSpecOf(chart({ locale: "zh", episode: risingAt(90) }));
    expect(marks.map(({ label }) => label)).toMatchInlineSnapshot(`
      [
        "连续 5 次，+1.91",
        "第 90 步",
      ]
    `);
  });

  it("draws the limit, or the best so far where the rule measured from it", () => {
    const limit = riseEpisode({
      rule: "threshold",
      evidence: { numbers: { value: 2.7, points: 1, above: 1 }, to: 90, level: 2.5 },
    });
    const level = (episode: Episode): unknown =>
      chartSpecOf(chart({ episode })).marks.find(({ kind }) => kind === "level");
    expect(level(limit)).toEqual({ kind: "level", value: 2.5, label: "limit 2.5" });
    expect(level(dropEpisode())).toEqual({ kind: "level", value: 0.946, label: "best 0.946" });
  });

  it("of a single bad point has a moment and no span", () => {
    expect(chartSpecOf(chart({ episode: nanEpisode("train/loss") })).marks.map(({ kind }) => kind)).toEqual([
      "moment",
    ]);
  });

  it("shows a short series whole", () => {
    expect(chartSpecOf(chart({ points: columns(400), episode: risingAt(20) })).lines[0]?.step).toHaveLength(
      400,
    );
  });

  it("shows of a long series what came before and a little after, of every split", () => {
    const others = [{ split: "validation", points: columns(1_000, 100) }];
    const { lines } = chartSpecOf(chart({ points: columns(100_000), others, episode: risingAt(60_000) }));
    const shown = lines.map(({ label, weight, step }) => [label, weight, step[0], step.at(-1)]);
    expect(shown).toEqual([
      ["validation", "dimmed", 45_000, 65_000],
      ["loss", "main", 44_995, 65_000],
    ]);
  });

  it("of an event before or behind all points kept shows what there is", () => {
    for (const step of [-1_000, 1_000_000]) {
      const { lines } = chartSpecOf(chart({ points: columns(5_000), episode: risingAt(step) }));
      expect(lines[0]?.step.length).toBeGreaterThan(100);
    }
  });
});

describe("the chart of a metric", () => {
  it("says its last value where there is no alert", () => {
    expect(chartSpecOf(chart({})).subtitle).toBe("last 0.01 at step 99");
    expect(chartSpecOf(chart({ locale: "zh" })).subtitle).toBe("最新值 0.01（第 99 步）");
    expect(chartSpecOf(chart({ points: columns(0) })).subtitle).toBeUndefined();
  });

  it("keeps accuracies and learning rates on a linear scale", () => {
    expect(chartSpecOf(chart({ labels: labelsOf("acc", "accuracy") })).scale).toBe("linear");
    expect(chartSpecOf(chart({ labels: labelsOf("lr", "learning-rate") })).scale).toBe("linear");
    expect(chartSpecOf(chart({})).scale).toBe("auto");
  });
});
