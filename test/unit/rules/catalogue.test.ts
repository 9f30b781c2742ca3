import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { readLabelledSeries } from "../../../bench/detection/labelled-series.js";
import { RunJudge } from "../../../src/alerts/run-judge.js";
import type { Transition } from "../../../src/alerts/episode.js";
import { type RuleId, ruleIds, ruleOf } from "../../../src/rules/rule-registry.js";
import type { RunSigns } from "../../../src/rules/run-signs.js";
import { story, testRun } from "../../support/judge-curve.js";
import { livedThrough, ruleFixture, ruleFixtures } from "../../support/rule-fixture.js";

/** A real curve by its id, and what happens after it; or why none of the set can show the rule. */
interface RealCurve {
  readonly id: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Steps it declares. */
  readonly steps?: number;
  readonly signs?: readonly RunSigns[];
  /** Seconds after its last point. */
  readonly silence?: number;
  /** With the steps of the points at which it happened. */
  readonly says: string;
}

const usual = "healthy-2c5ba7bdf4";
const noHistograms = "the curves are scalars only";
const real: Readonly<Record<RuleId, RealCurve | string>> = {
  non_finite: { id: "nonfinite-dc84ca1637", says: "fired@48" },
  hidden_nan: { id: "injzeroloss-ca1a60e4ac", says: "fired@41000" },
  explosion: { id: "nonfinite-dc84ca1637", says: "fired@45" },
  divergence: { id: "injspikedecay-47697489e6", says: "fired@25200 resolved@27700" },
  jump: { id: "nonfinite-01bacf6af4", says: "fired@18818 resolved@39386" },
  spike: { id: "injspikedecay-47697489e6", says: "fired@23900 resolved@25300" },
  eval_drop: { id: "collapsed-5930d553fb", says: "fired@9655" },
  no_learning: { id: "diverged-0242c54c08", says: "fired@12016" },
  plateau: { id: "healthy-3d9cad0d44", says: "fired@124000 resolved@131500" },
  overfit: { id: "diverged-ffec438229", says: "" },
  oscillation: { id: "diverged-a104d6aca8", says: "fired@37993" },
  reset: { id: "diverged-0242c54c08", says: "fired@33927" },
  grad_exploding: { id: "nonfinite-28c9550fc2", says: "fired@47" },
  grad_vanishing: { id: "nonfinite-28c9550fc2", says: "" },
  consecutive_rise: { id: "nonfinite-80b777dda1", says: "fired@56" },
  consecutive_drop: { id: "collapsed-5930d553fb", says: "fired@9655" },
  lr_anomaly: "there are no learning rates among the curves",
  threshold: { id: usual, settings: { op: "<", value: 3, clear: 6 }, says: "fired@14900" },
  throughput_drop: { id: usual, says: "" },
  missing_metric: { id: usual, settings: { required: "val/*" }, says: "fired@20700" },
  gpu_idle: "there is no utilisation among the curves",
  stalled: { id: usual, silence: 7_200, says: "fired@149900" },
  crashed: { id: usual, steps: 1_000_000, signs: [{ leased: true }, {}], says: "fired@149900" },
  finished: { id: usual, steps: 150_000, says: "fired@148500" },
  silent: { id: usual, silence: 7_200, says: "fired@149900" },
  dead_relu: noHistograms,
  all_zero: noHistograms,
  weights_exploding: noHistograms,
  weights_unchanged: noHistograms,
  variance: noHistograms,
};

describe("a made-up curve of each rule", () => {
  it("exists of every rule of the registry, and of no other", () => {
    expect([...ruleFixtures()].sort()).toEqual([...ruleIds].sort());
  });

  test.each(ruleIds)("%s", (id) => {
    const fixture = ruleFixture(id);
    const { about, edge } = fixture;
    expect(fixture.story, about).toMatch(/^fired@/u);
    expect(story(livedThrough(id, fixture)), about).toBe(fixture.story);
    expect(edge.story, "the edge is another story").not.toBe(fixture.story);
    expect(story(livedThrough(id, fixture, edge)), `${about} At the edge.`).toBe(edge.story);
  });
});

it("every rule has its boundary cases in a table", () => {
  const folder = new URL("builtin/", import.meta.url);
  const tables = readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .filter((text) => /\b(?:test|it)\.each/u.test(text));
  const lacking = ruleIds.filter((id) => {
    const inWords = new RegExp(`["'\`]${id}\\b|describe\\("(?:/tb )?${id}"|\\b${asVariable(id)}\\b`, "u");
    return !tables.some((text) => inWords.test(text));
  });
  expect(lacking).toEqual([]);
});

const folder = process.env["DETECTION_DATA"] ?? "";
const isThere = existsSync(`${folder}/healthy.jsonl`);

describe(`real curves${isThere ? "" : " (skipped: DETECTION_DATA names no folder of labelled curves)"}`, () => {
  const known = isThere
    ? new Map(readLabelledSeries(folder).map((series) => [series.id, series]))
    : undefined;

  it.skipIf(!isThere).each(
    ruleIds.flatMap((id): [RuleId, RealCurve][] => {
      const curve = real[id];
      return typeof curve === "string" ? [] : [[id, curve]];
    }),
  )("%s", (id, { id: name, settings = {}, steps, signs = [], silence, says }) => {
    const series = known?.get(name);
    if (series === undefined) throw new Error(`no curve ${name}`);
    const judge = new RunJudge({
      run: testRun,
      settings: { rules: { [id]: [{ tags: ["*"], settings }] }, metrics: {}, overrides: [] },
      rules: [ruleOf(id)],
    });
    if (steps !== undefined) judge.declare({ steps });
    series.values.forEach((value, i) => {
      judge.observe("", series.tag, { step: series.steps[i] ?? 0, wallTime: series.times[i] ?? 0, value });
    });
    for (const sign of signs) judge.learn(sign);
    if (silence !== undefined) judge.tick((series.times.at(-1) ?? 0) + silence);
    expect(inSteps(judge.drain())).toBe(says);
  });
});

function inSteps(transitions: readonly Transition[]): string {
  return transitions
    .map(({ kind, episode }) => `${kind}@${episode.resolved?.step ?? episode.opened.step}`)
    .join(" ");
}

function asVariable(id: string): string {
  return id.replaceAll(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase());
}
