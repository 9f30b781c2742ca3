import { z } from "zod";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { lineBefore } from "../../series/trend.js";
import { badnessSign } from "../badness.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import { type Outlier, OutlierDetector, outlierMemory } from "../outlier-detector.js";
import type { Rule } from "../rule.js";
import { saySpike } from "../say-spike.js";

const settings = z.strictObject({
  enabled,
  sigmas: z
    .number()
    .positive()
    .default(15)
    .describe("Distance from the median of the last 64 points, in units of noise and spread."),
  relative: z.number().min(0).default(0.25).describe("And at least this share of the median."),
});
type Settings = z.output<typeof settings>;

const warmUp = 20;

/**
 * The short-window spike: one value above median(64) by > max(sigmas · max(noise, 1.4826 · MAD), relative · |median|). Where the curve
 * has fallen well below that median, a value above it is measured from the line through the points: a steep fall is no noise.
 */
export const jump: Rule<Settings> = {
  id: "jump",
  severity: "warning",
  settings,
  looksBack: true,
  memoryBound: outlierMemory,
  summary: {
    en: "A loss jumps by many times its noise and by a good part of its level.",
    zh: "损失突然跳变，幅度远超噪声且占其水平的可观比例。",
  },
  say: (evidence, locale, labels) => saySpike(evidence, locale, metricName(labels)),
  appliesTo: ({ kind }) => kind === "loss",
  detector: (chosen, labels, memory) => {
    const sign = badnessSign(labels);
    const whole = { ...chosen, sign };
    const judge = (point: Point, past: SeriesPast): Outlier | undefined => outlierOf(point, past, whole);
    return new OutlierDetector({ sign, judge, lastsFrom: 30 }, memory);
  },
};

interface Chosen extends Settings {
  readonly sign: 1 | -1;
}

/** What a value is measured by. */
interface Measure {
  readonly centre: number;
  readonly noise: number;
  readonly past: SeriesPast;
}

function outlierOf({ value }: Point, past: SeriesPast, chosen: Chosen): Outlier | undefined {
  if (past.count <= warmUp) return undefined;
  const { sign, sigmas, relative } = chosen;
  const { level, spread } = past;
  const least = relative * Math.abs(level);
  const off = sign * (value - level);
  if (off > Math.max(least, sigmas * spread))
    return outlier(value, { centre: level, noise: Math.max(spread, past.noise()), past }, chosen);
  const smooth = past.smooth(1);
  if (!(sign * (level - smooth) > spread / 2) || !(off > 0) || !(sign * (value - smooth) > least))
    return undefined;
  const line = lineBefore(past);
  const centre = sign * Math.max(sign * line.end, sign * smooth);
  return outlier(value, { centre, noise: Math.max(line.spread, past.noise()), past }, chosen);
}

function outlier(
  value: number,
  { centre, noise, past }: Measure,
  { sign, sigmas, relative }: Chosen,
): Outlier | undefined {
  const least = relative * Math.abs(past.level);
  const off = sign * (value - centre);
  const most = Math.max(least, sigmas * noise);
  if (!(off > most)) return undefined;
  const back = sign * Math.max(sign * centre + 2 * noise, sign * past.level);
  return { level: centre, limit: centre + sign * most, back, sigmas: off / noise };
}
