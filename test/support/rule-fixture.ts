import { readdirSync, readFileSync } from "node:fs";
import { histogramPoint } from "../../src/alerts/histogram-point.js";
import type { Transition } from "../../src/alerts/episode.js";
import { RunJudge } from "../../src/alerts/run-judge.js";
import type { HistogramSummary } from "../../src/eventlog/histogram-summary.js";
import type { RunLength } from "../../src/rules/rule.js";
import { type RuleId, ruleOf } from "../../src/rules/rule-registry.js";
import type { RunSigns } from "../../src/rules/run-signs.js";
import { testRun } from "./judge-curve.js";

type Settings = Readonly<Record<string, unknown>>;
type Then = { readonly signs: RunSigns } | { readonly tick: number };

/** A small made-up life of a run that makes one rule speak, and settings at the edge where it does not (or otherwise). */
export interface RuleFixture {
  readonly about: string;
  readonly declares?: RunLength;
  readonly series: readonly { readonly split: string; readonly tag: string }[];
  /** Which series, step, wall time in seconds, value (a word where it is not finite). */
  readonly rows: readonly (readonly [number, number, number, number | string])[];
  /** Of the first series, a second apart. */
  readonly histograms?: readonly HistogramSummary[];
  readonly then?: readonly Then[];
  readonly settings?: Settings;
  readonly story: string;
  readonly edge: { readonly settings?: Settings; readonly upTo?: number; readonly story: string };
}

const folder = new URL("../fixtures/rules/", import.meta.url);

export function ruleFixtures(): readonly string[] {
  return readdirSync(folder).map((name) => name.replace(/\.json$/u, ""));
}

export function ruleFixture(id: string): RuleFixture {
  return JSON.parse(readFileSync(new URL(`${id}.json`, folder), "utf8")) as RuleFixture;
}

/** What the rule says of it: with other settings, or of its first rows only. */
export function livedThrough(
  id: RuleId,
  fixture: RuleFixture,
  { settings = fixture.settings ?? {}, upTo = Infinity }: Omit<RuleFixture["edge"], "story"> = {},
): readonly Transition[] {
  const judge = new RunJudge({
    run: testRun,
    settings: { rules: { [id]: [{ tags: ["*"], settings }] }, metrics: {}, overrides: [] },
    rules: [ruleOf(id)],
    onRuleFailure: ({ error }) => {
      throw error;
    },
  });
  if (fixture.declares !== undefined) judge.declare(fixture.declares);
  for (const [at, step, wallTime, value] of fixture.rows.slice(0, upTo)) {
    const { split = "", tag = "" } = fixture.series[at] ?? {};
    judge.observe(split, tag, { step, wallTime, value: Number(value) });
  }
  const { tag = "" } = fixture.series[0] ?? {};
  for (const [i, summary] of (fixture.histograms ?? []).slice(0, upTo).entries())
    judge.observe("", tag, histogramPoint({ tag, step: i, wallTime: i, at: 0, summary }));
  for (const act of fixture.then ?? []) {
    if ("signs" in act) judge.learn(act.signs);
    else judge.tick(act.tick);
  }
  return judge.drain();
}
