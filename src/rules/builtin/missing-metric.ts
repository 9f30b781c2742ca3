import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatDuration } from "../../lib/duration.js";
import { matchesGlob } from "../../lib/glob.js";
import { formatCount } from "../../message/format-number.js";
import type { MetricKind, SeriesLabels } from "../../series/labels.js";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { recall } from "../detector-memory.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import type { Detector, DetectorMemory, Rule, RunLength, Verdict } from "../rule.js";
import { type RunsBefore, runsBefore, type RunSigns } from "../run-signs.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  required: z
    .string()
    .max(2_000)
    .default("")
    .describe("Tags that every run must write: patterns, separated by commas."),
  share: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe("Share of a declared length by which they must be there."),
  points: z
    .int()
    .min(20)
    .default(200)
    .describe("Points of the run by which they must, where none is declared."),
  times: z.number().min(1).default(5).describe("A tag is silent after so many of its longest pauses."),
  min_silence: z.number().min(1).default(1_800).describe("And after so many seconds, having lived as long."),
});
type Settings = z.output<typeof settings>;

const mostTags = 64;
const longestName = 200;
const fewest = 20;
/** Absence is looked for at every so many points of the run. */
const every = 16;
const watchedKinds: ReadonlySet<MetricKind> = new Set(["loss", "accuracy", "gradient-norm", "learning-rate"]);

/**
 * A required tag that is not there, or, only while a run is watched, one that the runs before it wrote, or a curve that fell
 * silent while others went on. A tag must have lived as long as its silence may last: many trainers write some only for
 * their first hundred steps.
 */
export const missingMetric: Rule<Settings> = {
  id: "missing_metric",
  severity: "warning",
  settings,
  scope: "run",
  memoryBound: 64 + (2 * mostTags + 1) * (9 + 6 * longestName + 32),
  summary: {
    en: "A metric that should be there is not written.",
    zh: "应有的指标没有写入。",
  },
  say: ({ numbers }, locale, labels) => {
    const name = metricName(labels);
    const { silence, points = 0, before } = numbers;
    if (before !== undefined)
      return locale === "zh"
        ? `本运行写入 ${formatCount(points)} 个点后仍没有 ${name}，而同组前 ${before} 次运行都有`
        : `${name}, which the ${before} runs before it wrote, is missing after ${formatCount(points)} points of the run`;
    if (silence === undefined)
      return locale === "zh"
        ? `必需的指标 ${name} 在 ${formatCount(points)} 个点后仍未出现`
        : `required metric ${name} is missing after ${formatCount(points)} points of the run`;
    const quiet = formatDuration(silence * 1_000, locale);
    return locale === "zh"
      ? `${name} 已 ${quiet} 没有写入，而其他指标仍在更新`
      : `${name} has not been written for ${quiet}, while others go on`;
  },
  appliesTo: () => true,
  detector: (chosen, _labels, memory) => new MissingMetricDetector(chosen, memory),
};

interface Seen {
  readonly split: string;
  readonly tag: string;
  readonly first: number;
  last: number;
  longest: number;
  count: number;
}

const version = 2;

