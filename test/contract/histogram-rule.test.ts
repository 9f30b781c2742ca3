import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { histogramPoint } from "../../src/alerts/histogram-point.js";
import { RunJudge } from "../../src/alerts/run-judge.js";
import { SliceFeed } from "../../src/alerts/slice-feed.js";
import { replayRun } from "../../src/cli/replay-run.js";
import { EventFileWriter } from "../../src/eventlog/event-file-writer.js";
import type { HistogramSummary } from "../../src/eventlog/histogram-summary.js";
import type { LogRunCursor } from "../../src/eventlog/cursor.js";
import { openLogSource } from "../../src/eventlog/log-sources.js";
import { locales } from "../../src/lib/locale.js";
import { ruleIds, ruleOf } from "../../src/rules/rule-registry.js";
import { labelSeries } from "../../src/series/label-series.js";
import type { Point } from "../../src/series/point.js";
import { RecentPoints } from "../../src/series/recent-points.js";
import type { SeriesKey } from "../../src/series/run.js";
import { testRun } from "../support/judge-curve.js";
import { protoHistogram, tensorHistogram } from "../support/histogram-records.js";

const settingsOf: Readonly<Record<string, object>> = { variance: { min: 0.01, max: 10 } };
const settings = { rules: {}, metrics: {}, overrides: [] };
const noPast = new RecentPoints();

const size = fc.constantFrom(0, 1e-300, 0.4, 0.5, 0.6, 3, 1e200, Number.MAX_VALUE);
const summary: fc.Arbitrary<HistogramSummary> = fc
  .record({
    count: fc.constantFrom(1, 100),
    min: size.map((value) => -value),
    max: size,
    sum: size,
    sumSquares: size,
    zeroShare: fc.constantFrom(0, 0.5, 0.85, 0.9, 1),
    bad: fc.option(fc.constantFrom(NaN, Infinity, -Infinity), { freq: 9, nil: undefined }),
  })
  .map(({ bad, ...rest }) => (bad === undefined ? rest : { ...rest, nonFinite: bad }));
const tags = ["fc1.weight", "fc1.bias", "relu/activations", "gradients/fc1", "x"];

function pointOf(summary_: HistogramSummary, step: number): Point {
  return histogramPoint({ tag: "", step, wallTime: step, at: 0, summary: summary_ });
}

describe.each(ruleIds.filter((id) => ruleOf(id).input !== undefined))("rule %s of histograms", (id) => {
  const rule = ruleOf(id);
  const chosen = rule.settings.parse(settingsOf[id] ?? {});

  test("survives whatever comes, its memory the round trip and its bound; its sentences are whole", () => {
    const moves = fc.array(fc.tuple(summary, fc.integer({ min: -4, max: 6 })), { maxLength: 40 });
    fc.assert(
      fc.property(fc.constantFrom(...tags), moves, fc.nat(40), (tag, histograms, cut) => {
        const labels = labelSeries({ run: testRun, split: "", tag });
        let detector = rule.detector(chosen, labels);
        const uncut = rule.detector(chosen, labels);
        histograms.forEach(([found, move], step) => {
          if (step === cut) detector = rule.detector(chosen, labels, detector.memory());
          if (move === 0) for (const each of [detector, uncut]) each.replace?.(step);
          if (move < 0) expect(detector.reset(step + move)).toEqual(uncut.reset(step + move));
          const verdict = detector.observe(pointOf(found, step), noPast, labels);
          expect(verdict).toEqual(uncut.observe(pointOf(found, step), noPast, labels));
          expect(detector.memory().length).toBeLessThanOrEqual(rule.memoryBound);
          if (verdict.kind !== "breach") return;
          for (const locale of locales) {
            expect(rule.say(verdict.evidence, locale, labels)).not.toMatch(/undefined|\[object|\n/);
          }
        });
        expect(detector.memory()).toEqual(uncut.memory());
      }),
      { numRuns: 300 },
    );
  });

  test("says nothing of scalars among its histograms that it would not say of a series of them", () => {
    if (rule.input === "both") return;
    const labels = labelSeries({ run: testRun, split: "", tag: "relu/weight" });
    const detector = rule.detector(chosen, labels);
    const memory = detector.memory();
    for (let step = 0; step < 20; step += 1) {
      expect(detector.observe({ step, wallTime: step, value: 0 }, noPast, labels).kind).toBe("ok");
    }
    expect(detector.memory()).toEqual(memory);
  });
});

test("a run with histograms is judged alike in small slices with its memory stored, and in one replay", async () => {
  const root = mkdtempSync(join(tmpdir(), "tb-histograms-"));
  try {
    const writer = new EventFileWriter(root, { wallTime: 1_790_000_000 });
    for (let step = 0; step < 400; step += 1) {
      const at = { step, wallTime: 1_790_000_000 + step };
      writer.scalar("loss", step, step === 200 ? NaN : 1 / (step + 1), at.wallTime);
      const max = step < 100 ? 0.5 : 0.5 + (Math.min(step, 300) % 80) / 8;
      const moments = { min: -0.5, max, num: 50, sum: step < 300 ? step : 300, sumSquares: 40 };
      writer.record(
        protoHistogram({ ...at, ...moments, tag: "fc.weight", limits: [0, max], counts: [25, 25] }),
      );
      const dead = step > 150 && step < 250 ? 95 : 20;
      const rows = [
        [0, 0.1, dead],
        [0.1, 1, 100 - dead],
      ] as const;
      writer.record(tensorHistogram({ ...at, tag: "relu/activations", rows }));
      writer.record(tensorHistogram({ ...at, tag: "x", rows: [[0, step === 77 ? NaN : 1, 3]] }));
    }
    writer.close();
    const source = openLogSource(root);
    const replayed = await replayRun({
      source,
      root,
      run: testRun,
      logRuns: [{ name: ".", split: "" }],
      settings,
      now: 0,
      onRuleFailure: ({ error }) => {
        throw error;
      },
    });
    let judge = new RunJudge({ run: testRun, settings });
    const series = new Map<SeriesKey, Uint8Array>();
    let cursor: LogRunCursor | undefined;
    const transitions = [];
    for (let more = true; more;) {
      const request = { root, logRun: ".", cursor, atMostBytes: 20_000, now: 0, patience: "live" } as const;
      const slice = await source.read({ ...request, histograms: judge.wantsHistograms });
      const feed = new SliceFeed("", slice, [judge]);
      feed.points({ from: 0, to: slice.points.length });
      feed.finish();
      transitions.push(...judge.drain());
      for (const key of judge.changedSeries()) series.set(key, judge.memoryOf(key));
      const memory = { series, run: judge.runMemory(), episodes: judge.openEpisodes() };
      judge = new RunJudge({ run: testRun, settings, memory });
      ({ cursor, more } = slice);
    }
    const rules = new Set(transitions.map(({ episode }) => episode.rule));
    for (const rule of ["dead_relu", "weights_exploding", "weights_unchanged", "non_finite"]) {
      expect(rules).toContain(rule);
    }
    expect(transitions).toEqual(replayed.transitions);
  } finally {
    rmSync(root, { recursive: true });
  }
});
