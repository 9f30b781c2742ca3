import { isAlert } from "../../alerts/is-alert.js";
import type { Episode } from "../../alerts/episode.js";
import { sayRuleFailure } from "../../alerts/rule-failure.js";
import { type OwnRuleSources, withOwnRules } from "../../app/own-rules.js";
import type { LogSource } from "../../eventlog/log-source.js";
import type { Locale } from "../../lib/locale.js";
import type { RuleSettings } from "../../rules/effective-settings.js";
import { isRuleId, ruleOf } from "../../rules/rule-registry.js";
import { watchIdOf } from "../../series/run.js";
import type { ReplayedAlert } from "../replay-report.js";
import { replayRun, replayRunTwice, type ReplayedRun, type RunOnDisk, unlessStopped } from "../replay-run.js";
import { drawAlerts } from "./draw-alerts.js";
import type { FoundRun } from "./runs-on-disk.js";

/** What to do with every run; survives the way to a worker thread. */
export interface ReplayTask {
  readonly root: string;
  readonly settings: RuleSettings;
  /** Judged beside `settings`, for a comparison. */
  readonly other?: RuleSettings | undefined;
  /** Rules of one's own, beside the registry's, for each of the two. */
  readonly own?: OwnRuleSources | undefined;
  readonly otherOwn?: OwnRuleSources | undefined;
  readonly locale: Locale;
  /** Whether each alert's curve is drawn. */
  readonly draws: boolean;
  /** Milliseconds. */
  readonly now: number;
}

/** What one run gave; survives the way back. */
export interface RunOutcome {
  readonly alerts: readonly ReplayedAlert[];
  /** With the other settings, where there are any. */
  readonly others: readonly ReplayedAlert[];
  readonly points: number;
  readonly damaged: number;
  readonly failures: readonly { readonly rule: string; readonly sentence: string }[];
  /** Curves as SVG by `curveKey`. */
  readonly curves: ReadonlyMap<string, string>;
}

/** Replays one run. */
export async function replayTask(source: LogSource, task: ReplayTask, found: FoundRun): Promise<RunOutcome> {
  const failures: { rule: string; sentence: string }[] = [];
  const onDisk: RunOnDisk = {
    source,
    root: task.root,
    run: { watch: watchIdOf(task.root), name: found.name },
    logRuns: found.logRuns,
    settings: await withOwn(task.settings, task.own),
    now: task.now,
    onRuleFailure: (failure) =>
      failures.push({ rule: failure.rule, sentence: sayRuleFailure(found.name, failure) }),
  };
  const otherSettings = task.other && (await withOwn(task.other, task.otherOwn));
  const [replayed, other] = await unlessStopped(async () => {
    failures.length = 0;
    return otherSettings === undefined
      ? ([await replayRun(onDisk), undefined] as const)
      : replayRunTwice(onDisk, otherSettings);
  });
  const alerts = alertsOf(found.name, replayed, task.locale);
  const others = other === undefined ? [] : alertsOf(found.name, other, task.locale);
  const curves = task.draws ? await drawAlerts(onDisk, [...alerts, ...others], task.locale) : new Map();
  return { alerts, others, points: replayed.points, damaged: replayed.damaged, failures, curves };
}

async function withOwn(settings: RuleSettings, own: OwnRuleSources | undefined): Promise<RuleSettings> {
  return own === undefined ? settings : withOwnRules(settings, own);
}

/** One alert per episode, in the order they fired, as each stood in the end. */
function alertsOf(run: string, replayed: ReplayedRun, locale: Locale): readonly ReplayedAlert[] {
  const episodes = new Map<string, Episode>();
  for (const { episode } of replayed.transitions) episodes.set(episode.id, episode);
  return [...episodes.values()]
    .filter((episode) => isAlert(episode) && episode.flapping !== "quiet")
    .map((episode) => {
      const labels = replayed.labelsOf(episode.split, episode.tag);
      const say = isRuleId(episode.rule) ? ruleOf(episode.rule).say : undefined;
      const words = episode.evidence.words?.[locale] ?? episode.rule;
      return { run, episode, message: say?.(episode.evidence, locale, labels) ?? words };
    });
}
