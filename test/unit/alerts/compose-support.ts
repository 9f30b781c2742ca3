import type { AlertItem } from "../../../src/alerts/compose-alert.js";
import type { Manner } from "../../../src/alerts/compose-speech.js";
import { fingerprintOf, type Episode, type Transition } from "../../../src/alerts/episode.js";
import { plainText, type Block, type Message } from "../../../src/message/message.js";
import type { MetricKind, SeriesLabels } from "../../../src/series/labels.js";
import { runIdOf, watchIdOf, type Run } from "../../../src/series/run.js";

export const run42: Run = { watch: watchIdOf("/logs"), name: "cifar10/run42" };

export const english: Manner = {
  locale: "en",
  timeZone: "UTC",
  act: "@TensorBell mute 2h",
  link: "https://tb.example/#run42",
};

export const chinese: Manner = {
  ...english,
  locale: "zh",
  timeZone: "Asia/Shanghai",
  act: "@TensorBell 静音 2h",
};

/** A message as a reader without dress sees it, one line a piece; `[n]` marks what is small print. */
export function written({ tone, headline, blocks }: Message): string {
  return [`(${tone}) ${headline}`, ...blocks.map(block)].join("\n");
}

function block(of: Block): string {
  switch (of.kind) {
    case "text":
      return plainText(of.content);
    case "note":
      return `[n] ${plainText(of.content)}`;
    case "facts":
      return of.facts.map(({ label, value }) => `${label}: ${plainText(value)}`).join("\n");
    case "list":
      return of.items.map((item) => `- ${plainText(item)}`).join("\n");
    case "table":
      return [of.columns, ...of.rows].map((row) => row.join(" | ")).join("\n");
    case "preformatted":
      return of.text;
  }
}

export function labelsOf(tag: string, kind: MetricKind, split = ""): SeriesLabels {
  const direction = kind === "loss" ? "lower" : kind === "accuracy" ? "higher" : "unknown";
  return { run: run42, split, tag, kind, phase: split === "validation" ? "validation" : "train", direction };
}

const opened = { step: 12_400, wallTime: 1_772_374_509, value: 2.32 };

export function riseEpisode(changes: Partial<Episode> = {}): Episode {
  return {
    id: `${runIdOf(run42)}/${fingerprintOf("consecutive_rise", "", "train/loss")}/1`,
    run: runIdOf(run42),
    rule: "consecutive_rise",
    split: "",
    tag: "train/loss",
    severity: "warning",
    state: "firing",
    opened,
    evidence: { numbers: { count: 5, total: 1.91, before: 0.41, value: 2.32 }, from: 12_150, to: 12_400 },
    ...changes,
  };
}

export function nanEpisode(tag: string, changes: Partial<Episode> = {}): Episode {
  return riseEpisode({
    id: `nan/${tag}`,
    rule: "non_finite",
    tag,
    severity: "critical",
    opened: { ...opened, value: Number.NaN },
    evidence: { numbers: { value: Number.NaN }, from: 12_400, to: 12_400 },
    ...changes,
  });
}

export function dropEpisode(changes: Partial<Episode> = {}): Episode {
  return riseEpisode({
    id: "drop/1",
    rule: "consecutive_drop",
    split: "validation",
    tag: "epoch_accuracy",
    opened: { ...opened, step: 17, value: 0.879 },
    evidence: {
      numbers: { count: 3, total: 0.067, before: 0.946, value: 0.879, best: 0.946 },
      from: 14,
      to: 17,
      level: 0.946,
    },
    ...changes,
  });
}

export function itemOf(episode: Episode, kind: Transition["kind"] = "fired"): AlertItem {
  const metric = episode.tag.includes("acc") ? "accuracy" : episode.tag.includes("loss") ? "loss" : "other";
  return { transition: { kind, episode }, labels: labelsOf(episode.tag, metric, episode.split) };
}
