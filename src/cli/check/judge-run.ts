import type { GateRunReport } from "../../alerts/gate-finding.js";
import { sayRuleFailure } from "../../alerts/rule-failure.js";
import { type OwnRuleSources, withOwnRules } from "../../app/own-rules.js";
import type { LogSource } from "../../eventlog/log-source.js";
import type { RuleSettings } from "../../rules/effective-settings.js";
import type { FoundRun } from "./find-runs.js";
import { type GateRules, judgeRun, wantsSeries } from "./gate.js";
import { unlessStopped } from "../replay-run.js";
import { type Reader, readRun } from "./read-run.js";

/** What is asked of every run; survives the way to a thread. */
export interface GateTask {
  readonly root: string;
  readonly settings: RuleSettings;
  /** Rules of one's own, beside the registry's. */
  readonly own: OwnRuleSources;
  readonly rules: GateRules;
}

/** A run to look at, as it stands at `now` (ms). */
export interface AskedRun extends FoundRun {
  readonly now: number;
  /** Nothing was written for so long that nothing more is awaited. */
  readonly isQuiet: boolean;
}

/** What a look at a run gave; survives the way back. */
export interface Judged {
  readonly print: string;
  readonly isOver: boolean;
  readonly damaged: number;
  readonly report: GateRunReport;
  readonly failures: readonly { readonly rule: string; readonly sentence: string }[];
}

/** Reads a run and judges it by everything the gate asks. */
export async function judgeFound(
  source: LogSource,
  { root, settings, own, rules }: GateTask,
  { run, signal }: { readonly run: AskedRun; readonly signal: AbortSignal },
): Promise<Judged> {
  const failures: { rule: string; sentence: string }[] = [];
  const reader: Reader = {
    source,
    root,
    settings: await withOwnRules(settings, own),
    signal,
    now: run.now,
    wants: (labels) => wantsSeries(rules, labels),
    ruleFailed: (failure) =>
      failures.push({ rule: failure.rule, sentence: sayRuleFailure(run.name, failure) }),
  };
  const reading = await unlessStopped(() => {
    failures.length = 0;
    return readRun(reader, run);
  });
  // Steps are counted from 0 by most writers: the last of n is n − 1.
  const isComplete = reading.declared !== undefined && reading.lastStep >= reading.declared - 1;
  const isOver = run.isQuiet || isComplete;
  const { print } = run;
  return { print, isOver, damaged: reading.damaged, report: judgeRun(rules, reading, isOver), failures };
}