class MissingMetricDetector implements Detector {
  readonly #settings: Settings;
  readonly #required: readonly string[];
  readonly #seen: Seen[] = [];
  readonly #places = new WeakMap<SeriesLabels, Seen | "none">();
  #events = 0;
  #newest = -Infinity;
  #furthest = -Infinity;
  #length = NaN;
  #isWatched = false;
  #before: RunsBefore = { series: [], points: 0 };
  #missing: { readonly split: string; readonly tag: string } | undefined;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    this.#required = chosen.required
      .split(",")
      .map((pattern) => pattern.trim())
      .filter((pattern) => pattern !== "");
    recall(memory, version, (reader) => {
      [this.#events, this.#newest, this.#furthest] = [reader.f64(), reader.f64(), reader.f64()];
      [this.#length, this.#isWatched] = [reader.f64(), reader.u8() === 1];
      if (reader.u8() === 1) this.#missing = { split: reader.text(), tag: reader.text() };
      const before = { series: [] as { split: string; tag: string }[], points: reader.f64() };
      for (let left = reader.u8(); left > 0; left -= 1)
        before.series.push({ split: reader.text(), tag: reader.text() });
      this.#before = before;
      for (let left = reader.u8(); left > 0; left -= 1) {
        const [split, tag, first] = [reader.text(), reader.text(), reader.f64()];
        this.#seen.push({
          split,
          tag,
          first,
          last: reader.f64(),
          longest: reader.f64(),
          count: reader.f64(),
        });
      }
    });
  }

  observe({ step, wallTime }: Point, _past: SeriesPast, series: SeriesLabels): Verdict {
    this.#events += 1;
    this.#newest = Math.max(this.#newest, wallTime);
    this.#furthest = Math.max(this.#furthest, step);
    const seen = this.#places.get(series) ?? this.#enter(series, wallTime);
    if (seen !== "none") {
      if (seen.count > 0) seen.longest = Math.max(seen.longest, wallTime - seen.last);
      seen.last = Math.max(seen.last, wallTime);
      seen.count += 1;
      if (this.#missing !== undefined && this.#isBack(series)) {
        this.#missing = undefined;
        return cleared;
      }
    }
    if (this.#missing !== undefined || this.#events % every !== 0) return allWell;
    return this.#lookForRequired(step) ?? this.#lookForUsual(step) ?? this.#lookForSilent(step) ?? allWell;
  }

  reset(): Verdict {
    return allWell;
  }

  declare({ steps }: RunLength): void {
    if (steps !== undefined && steps > 0) this.#length = steps;
  }

  /** Only a run that is watched is asked what its directory says. */
  learn({ before }: RunSigns): Verdict {
    this.#isWatched = true;
    if (before !== undefined) {
      const fitting = before.series.filter(({ split, tag }) => fits(split, tag)).slice(0, mostTags);
      this.#before = { series: fitting, points: before.points };
    }
    return allWell;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter(256).u8(version);
    writer.f64(this.#events).f64(this.#newest).f64(this.#furthest).f64(this.#length);
    writer.u8(this.#isWatched ? 1 : 0).u8(this.#missing === undefined ? 0 : 1);
    if (this.#missing !== undefined) writer.text(this.#missing.split).text(this.#missing.tag);
    writer.f64(this.#before.points).u8(this.#before.series.length);
    for (const { split, tag } of this.#before.series) writer.text(split).text(tag);
    writer.u8(this.#seen.length);
    for (const { split, tag, first, last, longest, count } of this.#seen)
      writer.text(split).text(tag).f64(first).f64(last).f64(longest).f64(count);
    return writer.finish();
  }

  #enter(series: SeriesLabels, wallTime: number): Seen | "none" {
    const { split, tag, kind } = series;
    const found = this.#seen.find((known) => known.tag === tag && known.split === split);
    const counts = watchedKinds.has(kind) || this.#required.some((pattern) => matchesGlob(pattern, tag));
    const isTaken = counts && fits(split, tag) && this.#seen.length < mostTags;
    const seen = found ?? (isTaken ? newlySeen(split, tag, wallTime) : "none");
    if (found === undefined && seen !== "none") this.#seen.push(seen);
    this.#places.set(series, seen);
    return seen;
  }

  #isBack({ split, tag }: SeriesLabels): boolean {
    const missing = this.#missing;
    if (missing === undefined) return false;
    if (missing.tag === tag) return missing.split === split || missing.split === "";
    return missing.split === "" && matchesGlob(missing.tag, tag);
  }

  #lookForRequired(step: number): Verdict | undefined {
    if (this.#required.length === 0 || this.#events < fewest) return undefined;
    const due = Number.isNaN(this.#length)
      ? this.#events >= this.#settings.points
      : this.#furthest >= this.#settings.share * this.#length;
    if (!due) return undefined;
    const missing = this.#required.find(
      (pattern) => !this.#seen.some(({ tag }) => matchesGlob(pattern, tag)),
    );
    if (missing === undefined) return undefined;
    return this.#breach({ split: "", tag: missing.slice(0, longestName) }, { points: this.#events }, step);
  }

  /** A run that lacks more than half of what those before it wrote is of another kind. */
  #lookForUsual(step: number): Verdict | undefined {
    const { series, points } = this.#before;
    if (series.length === 0 || this.#events < Math.max(fewest, this.#settings.share * points))
      return undefined;
    const absent = series.filter(
      ({ split, tag }) => !this.#seen.some((seen) => seen.tag === tag && seen.split === split),
    );
    const [missing] = absent;
    if (missing === undefined || 2 * absent.length > series.length) return undefined;
    return this.#breach(missing, { points: this.#events, before: runsBefore }, step);
  }

  #lookForSilent(step: number): Verdict | undefined {
    if (!this.#isWatched) return undefined;
    const { times, min_silence } = this.#settings;
    for (const { split, tag, first, last, longest, count } of this.#seen) {
      const silence = this.#newest - last;
      if (count < fewest || silence <= min_silence || silence <= times * longest) continue;
      if (last - first >= min_silence) return this.#breach({ split, tag }, { silence }, step);
    }
    return undefined;
  }

  #breach(
    about: { readonly split: string; readonly tag: string },
    numbers: Readonly<Record<string, number>>,
    step: number,
  ): Verdict {
    this.#missing = about;
    return { kind: "breach", evidence: { numbers, to: step, about } };
  }
}

function fits(split: string, tag: string): boolean {
  return split.length <= longestName && tag.length <= longestName;
}

function newlySeen(split: string, tag: string, wallTime: number): Seen {
  return { split, tag, first: wallTime, last: wallTime, longest: 0, count: 0 };
}
