import { resolve } from "node:path";
import type { Command } from "commander";
import { configLines } from "../alerts/suggest-config.js";
import { knobOf } from "../alerts/suggest-knob.js";
import { suggestPicture } from "../alerts/suggest-picture.js";
import { adviceWords, outcomeWords, settingWords, tradeOffTable } from "../alerts/suggest-words.js";
import { settingsAt } from "../app/rules-at.js";
import { quoted } from "../commands/shown.js";
import { isRuleId, type RuleId, ruleIds } from "../rules/rule-registry.js";
import { UsageError } from "./exit-codes.js";
import { openLogDirectory } from "./log-directory.js";
import { prepare } from "./prepare.js";
import { print, printable } from "./print.js";
import { columns } from "./replay-report.js";
import { type FoundStudy, studyLogs } from "./suggest-logs.js";
import { refuseUnwritable, writeWhole } from "./whole-file.js";

interface SuggestOptions {
  readonly metric?: string;
  readonly rule?: string;
  readonly picture?: string;
  readonly json?: boolean;
  readonly config?: string;
}

/** `tensorbell suggest LOGDIR`: from past runs, the setting that stays quiet on those that ended well and still catches the others. */
export function registerSuggest(program: Command): void {
  program
    .command("suggest")
    .description("the setting that would have stayed quiet on good past runs and still caught the bad ones")
    .argument("<logdir>", "directory with TensorBoard event files")
    .option("--metric <name>", "a tag, its last part, or words of it (default: all that a rule judges)")
    .option("--rule <id>", "the rule to set (default: those that fit)")
    .option("--picture <file>", "also draw the trade-off as a PNG")
    .option("--json", "machine-readable: trade-offs and the setting")
    .option("--config <file>", "configuration file (default: ./tensorbell.yaml where it exists)")
    .addHelpText("after", `\n  tensorbell suggest logs --metric loss --picture trade-off.png`)
    .action(async (logdir: string, options: SuggestOptions) => {
      const { config, folder } = prepare(options.config);
      const picture = options.picture === undefined ? undefined : resolve(folder, options.picture);
      if (picture !== undefined) refuseUnwritable(picture);
      const rules = rulesAsked(options.rule);
      const opened = openLogDirectory(logdir);
      const settings = settingsAt(config, opened.root);
      const request = { settings, rules, metric: options.metric };
      const { studies, nearest } = await studyLogs(opened, request);
      if (studies.length === 0) {
        const near = nearest.length === 0 ? "" : `; did you mean ${nearest.map(printable).join(" or ")}?`;
        throw new UsageError(
          `nothing to suggest for ${printable(options.metric ?? logdir)}: no series that a rule could be set for${near}`,
        );
      }
      await print(options.json === true ? asJson(studies) : studies.map(asText).join("\n"));
      const [first] = studies;
      if (picture === undefined || first === undefined) return;
      // Loaded only here: drawing costs more to load than the rest of the command.
      const { renderChart } = await import("../chart/render-chart.js");
      const png = await renderChart(suggestPicture(first.study, titleOf(first), "en"));
      writeWhole(picture, png);
    });
}

function rulesAsked(rule: string | undefined): readonly RuleId[] {
  const known = ruleIds.filter((id) => knobOf(id, "lower") !== undefined);
  if (rule === undefined) return known.filter((id) => id !== "threshold");
  if (isRuleId(rule) && known.includes(rule)) return [rule];
  throw new UsageError(
    `no suggestions for a rule ${printable(rule)}; there are some for ${known.join(", ")}`,
  );
}

function titleOf({ study, tags, metric }: FoundStudy): string {
  return `${study.knob.rule} · ${metric === undefined ? "all" : tags.slice(0, 3).join(", ")}`;
}

function asText({ study, tags, metric }: FoundStudy): string {
  const { columns: head, rows } = tradeOffTable(study, "en");
  const lines = [
    adviceWords(study, "en"),
    outcomeWords(study, "en"),
    `Series: ${tags.slice(0, 8).map(printable).join(", ")}${tags.length > 8 ? ` … +${tags.length - 8}` : ""}`,
    "",
    ...columns([head, ...rows]),
    "",
  ];
  const { chosen, advice } = study.suggestion;
  const candidate = study.candidates[chosen ?? -1];
  if (advice === "change" && candidate !== undefined) {
    lines.push(
      "In tensorbell.yaml:",
      "",
      configLines(study, candidate, metric === undefined ? undefined : tags),
      "",
    );
    if (metric !== undefined && study.knob.kind !== "word") {
      const value = study.knob.kind === "limit" ? settingWords(study, candidate) : String(candidate);
      lines.push(`In chat: /tb threshold ${printable(quoted(metric))} ${value}`, "");
    }
  }
  return `${lines.join("\n")}\n`;
}

function asJson(studies: readonly FoundStudy[]): string {
  return `${JSON.stringify({ suggestions: studies.map(forPrograms) })}\n`;
}

function forPrograms({ study, tags }: FoundStudy): object {
  const { suggestion, candidates, knob, points } = study;
  const valueAt = (place: number | undefined) => (place === undefined ? null : (candidates[place] ?? null));
  return {
    rule: knob.rule,
    setting: knob.setting,
    ...(knob.kind === "limit" ? { op: knob.op, for: points } : {}),
    tags,
    advice: suggestion.advice,
    value: valueAt(suggestion.chosen),
    current: valueAt(suggestion.current),
    ended_well: suggestion.well,
    ended_badly: suggestion.badly,
    unclear: suggestion.unclear,
    trade_off: suggestion.tradeOffs.map(({ candidate, quiet, caught }) => ({
      value: valueAt(candidate),
      quiet,
      caught,
    })),
  };
}
