import { type Command, Option } from "commander";
import { dirname } from "node:path";
import { seriesName } from "../alerts/gate-series.js";
import type { Config } from "../app/config.js";
import { absolute } from "../app/environment.js";
import { ownRules } from "../app/own-rules.js";
import { settingsAt } from "../app/rules-at.js";
import { systemClock } from "../lib/clock.js";
import { parseDuration } from "../lib/duration.js";
import { loadBaseline } from "./check/load-baseline.js";
import { deliver, parseFormat, parseOutput, prepareOutputs } from "./check/deliver.js";
import { type GateAnswer, passGate } from "./check/follow.js";
import { comparedMetrics, type GateRules } from "./check/gate.js";
import { failuresOf, type GateReport } from "./check/report.js";
import { packageVersion } from "./check/package-version.js";
import { sayWaiting } from "./check/say-waiting.js";
import { untilThere } from "./check/until-there.js";
import { exitCodes, UsageError } from "./exit-codes.js";
import { openLogDirectory } from "./log-directory.js";
import { type Prepared, prepare } from "./prepare.js";
import { printable } from "./print.js";
import { stopSignal } from "./stop-signal.js";

/** `tensorbell check LOGDIR`: a gate for pipelines; 0 clean, 1 findings, 2 wrong usage or unreadable input, 130 interrupted. */
export function registerCheck(program: Command): void {
  program
    .command("check")
    .description("judge runs for a pipeline: exit 0 clean, 1 findings, 2 no answer")
    .argument("<logdir>", "directory with TensorBoard event files")
    .option("--baseline <dir|file>", "runs, or a file of `tensorbell baseline save`, to compare with")
    .option("--config <file>", "configuration file (default: ./tensorbell.yaml where it exists)")
    .option(
      "--fail-on <severity>",
      "alerts that fail: warning (and critical) or critical alone (default: warning, or check.failOn of the configuration)",
    )
    .option(
      "--run <pattern>",
      "only runs whose name matches (* = anything); may be repeated (default: all)",
      collect,
    )
    .option("--wait", "follow runs that still train until they end or fail the gate")
    .option(
      "--timeout <duration>",
      "how long --wait waits, such as 6h (default: check.timeout of the configuration)",
    )
    .option("--allow-empty", "a directory without runs is no error")
    .addOption(new Option("--json", "the same as --format json").conflicts("format"))
    .option("--format <format>", "text, json, junit, github, gitlab, markdown or sarif", "text")
    .option("--output <format=file>", "write a format into a file; may be repeated", collect)
    .addHelpText("after", examples)
    .action(async (logdir: string, options: CheckOptions) => {
      process.exitCode = await check(logdir, options);
    });
}

const examples = `
What is asked of runs beside the rules stands under "check" in tensorbell.yaml; docs/ci.md tells all of it.

  tensorbell check logs --fail-on critical
  tensorbell check logs --baseline baseline.json --output junit=junit.xml
  tensorbell check logs --wait --timeout 6h --format github`;

interface CheckOptions {
  readonly baseline?: string;
  readonly config?: string;
  readonly failOn?: string;
  readonly run?: readonly string[];
  readonly wait?: boolean;
  readonly timeout?: string;
  readonly allowEmpty?: boolean;
  readonly json?: boolean;
  readonly format: string;
  readonly output?: readonly string[];
}

async function check(logdir: string, options: CheckOptions): Promise<number> {
  const prepared = prepare(options.config);
  const format = options.json === true ? "json" : parseFormat(options.format, "--format");
  const outputs = (options.output ?? []).map(parseOutput).map(({ format, file }) => {
    return { format, file: absolute(file, prepared.folder) };
  });
  prepareOutputs(outputs);
  const signal = stopSignal();
  try {
    const report = await reportOn(logdir, options, { prepared, signal });
    await deliver(report, format, outputs);
    return failuresOf(report).length === 0 ? exitCodes.done : exitCodes.badNews;
  } catch (cause) {
    if (signal.aborted) return interrupted;
    throw cause;
  }
}

const interrupted = 130;

const nothingThere = { run: "", points: 0, checks: [{ name: "no runs, which is allowed", findings: [] }] };

