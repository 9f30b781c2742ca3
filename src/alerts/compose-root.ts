import type { RunOutcome } from "./run-facts.js";
import { formatCount, formatNumber } from "../message/format-number.js";
import { formatClock, formatTime } from "../message/format-time.js";
import type { Block, Fact, Message } from "../message/message.js";
import { plainName } from "../message/plain-name.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Run } from "../series/run.js";
import {
  byWeight,
  closingOf,
  headlineOf,
  listOf,
  runWord,
  saidOf,
  toneOf,
  type Manner,
} from "./compose-speech.js";
import type { Episode } from "./episode.js";
import { wording } from "./wording.js";

/** A metric worth a row in the root message. */
export interface KeyMetric {
  readonly tag: string;
  readonly split: string;
  readonly last: { readonly step: number; readonly value: number };
  readonly best?: number;
}

/** What the root of a run's conversation shows. Times in milliseconds; NaN where unknown. */
export interface RootFacts {
  readonly run: Run;
  readonly state: "running" | "quiet" | RunOutcome;
  readonly splits: readonly string[];
  readonly step: number;
  readonly points: number;
  readonly startedAt: number;
  readonly lastSeenAt: number;
  /** Most telling first. */
  readonly metrics: readonly KeyMetric[];
  readonly open: readonly { readonly episode: Episode; readonly labels: SeriesLabels }[];
  /** The newest restart. */
  readonly restart?: { readonly step: number; readonly at: number };
  readonly mutedUntil?: number;
}

const atMostMetrics = 8;

/** The root of a run's thread: its live state in words first, then what is open and the key metrics. Absolute times only: the text stays. */
export function composeRoot(facts: RootFacts, manner: Manner): Message {
  const { locale } = manner;
  const open = [...facts.open].sort((a, b) => byWeight(a.episode, b.episode));
  const worst = open[0]?.episode.severity;
  const words = wording[locale];
  return {
    tone: worst === undefined ? (facts.state === "quiet" ? "info" : "good") : toneOf(worst),
    headline: headlineOf([
      runWord(facts.run, locale),
      stateWord(facts, manner),
      words.root.open(worst, open.length),
      words.atStep(formatCount(facts.step)),
    ]),
    blocks: [
      { kind: "facts", facts: factsOf(facts, manner) },
      ...openBlocks(open, manner),
      ...metricTable(facts.metrics, locale),
      ...closingOf(open.length > 0 ? manner : withoutAct(manner)),
    ],
  };
}

/** A run without alerts needs no quieting. */
function withoutAct({ locale, timeZone, link }: Manner): Manner {
  return link === undefined ? { locale, timeZone } : { locale, timeZone, link };
}

function stateWord({ state, lastSeenAt }: RootFacts, { locale, timeZone }: Manner): string {
  const { root } = wording[locale];
  const known = state === "quiet" && Number.isFinite(lastSeenAt);
  return known ? root.quietSince(formatClock(lastSeenAt, timeZone, locale)) : root.state[state];
}

function factsOf(facts: RootFacts, { locale, timeZone }: Manner): readonly Fact[] {
  const { fact, root, listComma } = wording[locale];
  const time = (ms: number): string => formatTime(ms, timeZone, locale);
  const splits = facts.splits.filter((split) => split !== "");
  return [
    { label: fact.state, value: [{ kind: "strong", text: root.state[facts.state] }] },
    { label: fact.started, value: [time(facts.startedAt)] },
    { label: fact.lastSeen, value: [time(facts.lastSeenAt)] },
    { label: fact.points, value: [formatCount(facts.points)] },
    ...(splits.length === 0
      ? []
      : [
          {
            label: fact.splits,
            value: [
              splits
                .slice(0, 6)
                .map((split) => plainName(split, 30))
                .join(listComma) + (splits.length > 6 ? "…" : ""),
            ],
          },
        ]),
    ...(facts.restart === undefined
      ? []
      : [
          {
            label: fact.restarts,
            value: [root.resumed(formatCount(facts.restart.step), time(facts.restart.at))],
          },
        ]),
    ...(facts.mutedUntil === undefined
      ? []
      : [{ label: fact.muted, value: [root.mutedUntil(time(facts.mutedUntil))] }]),
  ];
}

function openBlocks(open: RootFacts["open"], { locale }: Manner): readonly Block[] {
  if (open.length === 0) return [];
  const words = wording[locale];
  const lines = open.map(({ episode, labels }) => {
    const by = episode.ack === undefined ? "" : ` · ${words.acknowledged(plainName(episode.ack.by, 40))}`;
    const said = `${saidOf(episode, labels, locale)} · ${words.atStep(formatCount(episode.opened.step))}${by}`;
    return [{ kind: "strong" as const, text: words.severity[episode.severity] }, `${words.colon}${said}`];
  });
  return [{ kind: "text", content: [{ kind: "strong", text: words.openAlerts }] }, listOf(lines, locale)];
}

function metricTable(metrics: readonly KeyMetric[], locale: Manner["locale"]): readonly Block[] {
  if (metrics.length === 0) return [];
  const { fact } = wording[locale];
  const withBest = metrics.some(({ best }) => best !== undefined);
  const rows = metrics
    .slice(0, atMostMetrics)
    .map(({ tag, split, last, best }) => [
      split === "" ? plainName(tag, 40) : `${plainName(tag, 40)} (${plainName(split, 20)})`,
      formatNumber(last.value),
      ...(withBest ? [best === undefined ? "–" : formatNumber(best)] : []),
      formatCount(last.step),
    ]);
  return [
    {
      kind: "table",
      columns: [fact.metric, fact.last, ...(withBest ? [fact.bestSoFar] : []), fact.step],
      rows,
    },
  ];
}
