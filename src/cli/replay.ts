import type { Command } from "commander";
import type { Episode } from "../alerts/episode.js";
import { systemClock } from "../lib/clock.js";
import type { RuleSettings } from "../rules/effective-settings.js";
import { isRuleId, ruleOf } from "../rules/rule-registry.js";
import { groupLogRuns } from "../series/group-log-runs.js";
import { watchIdOf } from "../series/run.js";
import { findLogRuns, type OpenedLogDirectory, openLogDirectory } from "./log-directory.js";
import { prepare } from "./prepare.js";
import { print, refuse } from "./print.js";
import { type ReplayedAlert, type ReplayReport, jsonReport, tableReport } from "./replay-report.js";
import { type ReplayedRun, replayRun } from "./replay-run.js";

/** `tensorbell replay LOGDIR`: what the rules would have said of the runs on disk, without Redis; a report, so the exit code is 0 whatever it found. */
export function registerReplay(program: Command): void {
  program
    .command("replay")
    .description("run the rules over what is on disk and print the alerts they would have raised")
    .argument("<logdir>", "directory with TensorBoard event files")
    .option("--json", "machine-readable: alerts, runs, points")
    .option("--config <file>", "configuration file (default: ./tensorbell.yaml where it exists)")
    .action(async (logdir: string, options: { readonly json?: boolean; readonly config?: string }) => {
      const { config } = prepare(options.config);
      const opened = openLogDirectory(logdir);
      if (opened.kind === "problem") {
        refuse(opened.problem);
        return;
      }
      const report = await replay(opened, { rules: config.rules, metrics: config.metrics, overrides: [] });
      await print(options.json === true ? jsonReport(report) : tableReport(report));
    });
}

async function replay(opened: OpenedLogDirectory, settings: RuleSettings): Promise<ReplayReport> {
  const { source, root } = opened;
  const now = systemClock.now();
  const { logRuns, problems } = await findLogRuns(opened, now);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const runs = runsOf(logRuns);
  const alerts: ReplayedAlert[] = [];
  const failed = new Set<string>();
  const progress = new Progress(runs.size);
  let points = 0;
  let damaged = 0;
  for (const [name, parts] of runs) {
    const replayed = await replayRun({
      source,
      root,
      run: { watch: watchIdOf(root), name },
      logRuns: parts,
      settings,
      now,
      onRuleFailure: ({ rule, error }) => {
        if (failed.has(rule)) return;
        failed.add(rule);
        process.stderr.write(`rule ${rule} failed and was set aside: ${String(error)}\n`);
      },
    });
    points += replayed.points;
    damaged += replayed.damaged;
    alerts.push(...alertsOf(name, replayed));
    progress.advance(systemClock.now());
  }
  progress.end();
  return { alerts, runs: runs.size, points, damaged };
}

/** Runs in the order of their first log run, each with its log runs in name order. */
function runsOf(logRuns: readonly string[]): ReadonlyMap<string, { name: string; split: string }[]> {
  const places = groupLogRuns(logRuns);
  const runs = new Map<string, { name: string; split: string }[]>();
  for (const name of logRuns) {
    const { run, split } = places.get(name) ?? { run: name, split: "" };
    const parts = runs.get(run) ?? [];
    parts.push({ name, split });
    runs.set(run, parts);
  }
  return runs;
}

/** One alert per episode, in the order they fired, as each stood in the end. */
function alertsOf(run: string, replayed: ReplayedRun): readonly ReplayedAlert[] {
  const episodes = new Map<string, Episode>();
  for (const { episode } of replayed.transitions) episodes.set(episode.id, episode);
  return [...episodes.values()].map((episode) => {
    const labels = replayed.labelsOf(episode.split, episode.tag);
    const say = isRuleId(episode.rule) ? ruleOf(episode.rule).say : undefined;
    return { run, episode, message: say?.(episode.evidence, "en", labels) ?? episode.rule };
  });
}

/** A line on the terminal that says how far a long replay is; silent elsewhere and while it is quick. */
class Progress {
  readonly #runs: number;
  #done = 0;
  #shownAt = 0;
  #isShown = false;

  constructor(runs: number) {
    this.#runs = runs;
  }

  advance(now: number): void {
    this.#done += 1;
    if (!process.stderr.isTTY) return;
    if (this.#shownAt === 0) this.#shownAt = now + 400;
    if (now < this.#shownAt) return;
    this.#shownAt = now + 100;
    this.#isShown = true;
    process.stderr.write(`\rreplaying: ${this.#done} of ${this.#runs} runs`);
  }

  end(): void {
    if (this.#isShown) process.stderr.write("\r\u001b[K");
  }
}
