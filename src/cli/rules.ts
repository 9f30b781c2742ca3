import type { Command } from "commander";
import { logRunSlices } from "../eventlog/log-run-slices.js";
import { matchesGlob } from "../lib/glob.js";
import { systemClock } from "../lib/clock.js";
import { formatCount, formatNumber } from "../message/format-number.js";
import { plainSentence } from "../message/plain-name.js";
import type { RuleSettings } from "../rules/effective-settings.js";
import { ruleIds, ruleOf } from "../rules/rule-registry.js";
import { labelSeries } from "../series/label-series.js";
import type { SeriesLabels } from "../series/labels.js";
import { watchIdOf } from "../series/run.js";
import { settingsAt } from "../app/rules-at.js";
import { withOwnRules } from "../app/own-rules.js";
import { UsageError } from "./exit-codes.js";
import { type OpenedLogDirectory, openLogDirectory } from "./log-directory.js";
import { prepare } from "./prepare.js";
import { print, printable } from "./print.js";
import { ProgressBar } from "./progress-bar.js";
import { columns, countedRuns } from "./replay-report.js";
import { findRuns } from "./replay/runs-on-disk.js";
import { idleMetrics } from "./idle-metrics.js";
import { ruleInForce, type RuleInForce } from "./rules-origin.js";

interface RulesOptions {
  readonly run?: string;
  readonly json?: boolean;
  readonly config?: string;
}

/** `tensorbell rules LOGDIR`: which rules judge which series on disk, with what settings, and where each came from. */
export function registerRules(program: Command): void {
  program
    .command("rules")
    .description("the rules in force for what is on disk, their settings, and where each came from")
    .argument("<logdir>", "directory with TensorBoard event files")
    .option("--run <pattern>", "only runs whose name matches (* = anything; default: all)")
    .option("--json", "machine-readable: every rule of every series")
    .option("--config <file>", "configuration file (default: ./tensorbell.yaml where it exists)")
    .addHelpText("after", `\n  tensorbell rules logs --run 'exp/*'`)
    .action(async (logdir: string, options: RulesOptions) => {
      const { config } = prepare(options.config);
      const opened = openLogDirectory(logdir);
      const { series, runs } = await readSeries(opened, options.run ?? "*", config.metrics);
      if (options.run !== undefined && runs === 0) {
        throw new UsageError(
          `no run matches ${printable(options.run)}; tensorbell inspect ${printable(logdir)} lists them`,
        );
      }
      const settings = await withOwnRules(settingsAt(config, opened.root), config);
      const inForce = series.flatMap((labels) => rulesOf(labels, settings));
      if (options.json === true) {
        await print(asJson(inForce));
        return;
      }
      const idle = idleMetrics(config.own_rules, series).map((line) => `${line}\n`);
      await print(`${asTable(inForce, { series: series.length, runs })}${idle.join("")}`);
    });
}

interface JudgedSeries {
  readonly labels: SeriesLabels;
  readonly rule: RuleInForce;
}

function rulesOf(labels: SeriesLabels, settings: RuleSettings): readonly JudgedSeries[] {
  const all = [...ruleIds.map((id) => ruleOf(id)), ...(settings.extra ?? [])];
  return all.flatMap((rule) => {
    if ((rule.scope === "run") !== (labels.tag === "")) return [];
    const inForce = ruleInForce(rule, labels, settings);
    return inForce === undefined ? [] : [{ labels, rule: inForce }];
  });
}

