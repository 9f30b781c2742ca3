import type { Locale } from "../lib/locale.js";
import { formatNumber } from "../message/format-number.js";
import type { SettingsOverride } from "../rules/override.js";
import { offer, ownWord } from "./offer.js";
import { phrase } from "./phrase.js";
import { quoted, shown } from "./shown.js";

/** What a setting does, in words: `5 rises in a row by more than 0.05`. */
export function settingsWords(
  rule: string,
  settings: Readonly<Record<string, unknown>>,
  locale: Locale,
): string {
  const total = number(settings["min_total"]);
  const count = number(settings["count"]);
  if (rule === "consecutive_rise" && total !== undefined) {
    return phrase(
      locale,
      `${count === undefined ? "rises" : `${count} rises`} in a row by more than ${total}`,
      `连续上升${count === undefined ? "" : ` ${count} 次`}，总幅度超过 ${total}`,
    );
  }
  if (rule === "consecutive_drop" && total !== undefined) {
    return phrase(
      locale,
      `${count === undefined ? "falls" : `${count} falls`} in a row by more than ${total}`,
      `连续下降${count === undefined ? "" : ` ${count} 次`}，总幅度超过 ${total}`,
    );
  }
  const limit = number(settings["value"]);
  if (rule === "threshold" && limit !== undefined) {
    const points = settings["for"] === 1 ? undefined : number(settings["for"]);
    const many = points === undefined ? "" : phrase(locale, ` for ${points} points`, `，连续 ${points} 个点`);
    return `${operatorOf(settings)} ${limit}${many}`;
  }
  return plainSettings(settings);
}

/** Any settings as `name=value`; `enabled` only where it says no. */
export function plainSettings(settings: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(settings)
    .filter(([name, value]) => value !== undefined && !(name === "enabled" && value === true))
    .map(
      ([name, value]) =>
        `${name}=${typeof value === "number" ? formatNumber(value) : shown(String(value), 40)}`,
    );
  return parts.length === 0 ? "–" : shown(parts.join(" "), 160);
}

/** The command that sets this again; `run` is the word for its run, where its scope is one. */
export function setCommand(override: SettingsOverride, run: string | undefined, locale: Locale): string {
  const { settings, split, tags = [] } = override;
  const metric = tags.map((tag) => (split === undefined || split === "" ? tag : `${split}/${tag}`)).join(",");
  const value = number(settings["value"] ?? settings["min_total"], String) ?? "0";
  const points = settings["for"] ?? settings["count"];
  const words = [
    quoted(metric),
    ...(settings["value"] === undefined ? [] : [operatorOf(settings)]),
    value,
    ...(typeof points === "number" && settings["for"] !== 1 ? [`${ownWord(locale, "for")} ${points}`] : []),
    ...(run === undefined ? [] : [run]),
  ];
  return offer(locale, "threshold", ...words);
}

/** The tags an override speaks of, bounded. */
export function tagWords({ tags, split }: SettingsOverride, locale: Locale): string {
  if (tags === undefined) return phrase(locale, "wherever it applies", "所有适用处");
  const listed = tags.slice(0, mostTags).map((tag) => shown(tag, 60));
  const more = tags.length > mostTags ? ` … +${tags.length - mostTags}` : "";
  const where = split === undefined || split === "" ? "" : ` (${shown(split, 30)})`;
  return `${listed.join(", ")}${more}${where}`;
}

const mostTags = 8;

function number(value: unknown, write: (value: number) => string = formatNumber): string | undefined {
  return typeof value === "number" ? write(value) : undefined;
}

function operatorOf(settings: Readonly<Record<string, unknown>>): string {
  const op = settings["op"];
  return op === ">=" || op === "<" || op === "<=" ? op : ">";
}
