import { z } from "zod";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
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

/** The short-window spike: one value above median(64) by > max(sigmas · max(noise, 1.4826 · MAD), relative · |median|). */
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

function outlierOf(
  { value }: Point,
  past: SeriesPast,
  { sign, sigmas, relative }: Settings & { readonly sign: 1 | -1 },
): Outlier | undefined {
  const { level, spread } = past;
  const off = sign * (value - level);
  const least = Math.max(relative * Math.abs(level), sigmas * spread);
  if (past.count <= warmUp || !(off > least)) return undefined;
  const noise = Math.max(spread, past.noise());
  if (!(off > sigmas * noise)) return undefined;
  const limit = level + sign * Math.max(relative * Math.abs(level), sigmas * noise);
  return { level, limit, back: level + sign * 2 * noise, sigmas: off / noise };
}
