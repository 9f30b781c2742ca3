import { isRuleId, ruleOf } from "../rules/rule-registry.js";
import type { Episode } from "./episode.js";

/** Whether an episode is something to tell: not one still pending, nor a state of the run, which lists and the root show. */
export function isAlert({ rule, state }: Pick<Episode, "rule" | "state">): boolean {
  return state !== "pending" && !(isRuleId(rule) && ruleOf(rule).isState === true);
}

type Told = Pick<Episode, "rule" | "state" | "split" | "tag" | "opened">;

/** Those of a run's open episodes that are alerts, each thing that happened once: a spike where the series jumped too is that jump. */
export function openAlerts<One extends Told>(open: readonly One[]): readonly One[] {
  const alerts = open.filter(isAlert);
  const jumps = alerts.filter(({ rule }) => rule === "jump");
  const isEcho = (one: One): boolean =>
    one.rule === "spike" &&
    jumps.some(
      ({ split, tag, opened }) => split === one.split && tag === one.tag && opened.step === one.opened.step,
    );
  return alerts.filter((one) => !isEcho(one));
}
