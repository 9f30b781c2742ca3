import { formatCount, formatNumber } from "../message/format-number.js";
import { formatClock, formatTime } from "../message/format-time.js";
import type { Block, Fact, Inline, Message, Text } from "../message/message.js";
import { plainName } from "../message/plain-name.js";
import type { Rule } from "../rules/rule.js";
import { isRuleId, ruleOf } from "../rules/rule-registry.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Run } from "../series/run.js";
import { composeResolved, resolvedLine, type Extremes } from "./compose-resolved.js";
import {
  byWeight,
  closingOf,
  headlineOf,
  listOf,
  runWord,
  saidOf,
  settingsWord,
  speechBounds,
  toneOf,
  type Manner,
} from "./compose-speech.js";
import type { Transition } from "./episode.js";
import { wording } from "./wording.js";

/** A transition with what its sentence needs. */
export interface AlertItem {
  readonly transition: Transition;
  readonly labels: SeriesLabels;
  /** The rule's settings in force for this series. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Of resolved ones: the values between firing and now. */
  readonly between?: Extremes;
}

/** What one ingest found for a run, together. `mention`: ids from the config. */
export interface AlertFacts {
  readonly run: Run;
  readonly items: readonly AlertItem[];
  readonly mention?: readonly string[];
}

/** One message for everything that fired, escalated or ended at once; only ended ones make a resolved notice. */
export function composeAlert(facts: AlertFacts, manner: Manner): Message {
  const news = facts.items.filter(({ transition }) => transition.kind !== "resolved").sort(inOrder);
  const over = facts.items.filter(({ transition }) => transition.kind === "resolved").sort(inOrder);
  const [first] = news;
  if (first === undefined) return composeResolved({ run: facts.run, items: over }, manner);
  const title = headline(facts.run, news, manner);
  return {
    tone: toneOf(first.transition.episode.severity),
    headline: title,
    blocks: [
      ...mentions(facts.mention ?? []),
      ...(news.length === 1 ? wholeSentence(title, first, manner) : []),
      news.length === 1
        ? single(first, manner)
        : listOf(
            news.map((item) => line(item, manner)),
            manner.locale,
          ),
      ...alsoOver(over, manner),
      ...closingOf(manner),
    ],
  };
}

function inOrder(a: AlertItem, b: AlertItem): number {
  return byWeight(a.transition.episode, b.transition.episode);
}

function headline(run: Run, items: readonly AlertItem[], { locale, timeZone }: Manner): string {
  const [first] = items;
  if (first === undefined) return "";
  const words = wording[locale].headline;
  const { episode, kind } = first.transition;
  const said = saidOf(episode, first.labels, locale);
  const state = kind === "escalated" ? words.escalated(episode.severity) : words.fired(episode.severity);
  const clock = formatClock(episode.opened.wallTime * 1_000, timeZone, locale);
  const since = episode.tag === "" ? clock : words.since(formatCount(episode.opened.step), clock);
  return headlineOf(
    [state, runWord(run, locale), items.length === 1 ? said : words.several(items.length, said), since],
    2,
  );
}

function mentions(ids: readonly string[]): readonly Block[] {
  if (ids.length === 0) return [];
  const content: Inline[] = ids
    .slice(0, speechBounds.items)
    .flatMap((id, index) => [...(index === 0 ? [] : [" "]), { kind: "mention", id }]);
  return [{ kind: "text", content }];
}

/** What happened, where the headline has no room for all of it. */
function wholeSentence(
  title: string,
  { transition, labels }: AlertItem,
  { locale }: Manner,
): readonly Block[] {
  const said = saidOf(transition.episode, labels, locale);
  return title.includes(said) ? [] : [{ kind: "text", content: [said] }];
}

/** The value of the point that made a rule about a whole run, or about histograms, speak is not what it speaks of. */
function isAboutValue(rule: string): boolean {
  const { scope, input }: Pick<Rule, "scope" | "input"> = isRuleId(rule) ? ruleOf(rule) : {};
  return scope !== "run" && input !== "histograms";
}

function single({ transition, settings }: AlertItem, { locale, timeZone }: Manner): Block {
  const { episode } = transition;
  const { fact } = wording[locale];
  const facts: Fact[] = [];
  if (episode.tag !== "")
    facts.push({
      label: fact.metric,
      value: [{ kind: "code", text: plainName(episode.tag, speechBounds.tag) }],
    });
  if (episode.split !== "") facts.push({ label: fact.split, value: [plainName(episode.split, 40)] });
  facts.push({ label: fact.step, value: [formatCount(episode.opened.step)] });
  if (episode.tag !== "" && isAboutValue(episode.rule))
    facts.push({ label: fact.value, value: [formatNumber(episode.opened.value)] });
  facts.push(
    { label: fact.rule, value: ruleText(episode.rule, settings) },
    { label: fact.time, value: [formatTime(episode.opened.wallTime * 1_000, timeZone, locale)] },
  );
  return { kind: "facts", facts };
}

function ruleText(rule: string, settings: AlertItem["settings"]): Text {
  const said = settings === undefined ? "" : settingsWord(settings);
  const name: Inline = { kind: "code", text: plainName(rule, 40) };
  return said === "" || said === "?" ? [name] : [name, ` (${said})`];
}

function line({ transition, labels }: AlertItem, { locale }: Manner): Text {
  const { episode, kind } = transition;
  const words = wording[locale];
  const state =
    kind === "escalated" ? words.headline.escalated(episode.severity) : words.severity[episode.severity];
  return [
    { kind: "strong", text: state },
    `${words.colon}${saidOf(episode, labels, locale)} · ${words.atStep(formatCount(episode.opened.step))}`,
  ];
}

function alsoOver(over: readonly AlertItem[], manner: Manner): readonly Block[] {
  if (over.length === 0) return [];
  const title: Text = [{ kind: "strong", text: wording[manner.locale].alsoResolved }];
  return [
    { kind: "text", content: title },
    listOf(
      over.map((item) => resolvedLine(item, manner)),
      manner.locale,
    ),
  ];
}

/** The one of several whose chart is drawn: the weightiest that fired now. */
export function weightiest(transitions: readonly Transition[]): Transition | undefined {
  const news = transitions.filter(({ kind, episode }) => kind !== "resolved" && episode.tag !== "");
  return [...news].sort((a, b) => byWeight(a.episode, b.episode))[0];
}