async function reportOn(
  logdir: string,
  options: CheckOptions,
  { prepared, signal }: { readonly prepared: Prepared; readonly signal: AbortSignal },
): Promise<GateReport> {
  const { config } = prepared;
  const { quietFor } = config.check;
  const wait =
    options.wait === true
      ? { quietFor, timeout: timeoutOf(options.timeout) ?? config.check.timeout, began: systemClock.now() }
      : undefined;
  if (wait === undefined && options.timeout !== undefined) throw new UsageError("--timeout needs --wait");
  const failed = new Set<string>();
  const ruleFailed = (rule: string, sentence: string): void => {
    if (failed.has(rule)) return;
    failed.add(rule);
    process.stderr.write(`rule ${rule} failed and was set aside: ${printable(sentence)}\n`);
  };
  const own = { own_rules: config.own_rules, rule_modules: config.rule_modules, rules: config.rules };
  // Loaded here once, so that what is wrong with them is said before any run is read.
  await ownRules(own);
  // Of a baseline's runs only the values are asked.
  const reader = {
    settings: { metrics: config.metrics, overrides: [], rules: {} },
    signal,
    ruleFailed: () => undefined,
    clock: systemClock,
  };
  const rules = await rulesOf(options, prepared, reader);
  const patterns = options.run ?? config.check.runs;
  const path = absolute(logdir.replace(/^file:\/\//, ""), prepared.folder);
  const place = /^[a-z][a-z0-9+.-]+:\/\//.test(logdir) && !logdir.startsWith("file://") ? logdir : path;
  if (wait !== undefined) await untilThere(place, wait.timeout, signal);
  const opened = openLogDirectory(place);
  const answer = await passGate({
    source: opened.source,
    task: { root: opened.root, settings: settingsAt(config, opened.root), own, rules },
    signal,
    ruleFailed,
    clock: systemClock,
    patterns,
    wait,
    onWait: sayWaiting(),
  });
  if (wait !== undefined && process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  refuseUnreadable(answer, { place, patterns, isEmptyFine: options.allowEmpty === true });
  const { damaged } = answer;
  // Readers of reports take one without any test for a broken one.
  const runs = answer.runs.length > 0 ? answer.runs : [nothingThere];
  return { logdir, at: systemClock.now(), version: packageVersion(), runs, damaged };
}

type RulesReader = Omit<Parameters<typeof loadBaseline>[1], "now"> & { readonly clock: typeof systemClock };

async function rulesOf(options: CheckOptions, prepared: Prepared, reader: RulesReader): Promise<GateRules> {
  const { config, folder } = prepared;
  const { requirements, resolved, baseline } = config.check;
  const failOn = options.failOn ?? config.check.failOn;
  if (failOn !== "warning" && failOn !== "critical") {
    throw new UsageError(`--fail-on ${failOn}: expected warning or critical`);
  }
  const path = options.baseline === undefined ? configured(config) : absolute(options.baseline, folder);
  if (path === undefined) return { failOn, resolved, requirements, baseline: undefined };
  const { metrics, path: _, ...tolerance } = baseline;
  const known = await loadBaseline(path, { ...reader, now: reader.clock.now() }, metrics);
  const rules: GateRules = { failOn, resolved, requirements, baseline: { known, metrics, tolerance } };
  if (comparedMetrics(rules).length === 0) {
    const tags = known.metrics.map(seriesName).slice(0, 10).map(printable).join(", ");
    throw new UsageError(
      `check.baseline.metrics: ${path} has no metric like ${(metrics ?? []).join(" or ")}; it has ${tags || "none"}`,
    );
  }
  return rules;
}

function configured({ file, check: { baseline } }: Config): string | undefined {
  return baseline.path === undefined
    ? undefined
    : absolute(baseline.path, file === undefined ? "." : dirname(file));
}

function refuseUnreadable(
  { found, unreadable }: GateAnswer,
  asked: {
    readonly place: string;
    readonly patterns: readonly string[] | undefined;
    readonly isEmptyFine: boolean;
  },
): void {
  if (found.problems.length > 0) throw new UsageError(found.problems.map(printable).join("\n  "));
  if (unreadable.length > 0) {
    const named = unreadable.slice(0, 5).map(printable).join(", ") + (unreadable.length > 5 ? ", …" : "");
    throw new UsageError(
      `${asked.place}: not one point could be read of ${named}, for the files are damaged; tensorbell inspect shows where`,
    );
  }
  if (found.runs.length > 0 || asked.isEmptyFine) return;
  const { place, patterns = [] } = asked;
  throw new UsageError(
    found.all > 0
      ? `${place}: none of the runs there (${found.all}) matches ${patterns.map(printable).join(" or ")} (--allow-empty lets that pass)`
      : `${place}: no event files there (--allow-empty lets that pass)`,
  );
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0)
    throw new UsageError(`--timeout ${text}: expected a duration such as 90s or 6h`);
  return ms;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