/** All series of the runs asked for; each run is one more, without split and tag, for the rules about runs. */
async function readSeries(
  opened: OpenedLogDirectory,
  pattern: string,
  metrics: RuleSettings["metrics"],
): Promise<{ readonly series: readonly SeriesLabels[]; readonly runs: number }> {
  const { source, root } = opened;
  const now = systemClock.now();
  const { runs, problems } = await findRuns(opened, now);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const chosen = runs.filter(({ name }) => matchesGlob(pattern, name));
  const progress = new ProgressBar(chosen.length);
  const series: SeriesLabels[] = [];
  for (const { name, logRuns } of chosen) {
    const run = { watch: watchIdOf(root), name };
    series.push({ run, split: "", tag: "", kind: "other", phase: "unknown", direction: "unknown" });
    for (const { name: logRun, split } of logRuns) {
      const tags = new Set<string>();
      for await (const { points } of logRunSlices(source, { root, logRun, now })) {
        for (const tag of points.tags) tags.add(tag);
      }
      for (const tag of [...tags].sort()) series.push(labelSeries({ run, split, tag }, metrics));
    }
    progress.advance();
  }
  progress.end();
  return { series, runs: chosen.length };
}

function asJson(judged: readonly JudgedSeries[]): string {
  const rules = judged.map(({ labels, rule }) => ({
    run: labels.run.name,
    split: labels.split,
    tag: labels.tag,
    kind: labels.kind,
    phase: labels.phase,
    rule: rule.rule,
    settings: Object.fromEntries(rule.settings.map(({ name, value }) => [name, value])),
    from: Object.fromEntries(rule.settings.map(({ name, from }) => [name, from])),
  }));
  return `${JSON.stringify({ rules })}\n`;
}

const mostTags = 4;

/** A row for each rule and way it is set; the series that share it together. */
function asTable(
  judged: readonly JudgedSeries[],
  count: { readonly series: number; readonly runs: number },
): string {
  const groups = new Map<
    string,
    { rule: RuleInForce; runs: Set<string>; tags: Set<string>; series: number }
  >();
  for (const { labels, rule } of judged) {
    const key = JSON.stringify(rule);
    const found = groups.get(key) ?? { rule, runs: new Set(), tags: new Set(), series: 0 };
    found.runs.add(labels.run.name);
    found.tags.add(labels.split === "" ? labels.tag : `${labels.tag} (${labels.split})`);
    found.series += 1;
    groups.set(key, found);
  }
  const order = new Map<string, number>(ruleIds.map((id, place) => [id, place]));
  const placeOf = ({ rule }: { readonly rule: RuleInForce }): number => order.get(rule.rule) ?? order.size;
  const rows = [...groups.values()]
    .sort((a, b) => placeOf(a) - placeOf(b))
    .flatMap(({ rule, runs, tags, series }) => rowsOf(rule, [whereOf(tags, series), countedRuns(runs.size)]));
  const lines = columns([["rule", "setting", "from", "series", "runs", ""], ...rows]);
  lines.push(
    "",
    `${formatCount(count.series - count.runs)} series of ${countedRuns(count.runs)}; ` +
      "settings made in chat are not on disk: /tb rules <run> shows those too",
  );
  return `${lines.join("\n")}\n`;
}

/** The first row names the rule and its series; a row for each further origin. */
function rowsOf(
  { rule, summary, settings }: RuleInForce,
  where: readonly string[],
): readonly (readonly string[])[] {
  const origins = new Map<string, string[]>();
  if (summary !== undefined) origins.set("own rule", [plainSentence(summary, 90)]);
  for (const { name, value, from } of settings) {
    if (value === undefined || (name === "enabled" && value === true)) continue;
    const written = `${name}=${typeof value === "number" ? formatNumber(value) : printable(JSON.stringify(value))}`;
    origins.set(from, [...(origins.get(from) ?? []), written]);
  }
  if (origins.size === 0) origins.set("default", ["–"]);
  return [...origins].map(([from, written], row) =>
    row === 0
      ? [rule, written.join(" "), printable(from), ...where, ""]
      : ["", written.join(" "), printable(from), "", "", ""],
  );
}

function whereOf(tags: ReadonlySet<string>, series: number): string {
  if (tags.has("")) return "the run as a whole";
  const shown = [...tags].slice(0, mostTags).map(printable).join(", ");
  const more = tags.size > mostTags ? ` … +${tags.size - mostTags}` : "";
  return `${formatCount(series)}: ${shown}${more}`;
}
