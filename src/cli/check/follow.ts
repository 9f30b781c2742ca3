import { setTimeout as pause } from "node:timers/promises";
import { gateDemands, type GateRunReport } from "../../alerts/gate-finding.js";
import type { Clock } from "../../lib/clock.js";
import { formatDuration } from "../../lib/duration.js";
import { ProgressBar } from "../progress-bar.js";
import { type FoundRun, type FoundRuns, findRuns } from "./find-runs.js";
import { covers, type GateRules, judgeRun, wantsSeries } from "./gate.js";
import { readRun, type Reader } from "./read-run.js";

export interface GateQuestion extends Pick<Reader, "source" | "root" | "settings" | "signal" | "ruleFailed"> {
  readonly patterns: readonly string[] | undefined;
  readonly rules: GateRules;
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

interface Judged {
  readonly print: string;
  readonly isOver: boolean;
  readonly damaged: number;
  readonly report: GateRunReport;
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
    const found = await findRuns(question, question.patterns, lookedAt);
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
  question: GateQuestion,
  found: FoundRuns,
  judged: Map<string, Judged>,
): Promise<void> {
  const progress = new ProgressBar(found.runs.length);
  try {
    for (const run of found.runs) {
      const now = question.clock.now();
      const isQuiet = question.wait === undefined || now - run.writtenAt >= question.wait.quietFor;
      const known = judged.get(run.name);
      if (known?.print !== run.print || (isQuiet && !known.isOver)) {
        judged.set(run.name, await judge(question, run, isQuiet));
      }
      progress.advance();
    }
  } finally {
    progress.end();
  }
}

async function judge(question: GateQuestion, run: FoundRun, isQuiet: boolean): Promise<Judged> {
  const { rules, clock } = question;
  const wants: Reader["wants"] = (labels) => wantsSeries(rules, labels);
  const reading = await readRun({ ...question, now: clock.now(), wants }, run);
  // Steps are counted from 0 by most writers: the last of n is n − 1.
  const isComplete = reading.declared !== undefined && reading.lastStep >= reading.declared - 1;
  const isOver = isQuiet || isComplete;
  const { print } = run;
  return { print, isOver, damaged: reading.damaged, report: judgeRun(rules, reading, isOver) };
}

function answerOf({ rules }: GateQuestion, found: FoundRuns, judged: readonly Judged[]): GateAnswer {
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
