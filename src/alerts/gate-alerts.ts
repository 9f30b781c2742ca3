import { formatCount } from "../message/format-number.js";
import { isRuleId, ruleOf } from "../rules/rule-registry.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Episode, Transition } from "./episode.js";
import type { GateCheck, GateFinding } from "./gate-finding.js";

export interface AlertsQuestion {
  readonly run: string;
  readonly transitions: readonly Transition[];
  labelsOf(split: string, tag: string): SeriesLabels;
  readonly failOn: "warning" | "critical";
  /** Whether an alert that ended counts. */
  readonly resolved: "count" | "ignore";
}

/** The alerts of a run, each once and at its worst, in the order they fired; news of level info are none. */
export function judgeAlerts(question: AlertsQuestion): GateCheck {
  const episodes = new Map<string, Episode>();
  for (const { episode } of question.transitions) episodes.set(episode.id, episode);
  const findings: GateFinding[] = [];
  for (const episode of episodes.values()) {
    const { severity } = episode;
    if (severity === "info") continue;
    if (question.resolved === "ignore" && episode.resolved?.reason === "cleared") continue;
    findings.push({ ...findingOf(episode, question), severity });
  }
  return { name: question.failOn === "critical" ? "no critical alert" : "no alert", findings };
}

function findingOf(episode: Episode, question: AlertsQuestion): Omit<GateFinding, "severity"> {
  const { rule, split, tag, opened, resolved, severity, evidence } = episode;
  const end = resolved === undefined ? "" : `, over at step ${formatCount(resolved.step)}`;
  const say = isRuleId(rule) ? ruleOf(rule).say : undefined;
  return {
    rule,
    fails: severity === "critical" || question.failOn === "warning",
    run: question.run,
    split,
    tag,
    what: say?.(evidence, "en", question.labelsOf(split, tag)) ?? evidence.words?.en ?? rule,
    wanted: question.failOn === "critical" ? "no critical alert" : "no alert",
    found: `a ${severity === "critical" ? "critical alert" : severity}${end}`,
    step: opened.step,
  };
}
