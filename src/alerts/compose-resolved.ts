import { formatDuration } from "../lib/duration.js";
import { formatCount, formatNumber } from "../message/format-number.js";
import { formatTime } from "../message/format-time.js";
import type { Block, Fact, Message, Text } from "../message/message.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Run } from "../series/run.js";
import { byWeight, headlineOf, listOf, metricWord, runWord, saidOf, type Manner } from "./compose-speech.js";
import type { Episode, Transition } from "./episode.js";
import { wording } from "./wording.js";

/** The finite extremes of a series between two steps. */
export interface Extremes {
  readonly min: { readonly step: number; readonly value: number };
  readonly max: { readonly step: number; readonly value: number };
}

/** An episode that ended, with the values while it was open. */
export interface ResolvedItem {
  readonly transition: Transition;
  readonly labels: SeriesLabels;
  readonly between?: Extremes;
}

/** Says that alerts are over, why, how long they lasted and how bad it was. */
export function composeResolved(
  { run, items }: { readonly run: Run; readonly items: readonly ResolvedItem[] },
  manner: Manner,
): Message {
  const sorted = [...items].sort((a, b) => byWeight(a.transition.episode, b.transition.episode));
  const [first] = sorted;
  const good = sorted.every(({ transition }) => reasonOf(transition.episode) === "cleared");
  return {
    tone: good ? "good" : "info",
    headline: headline(run, sorted, manner.locale),
    blocks:
      sorted.length === 1 && first !== undefined
        ? [single(first, manner)]
        : [
            listOf(
              sorted.map((item) => resolvedLine(item, manner)),
              manner.locale,
            ),
          ],
  };
}

/** One ended alert as a line of a list; its rule tells it from another about the same metric. */
export function resolvedLine({ transition }: ResolvedItem, { locale }: Manner): Text {
  const { episode } = transition;
  const { headline: words, colon, byRule } = wording[locale];
  const reason = reasonOf(episode);
  const what = { metric: metricWord(episode, locale), lasted: lasted(episode, locale) };
  return [
    { kind: "strong", text: words.closed[reason] },
    `${colon}${words.resolved(reason, what)}${byRule(episode.rule)}`,
  ];
}

function headline(run: Run, items: readonly ResolvedItem[], locale: Manner["locale"]): string {
  const words = wording[locale].headline;
  const [first] = items;
  if (first === undefined) return headlineOf([words.closed.settings, runWord(run, locale)]);
  const { episode } = first.transition;
  const reasons = new Set(items.map(({ transition }) => reasonOf(transition.episode)));
  const reason = reasons.size === 1 ? reasonOf(episode) : "settings";
  const what = { metric: metricWord(episode, locale), lasted: lasted(episode, locale) };
  const said = items.length === 1 ? words.resolved(reason, what) : words.severalResolved(items.length);
  return headlineOf([words.closed[reason], runWord(run, locale), said]);
}

function single({ transition, labels, between }: ResolvedItem, { locale, timeZone }: Manner): Block {
  const { episode } = transition;
  const { fact } = wording[locale];
  const end = episode.resolved;
  const facts: Fact[] = [
    { label: fact.before, value: [saidOf(episode, labels, locale)] },
    { label: fact.lasted, value: [lasted(episode, locale)] },
  ];
  if (end !== undefined)
    facts.push({
      label: fact.steps,
      value: [`${formatCount(episode.opened.step)} – ${formatCount(end.step)}`],
    });
  if (end !== undefined && episode.tag !== "")
    facts.push({ label: fact.valueNow, value: [formatNumber(end.value)] });
  if (between !== undefined) facts.push(...extremeFacts(between, labels, locale));
  if (end !== undefined)
    facts.push({ label: fact.time, value: [formatTime(end.wallTime * 1_000, timeZone, locale)] });
  return { kind: "facts", facts };
}

/** Where nobody knows which way is better, both ends are left out rather than guessed. */
function extremeFacts(
  { min, max }: Extremes,
  { direction }: SeriesLabels,
  locale: Manner["locale"],
): readonly Fact[] {
  if (direction === "unknown") return [];
  const { fact, valueAt } = wording[locale];
  const [best, worst] = direction === "lower" ? [min, max] : [max, min];
  const say = (one: Extremes["min"]): Text => [valueAt(formatNumber(one.value), formatCount(one.step))];
  return [
    { label: fact.worst, value: say(worst) },
    { label: fact.best, value: say(best) },
  ];
}

function reasonOf({ resolved }: Episode): NonNullable<Episode["resolved"]>["reason"] {
  return resolved?.reason ?? "cleared";
}

function lasted({ opened, resolved }: Episode, locale: Manner["locale"]): string {
  const seconds = (resolved?.wallTime ?? opened.wallTime) - opened.wallTime;
  return formatDuration(Number.isFinite(seconds) ? seconds * 1_000 : 0, locale);
}
