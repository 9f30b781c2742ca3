import type { Locale } from "../lib/locale.js";
import { formatNumber } from "../message/format-number.js";
import type { Block, Inline, Text, Tone } from "../message/message.js";
import { plainName, plainSentence } from "../message/plain-name.js";
import { isRuleId, ruleOf } from "../rules/rule-registry.js";
import type { Severity } from "../rules/rule.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Run } from "../series/run.js";
import type { Episode } from "./episode.js";
import { wording } from "./wording.js";

/** In which manner something is said: the destination's language and clock, and what a person there can do. */
export interface Manner {
  readonly locale: Locale;
  /** IANA name. */
  readonly timeZone: string;
  /** What to type there to quiet the run: `/tb mute run42 2h`, or `@TensorBell mute 2h` inside its thread. */
  readonly act?: string;
  /** What one touch says there about the run; absent where links cannot speak. */
  readonly touches?: readonly { readonly text: string; readonly command: string }[];
  /** The run in TensorBoard. */
  readonly link?: string;
}

/** Bounds of every message: what does not fit is counted. */
export const speechBounds = { headline: 150, run: 48, tag: 80, items: 10, said: 160 } as const;

/** A run's name as one short line. */
export function runWord(run: Run, locale: Locale): string {
  return run.name === "." ? wording[locale].wholeDirectory : plainName(run.name, speechBounds.run);
}

/** A series as the messages name it; rules about a whole run have neither split nor tag. */
export function metricWord({ split, tag }: Pick<Episode, "split" | "tag">, locale: Locale): string {
  if (tag === "") return wording[locale].wholeRun;
  return split === ""
    ? plainName(tag, speechBounds.tag)
    : `${plainName(tag, speechBounds.tag)} (${plainName(split, 30)})`;
}

/** What happened, in the words of the episode's rule. */
export function saidOf(episode: Episode, labels: SeriesLabels, locale: Locale): string {
  const said = saidOnce(episode, labels, locale);
  return episode.flapping === undefined ? said : `${said}${wording[locale].flaps}`;
}

function saidOnce(episode: Episode, labels: SeriesLabels, locale: Locale): string {
  if (!isRuleId(episode.rule)) {
    const words = episode.evidence.words?.[locale];
    if (words !== undefined) return plainSentence(words, speechBounds.said);
    return wording[locale].headline.unknownRule(plainName(episode.rule, 40));
  }
  return plainSentence(ruleOf(episode.rule).say(episode.evidence, locale, labels), speechBounds.said);
}

/** A headline from its parts, `Critical · run42 · …`; where it is too long, the part at `gives` gives way (the last unless said). */
export function headlineOf(parts: readonly string[], gives = parts.length - 1): string {
  const rest = parts.reduce(
    (sum, part, index) => sum + (index === gives ? 0 : Array.from(part).length + 3),
    0,
  );
  const room = Math.max(24, speechBounds.headline - rest);
  const fitting = parts.map((part, index) => (index === gives ? plainSentence(part, room) : part));
  return plainSentence(fitting.join(" · "), speechBounds.headline);
}

const weight: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/** Weightiest first; among equals the one that opened first, whatever the order they came in. */
export function byWeight(a: Episode, b: Episode): number {
  return (
    weight[a.severity] - weight[b.severity] ||
    a.opened.wallTime - b.opened.wallTime ||
    a.opened.step - b.opened.step ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

export function toneOf(severity: Severity | undefined): Tone {
  return severity ?? "good";
}

/** A list of bounded length whose last line counts the rest. */
export function listOf(items: readonly Text[], locale: Locale): Block {
  const shown = items.slice(0, speechBounds.items);
  const rest = items.length - shown.length;
  return { kind: "list", items: rest === 0 ? shown : [...shown, [wording[locale].and(rest)]] };
}

/** What stands under a message: what to touch, and in small print what to type and where to look. */
export function closingOf({ locale, act, touches = [], link }: Manner): readonly Block[] {
  const words = wording[locale];
  const links = touches.flatMap((touch, index): Inline[] => [
    ...(index === 0 ? [] : [" · "]),
    { kind: "command", ...touch },
  ]);
  const row: readonly Block[] = links.length === 0 ? [] : [{ kind: "text", content: links }];
  const content: Inline[] = [];
  if (act !== undefined) content.push(words.act, { kind: "code", text: plainName(act, 120) });
  if (act !== undefined && link !== undefined) content.push(" · ");
  if (link !== undefined) content.push({ kind: "link", url: link, text: words.openTensorBoard });
  return content.length === 0 ? row : [...row, { kind: "note", content }];
}

/** Settings as `count=5, min_total=0.1`; switches that are on and absent ones are left out. */
export function settingsWord(settings: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(settings).flatMap(([name, value]) => {
    if (name === "enabled" && value === true) return [];
    if (typeof value === "number") return [`${name}=${formatNumber(value)}`];
    return typeof value === "string" || typeof value === "boolean" ? [`${name}=${String(value)}`] : [];
  });
  return plainSentence(pairs.join(", "), 120);
}
