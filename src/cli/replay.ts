import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { Config } from "../app/config.js";
import { type OwnRuleSources, ownRules } from "../app/own-rules.js";
import { settingsAt } from "../app/rules-at.js";
import { systemClock } from "../lib/clock.js";
import { type OpenedLogDirectory, openLogDirectory } from "./log-directory.js";
import { prepare } from "./prepare.js";
import { print, printable } from "./print.js";
import { ProgressBar } from "./progress-bar.js";
import { jsonReport, tableReport } from "./replay-report.js";
import { compareAlerts, jsonComparison, tableComparison } from "./replay/compare-alerts.js";
import { htmlReport } from "./replay/html-report.js";
import { replayAll } from "./replay/replay-all.js";
import type { ReplayTask, RunOutcome } from "./replay/replay-task.js";
import { findRuns } from "./replay/runs-on-disk.js";
import { mostJobs } from "./threads.js";
import { refuseUnwritable, writeWhole } from "./whole-file.js";

interface ReplayOptions {
  readonly json?: boolean;
  readonly config?: string;
  readonly compare?: string;
  readonly html?: string;
  readonly jobs?: number;
}

/** `tensorbell replay LOGDIR`: what the rules would have said of the runs on disk, without Redis; a report, so the exit code is 0 whatever it found. */
export function registerReplay(program: Command): void {
  program
    .command("replay")
    .description("run the rules over what is on disk and print the alerts they would have raised")
    .argument("<logdir>", "directory with TensorBoard event files")
    .option("--json", "machine-readable: alerts, runs, points")
    .option("--config <file>", "configuration file (default: ./tensorbell.yaml where it exists)")
    .option("--compare <file>", "another configuration file: what would change")
    .option("--html <file>", "also write a page with the curve of every alert")
    .option("--jobs <n>", "threads (default: one a core, fewer for little data)", jobsOf)
    .addHelpText(
      "after",
      `\n  tensorbell replay logs --html report.html\n  tensorbell replay logs --compare stricter.yaml`,
    )
    .action(async (logdir: string, options: ReplayOptions) => {
      const { config, folder } = prepare(options.config);
      const other = options.compare === undefined ? undefined : prepare(options.compare).config;
      const opened = openLogDirectory(logdir);
      const html = options.html === undefined ? undefined : resolve(folder, options.html);
      // Said before hours of work, not after.
      if (html !== undefined) refuseUnwritable(html);
      const task: ReplayTask = {
        root: opened.root,
        settings: settingsAt(config, opened.root),
        other: other === undefined ? undefined : settingsAt(other, opened.root),
        own: await ownOf(config),
        otherOwn: other === undefined ? undefined : await ownOf(other),
        locale: "en",
        draws: html !== undefined,
        now: systemClock.now(),
      };
      const outcomes = await replay(opened, task, options.jobs);
      const totals = {
        runs: outcomes.length,
        points: sum(outcomes, ({ points }) => points),
        damaged: sum(outcomes, ({ damaged }) => damaged),
      };
      const compared = outcomes.flatMap(({ alerts, others }) => compareAlerts(alerts, others));
      const alerts = outcomes.flatMap((outcome) => outcome.alerts);
      if (html !== undefined) {
        const page = {
          ...totals,
          title: opened.root,
          compares: other !== undefined,
          outcomes,
          locale: task.locale,
        };
        writeWhole(html, htmlReport(page));
        process.stderr.write(`wrote ${html}\n`);
      }
      if (other === undefined) {
        const report = { ...totals, alerts };
        await print(options.json === true ? jsonReport(report) : tableReport(report));
      } else {
        const report = { ...totals, alerts: compared };
        await print(options.json === true ? jsonComparison(report) : tableComparison(report));
      }
    });
}

async function replay(
  opened: OpenedLogDirectory,
  task: ReplayTask,
  jobs: number | undefined,
): Promise<readonly RunOutcome[]> {
  const { runs, problems } = await findRuns(opened, task.now);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const progress = new ProgressBar(runs.length);
  const outcomes = await replayAll({
    source: opened.source,
    task,
    runs,
    jobs,
    onDone: () => progress.advance(),
  });
  progress.end();
  const failed = new Set<string>();
  for (const { rule, sentence } of outcomes.flatMap(({ failures }) => failures)) {
    if (failed.has(rule)) continue;
    failed.add(rule);
    process.stderr.write(`rule ${rule} failed and was set aside: ${printable(sentence)}\n`);
  }
  return outcomes;
}

/** Loaded here once, so that what is wrong with them is said before any run is read. */
async function ownOf({ own_rules, rule_modules, rules }: Config): Promise<OwnRuleSources> {
  const own = { own_rules, rule_modules, rules };
  await ownRules(own);
  return own;
}

function jobsOf(word: string): number {
  const jobs = Number(word);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= mostJobs) return jobs;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${mostJobs}.`);
}

function sum(outcomes: readonly RunOutcome[], of: (outcome: RunOutcome) => number): number {
  return outcomes.reduce((total, outcome) => total + of(outcome), 0);
}
