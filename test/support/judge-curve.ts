import type { Transition } from "../../src/alerts/episode.js";
import { RunJudge } from "../../src/alerts/run-judge.js";
import type { RuleId } from "../../src/rules/rule-registry.js";
import { watchIdOf } from "../../src/series/run.js";

export interface Curve {
  readonly rule: RuleId;
  readonly values: readonly number[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly tag?: string;
  readonly split?: string;
  /** The index by default. */
  readonly steps?: readonly number[];
}

export const testRun = { watch: watchIdOf("/logs"), name: "run" };

/** What one rule says of one curve: transitions, with the index of the point as wall time. */
export function judgeCurve({
  rule,
  values,
  settings = {},
  tag = "loss",
  split = "",
  steps,
}: Curve): Transition[] {
  const judge = new RunJudge({
    run: testRun,
    settings: { rules: { [rule]: [{ tags: ["*"], settings }] }, metrics: {}, overrides: [] },
  });
  values.forEach((value, i) => judge.observe(split, tag, { step: steps?.[i] ?? i, wallTime: i, value }));
  return judge.drain().filter(({ episode }) => episode.rule === rule);
}

/** `fired@5 resolved@9`: kinds and the indices of the points they happened at. */
export function story(transitions: readonly Transition[]): string {
  return transitions
    .map(({ kind, episode }) => {
      const at = episode.resolved?.wallTime ?? episode.opened.wallTime;
      const reason = episode.resolved?.reason;
      return `${kind}@${at}${reason === undefined || reason === "cleared" ? "" : `:${reason}`}`;
    })
    .join(" ");
}
