import { ByteWriter } from "../../lib/byte-writer.js";
import type { SeriesLabels } from "../../series/labels.js";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { recall } from "../detector-memory.js";
import type { Detector, DetectorMemory, Verdict } from "../rule.js";
import { allWell, cleared } from "../verdicts.js";
import type { CompiledCondition } from "./compiled-condition.js";
import { evaluateCondition, type ReadAggregate } from "./evaluate-condition.js";
import { JoinedMetric, joinedMetricBytes, joinSlack, longestSeriesName } from "./joined-metric.js";
import { Patience, patienceBytes } from "./patience.js";
import { type ConditionSettings, tooEarly } from "./series-detector.js";

const version = 1;

export interface JoinSettings extends ConditionSettings {
  /** Names as the condition has them, in the order declared; the points of the first are the ones judged. */
  readonly metrics: readonly { readonly name: string; matches(labels: SeriesLabels): boolean }[];
}

/** Upper bound of a joined detector's memory in bytes. */
export function joinedDetectorBytes({ fingerprint, spans }: CompiledCondition): number {
  return spans.reduce(
    (sum, span) => sum + joinedMetricBytes(span),
    1 + 4 + fingerprint.length + patienceBytes + 4 + 8 + 1,
  );
}

/**
 * Judges a condition over several metrics of a run. A finite point of the first metric is judged once every other metric has a
 * point of its step, or one at or after its wall time; each other metric's windows then end at the point nearest to it.
 */
export class JoinedDetector implements Detector {
  readonly #settings: JoinSettings;
  readonly #metrics: readonly JoinedMetric[];
  readonly #leader: JoinedMetric;
  readonly #patience: Patience;
  readonly #read: ReadAggregate;
  /** Where each metric's windows end for the point being judged. */
  readonly #ends: number[];
  readonly #roles = new WeakMap<SeriesLabels, readonly JoinedMetric[]>();
  /** Newest points of the first metric that are not judged yet. */
  #pending = 0;
  /** Step of the newest judged point: replaced, its judgement is taken back. */
  #judged = NaN;
  /** What was said last of breach and clear: one observation says no more than one of them. */
  #said: "breach" | "clear" = "clear";

  constructor(settings: JoinSettings, memory?: DetectorMemory) {
    const { condition, metrics, span } = settings;
    this.#settings = settings;
    this.#metrics = condition.spans.map((longest) => new JoinedMetric(longest));
    this.#leader = this.#metrics[0] ?? new JoinedMetric(1);
    this.#patience = new Patience(span);
    this.#ends = metrics.map(() => 0);
    const places = new Map(metrics.map(({ name }, index) => [name, index]));
    this.#read = (node) => {
      const place = places.get(node.metric) ?? 0;
      return this.#metrics[place]?.window.aggregate(node, this.#ends[place] ?? 0) ?? NaN;
    };
    recall(memory, version, (reader) => {
      if (reader.text() !== condition.fingerprint) return;
      this.#patience.read(reader);
      this.#pending = reader.u32();
      this.#judged = reader.f64();
      this.#said = reader.u8() === 1 ? "breach" : "clear";
      for (const metric of this.#metrics) metric.read(reader);
    });
  }

  observe(point: Point, _past: SeriesPast, series: SeriesLabels): Verdict {
    const roles = this.#rolesOf(series);
    if (roles.length === 0) return allWell;
    let wentBack = false;
    for (const metric of roles) wentBack = this.#take(metric, point) || wentBack;
    if (!wentBack) return this.#judge();
    this.#said = "clear";
    return cleared;
  }

  reset(step: number): Verdict {
    let wentBack = false;
    for (const metric of this.#metrics) wentBack = this.#goBack(metric, step) || wentBack;
    return wentBack ? cleared : allWell;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter(256).u8(version).text(this.#settings.condition.fingerprint);
    this.#patience.write(writer);
    writer
      .u32(this.#pending)
      .f64(this.#judged)
      .u8(this.#said === "breach" ? 1 : 0);
    for (const metric of this.#metrics) metric.write(writer);
    return writer.finish();
  }

  /** The metrics that a series stands for: each stands for the first series seen that its pattern matches. */
  #rolesOf(series: SeriesLabels): readonly JoinedMetric[] {
    const known = this.#roles.get(series);
    if (known !== undefined) return known;
    const { split, tag } = series;
    const fits = tag !== "" && split.length <= longestSeriesName && tag.length <= longestSeriesName;
    const roles = this.#metrics.filter((metric, index) => {
      if (fits && metric.series === undefined && this.#settings.metrics[index]?.matches(series) === true)
        metric.bind(split, tag);
      return metric.series?.tag === tag && metric.series.split === split;
    });
    this.#roles.set(series, roles);
    return roles;
  }

  /** Whether the evidence of a breach went with steps that went back. */
  #take(metric: JoinedMetric, { step, wallTime, value }: Point): boolean {
    const isLeader = metric === this.#leader;
    const meaning = metric.look(step, value);
    if (meaning === "again") return false;
    const wentBack = meaning === "back" && this.#goBack(metric, step);
    if (meaning === "replaces") {
      const dropped = metric.window.dropFrom(step);
      if (isLeader) {
        if (dropped > 0 && this.#pending > 0) this.#pending -= 1;
        else if (dropped > 0 && this.#judged === step) this.#patience.undo();
      }
    }
    if (!Number.isFinite(value)) return wentBack;
    metric.window.push(step, wallTime, value);
    if (isLeader) this.#pending = Math.min(this.#pending + 1, joinSlack);
    return wentBack;
  }

  #goBack(metric: JoinedMetric, step: number): boolean {
    const dropped = metric.window.dropFrom(step);
    if (metric === this.#leader) this.#pending = Math.max(0, this.#pending - dropped);
    this.#judged = NaN;
    return this.#patience.restart(step);
  }

  /** Judges what waits and can be judged, up to the first change between breach and clear. */
  #judge(): Verdict {
    let verdict = allWell;
    while (this.#pending > 0) {
      const back = this.#pending - 1;
      const { window } = this.#leader;
      const [step, wallTime] = [window.step(back), window.wallTime(back)];
      if (!this.#join(back, step, wallTime)) break;
      this.#pending -= 1;
      this.#judged = step;
      const next = this.#verdict(step, wallTime);
      if (next.kind === "breach" || next.kind === "clear") {
        const news = next.kind !== this.#said;
        this.#said = next.kind;
        verdict = next;
        if (news) break;
      } else if (verdict === allWell) verdict = next;
    }
    return verdict;
  }

  #join(back: number, step: number, wallTime: number): boolean {
    for (const [index, metric] of this.#metrics.entries()) {
      const end = metric === this.#leader ? back : metric.partnerOf(step, wallTime);
      if (end === undefined) return false;
      this.#ends[index] = end;
    }
    return true;
  }

  #verdict(step: number, wallTime: number): Verdict {
    const { condition, severity } = this.#settings;
    const holds = evaluateCondition(condition.node, this.#read);
    const counts = this.#patience.take(holds, step, wallTime);
    if (holds === undefined) return tooEarly;
    if (!counts) return allWell;
    if (!holds) return cleared;
    const steps = { from: this.#patience.since, to: step };
    const about = this.#leader.series;
    const evidence = condition.evidence(this.#read, steps);
    return {
      kind: "breach",
      severity,
      evidence: about === undefined ? evidence : { ...evidence, about },
    };
  }
}
