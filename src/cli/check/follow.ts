import { setTimeout as pause } from "node:timers/promises";
import { gateDemands, type GateRunReport } from "../../alerts/gate-finding.js";
import type { LogSource } from "../../eventlog/log-source.js";
import type { Clock } from "../../lib/clock.js";
import { formatDuration } from "../../lib/duration.js";
import { ProgressBar } from "../progress-bar.js";
import { overThreads } from "../threads.js";
import { type FoundRuns, findRuns } from "./find-runs.js";
import { covers, type GateRules } from "./gate.js";
import { type AskedRun, type GateTask, judgeFound, type Judged } from "./judge-run.js";

export interface GateQuestion {
  readonly source: LogSource;
  readonly task: GateTask;
  readonly signal: AbortSignal;
  readonly ruleFailed: (rule: string, sentence: string) => void;
  readonly patterns: readonly string[] | undefined;
  readonly clock: Clock;
  /** Milliseconds, and when the waiting began; without it the runs are judged as they stand. */
  readonly wait: { readonly quietFor: number; readonly timeout: number; readonly began: number } | undefined;
  /** Hears after every look that was not the last one. */
  readonly onWait?: (news: WaitNews) => void;
}

export interface GateAnswer {
  readonly runs: readonly GateRunReport[];
  readonly found: FoundRuns;
  readonly damaged: number;
  /** Runs that hold damage and not one point. */
  readonly unreadable: readonly string[];
}

/** What the gate waits for. */
export interface WaitNews {
  /** Milliseconds. */
  readonly now: number;
  readonly runs: number;
  /** The runs that still train. */
  readonly open: readonly string[];
  readonly points: number;
}

const pauseMs = 1_000;
/** Looking again may take a tenth of the time at most. */
const idleShare = 9;

/** Judges the runs on disk; where it waits, looks again until all of them are over, one fails the gate, or the time is up. */
export async function passGate(question: GateQuestion): Promise<GateAnswer> {
  const { clock, wait, signal } = question;
  const judged = new Map<string, Judged>();
  for (;;) {
    signal.throwIfAborted();
    const lookedAt = clock.now();
    const place = { source: question.source, root: question.task.root };
    const found = await findRuns(place, question.patterns, lookedAt);
    await judgeChanged(question, found, judged);
    const reports = found.runs.flatMap(({ name }) => judged.get(name) ?? []);
    const answer = answerOf(question, found, reports);
    const isOver = found.runs.length > 0 && reports.every((report) => report.isOver);
    if (wait === undefined || isOver || answer.runs.some(hasFailed)) return answer;
    const now = clock.now();
    const left = wait.began + wait.timeout - now;
    if (left <= 0) return { ...answer, runs: [...answer.runs, timedOut(wait.timeout, reports)] };
    question.onWait?.({ now, ...waitingFor(reports) });
    const rest = Math.max(pauseMs, (now - lookedAt) * idleShare);
    await pause(Math.min(rest, left), undefined, { signal });
  }
}

async function judgeChanged(
  { source, task, signal, ruleFailed, clock, wait }: GateQuestion,
  found: FoundRuns,
  judged: Map<string, Judged>,
): Promise<void> {
  const now = clock.now();
  const runs = found.runs.flatMap((run): readonly AskedRun[] => {
    const isQuiet = wait === undefined || now - run.writtenAt >= wait.quietFor;
    const known = judged.get(run.name);
    const isNews = known?.print !== run.print || (isQuiet && !known.isOver);
    return isNews ? [{ ...run, now, isQuiet }] : [];
  });
  const progress = new ProgressBar(runs.length);
  try {
    const outcomes = await overThreads({
      task,
      runs,
      module: new URL("gate-worker.js", import.meta.url),
      here: (run) => judgeFound(source, task, { run, signal }),
      onDone: () => progress.advance(),
      signal,
    });
    for (const outcome of outcomes) {
      judged.set(outcome.report.run, outcome);
      for (const { rule, sentence } of outcome.failures) ruleFailed(rule, sentence);
    }
  } finally {
    progress.end();
  }
}

function answerOf(
  { task: { rules } }: GateQuestion,
  found: FoundRuns,
  judged: readonly Judged[],
): GateAnswer {
  const reports = judged.map(({ report }) => report);
  const isOver = judged.every((one) => one.isOver);
  const unmet = isOver && reports.length > 0 ? missingRuns(rules, reports) : [];
  return {
    runs: [...reports, ...unmet],
    found,
    damaged: judged.reduce((sum, { damaged }) => sum + damaged, 0),
    unreadable: judged.flatMap(({ damaged, report }) =>
      damaged > 0 && report.points === 0 ? [report.run] : [],
    ),
  };
}

/** Requirements that no run had to keep: a gate that asks nobody would be open by mistake. */
function missingRuns(rules: GateRules, reports: readonly GateRunReport[]): readonly GateRunReport[] {
  const idle = rules.requirements.filter(({ runs }) => !reports.some(({ run }) => covers(runs, run)));
  return idle.map(({ metric, runs = [] }) => {
    const wanted = `a run like ${runs.join(" or ")}`;
    const what = `no run has to keep what is asked of ${metric}`;
    const finding = { ...failing, rule: "missing_run", tag: metric, what, wanted, found: "no such run" };
    return { run: "", points: 0, checks: [{ name: gateDemands.missing_run.summary, findings: [finding] }] };
  });
}

function waitingFor(judged: readonly Judged[]): Omit<WaitNews, "now"> {
  const open = judged.filter(({ isOver }) => !isOver).map(({ report }) => report.run);
  const points = judged.reduce((sum, { report }) => sum + report.points, 0);
  return { runs: judged.length, open, points };
}

function timedOut(timeout: number, judged: readonly Judged[]): GateRunReport {
  const { open } = waitingFor(judged);
  const named = open.slice(0, 5).join(", ") + (open.length > 5 ? ` and ${open.length - 5} more` : "");
  const finding = {
    ...failing,
    rule: "timed_out",
    tag: "",
    what: "timed out waiting for the runs to end",
    wanted: `all runs over within ${formatDuration(timeout)}`,
    found: open.length === 0 ? "no run yet" : `still going on: ${named}`,
  };
  return { run: "", points: 0, checks: [{ name: gateDemands.timed_out.summary, findings: [finding] }] };
}

const failing = { severity: "critical", fails: true, run: "", split: "" } as const;

function hasFailed({ checks }: GateRunReport): boolean {
  return checks.some(({ findings }) => findings.some(({ fails }) => fails));
}
