import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import type { SeriesLabels } from "../../series/labels.js";
import { metricWords } from "../../series/metric-words.js";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { recall } from "../detector-memory.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { Standing } from "../standing.js";
import { allWell } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  percent: z.number().min(0).max(100).default(10).describe("Idle below this, in percent."),
  clear: z.number().min(0).max(100).default(30).describe("Busy again above this, in percent."),
  points: z.int().min(20).max(120).default(100).describe("Points of which 95 of 100 must lie below."),
});
type Settings = z.output<typeof settings>;

const quantile = 0.95;

/** A GPU's utilisation, in percent or as a share of 1: its 95th percentile over the last points lies below `percent`. */
export const gpuIdle: Rule<Settings> = {
  id: "gpu_idle",
  severity: "info",
  settings,
  looksBack: true,
  memoryBound: 40,
  summary: {
    en: "A GPU has next to nothing to do.",
    zh: "GPU 几乎处于空闲状态。",
  },
  say: ({ numbers }, locale, labels) => {
    const { percent = 0, limit = 0, points = 0 } = numbers;
    const [name, most] = [metricName(labels), percent.toFixed(0)];
    return locale === "zh"
      ? `${name}：最近 ${points} 个点中 95% 不超过 ${most}%（限值 ${limit}%），GPU 空闲`
      : `${name}: 95 % of the last ${points} points are at most ${most} % (limit ${limit} %), the GPU idles`;
  },
  appliesTo: isGpuUse,
  detector: (chosen, labels, memory) => new GpuIdleDetector(chosen, labels, memory),
};

/** `gpu/0/utilization`, `system/gpu.0.gpu` and the like; memory, power and temperature of a GPU are something else. */
function isGpuUse({ kind, tag }: SeriesLabels): boolean {
  if (kind !== "utilisation") return false;
  const words = metricWords(tag);
  return words.some((word) => deviceWords.has(word)) && !words.some((word) => otherWords.has(word));
}

const deviceWords: ReadonlySet<string> = new Set([
  "gpu",
  "gpus",
  "cuda",
  "tpu",
  "npu",
  "nvidia",
  "accelerator",
]);
const otherWords: ReadonlySet<string> = new Set(
  "mem memory vram ram power watt watts w temp temperature clock clocks mhz fan allocated reserved gb gib mb mib bytes".split(
    " ",
  ),
);

const version = 1;

class GpuIdleDetector implements Detector {
  readonly #settings: Settings;
  readonly #standing = new Standing();
  readonly #saysPercent: boolean;
  /** Largest value so far: above 1.5 it is percent. */
  #largest = 0;

  constructor(chosen: Settings, { tag }: SeriesLabels, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    this.#saysPercent = metricWords(tag).some((word) => word === "percent" || word === "pct");
    recall(memory, version, (reader) => {
      this.#standing.read(reader);
      this.#largest = reader.f64();
    });
  }

  observe({ step, value }: Point, past: SeriesPast): Verdict {
    if (!Number.isFinite(value)) return allWell;
    this.#largest = Math.max(this.#largest, value);
    const { percent, clear, points } = this.#settings;
    if (past.length < points) return allWell;
    const unit = this.#saysPercent || this.#largest > 1.5 ? 1 : 100;
    if (this.#standing.isOpen)
      return isBelow(past, { limit: clear / unit, points }) ? allWell : this.#standing.close();
    if (!isBelow(past, { limit: percent / unit, points })) return allWell;
    this.#standing.open(step);
    const numbers = { value, percent: unit * quantileOf(past, points), limit: percent, points };
    return {
      kind: "breach",
      evidence: { numbers, from: past.step(points - 1), to: step, level: percent / unit },
    };
  }

  reset(step: number): Verdict {
    return this.#standing.reset(step);
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version);
    this.#standing.write(writer);
    return writer.f64(this.#largest).finish();
  }
}

/** Whether the 95th percentile lies below: known as soon as too many do not. */
function isBelow(
  past: SeriesPast,
  { limit, points }: { readonly limit: number; readonly points: number },
): boolean {
  let left = Math.floor((1 - quantile) * points + 1e-9);
  for (let back = 0; back < points; back += 1) {
    if (past.value(back) < limit) continue;
    left -= 1;
    if (left < 0) return false;
  }
  return true;
}

function quantileOf(past: SeriesPast, points: number): number {
  const sorted = Float64Array.from({ length: points }, (_, back) => past.value(back)).sort();
  return sorted[Math.ceil(quantile * points) - 1] ?? NaN;
}
