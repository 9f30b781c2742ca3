import { formatCount, formatNumber } from "../message/format-number.js";
import { formatTime } from "../message/format-time.js";
import type { Block, Message, Text } from "../message/message.js";
import { plainName } from "../message/plain-name.js";
import type { Run } from "../series/run.js";
import type { KeyMetric } from "./compose-root.js";
import { headlineOf, listOf, runWord, type Manner } from "./compose-speech.js";
import { wording } from "./wording.js";

/** A run as a digest's line. */
export interface DigestRun {
  readonly run: Run;
  readonly step: number;
  readonly openAlerts: number;
  /** Most telling first. */
  readonly metrics: readonly KeyMetric[];
}

/** One day of a destination. `since` and `until` in milliseconds. */
export interface DigestFacts {
  readonly day: string;
  readonly since: number;
  readonly until: number;
  readonly started: readonly DigestRun[];
  readonly finished: readonly DigestRun[];
  readonly open: readonly DigestRun[];
  readonly alertsFired: number;
  readonly alertsResolved: number;
}

/** The daily summary: what started, ended or is open, with key metrics. */
export function composeDigest(facts: DigestFacts, manner: Manner): Message {
  const { locale, timeZone } = manner;
  const { digest, comma } = wording[locale];
  const parts = [
    ...(facts.started.length > 0 ? [digest.started(facts.started.length)] : []),
    ...(facts.finished.length > 0 ? [digest.finished(facts.finished.length)] : []),
    ...(facts.open.length > 0 ? [digest.open(facts.open.length)] : []),
    ...(facts.alertsFired + facts.alertsResolved > 0
      ? [digest.alerts(facts.alertsFired, facts.alertsResolved)]
      : []),
  ];
  const period = digest.period(
    formatTime(facts.since, timeZone, locale),
    formatTime(facts.until, timeZone, locale),
  );
  return {
    tone: facts.open.length > 0 ? "warning" : "info",
    headline: headlineOf([
      digest.headline(plainName(facts.day, 20), parts.length === 0 ? digest.nothing : parts.join(comma)),
    ]),
    blocks: [
      ...section(digest.openTitle, facts.open, manner),
      ...section(digest.startedTitle, facts.started, manner),
      ...section(digest.finishedTitle, facts.finished, manner),
      { kind: "note", content: [period] },
    ],
  };
}

function section(title: string, runs: readonly DigestRun[], { locale }: Manner): readonly Block[] {
  if (runs.length === 0) return [];
  return [
    { kind: "text", content: [{ kind: "strong", text: title }] },
    listOf(
      runs.map((run) => line(run, locale)),
      locale,
    ),
  ];
}

function line({ run, step, openAlerts, metrics }: DigestRun, locale: Manner["locale"]): Text {
  const words = wording[locale];
  const said = metrics.slice(0, 3).map(({ tag, split, last }) => {
    const name = split === "" ? plainName(tag, 30) : `${plainName(tag, 30)} (${plainName(split, 20)})`;
    return `${name} ${formatNumber(last.value)}`;
  });
  const parts = [
    words.atStep(formatCount(step)),
    ...(openAlerts > 0 ? [words.root.openCount(openAlerts)] : []),
    ...said,
  ];
  return [{ kind: "code", text: runWord(run, locale) }, ` · ${parts.join(words.comma)}`];
}
