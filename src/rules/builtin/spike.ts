import { z } from "zod";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { badnessSign } from "../badness.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import { type Outlier, OutlierDetector, outlierMemory } from "../outlier-detector.js";
import type { Rule, Severity } from "../rule.js";
import { saySpike } from "../say-spike.js";

const settings = z.strictObject({
  enabled,
  sigmas: z
    .number()
    .positive()
    .default(6)
    .describe("Distance from the mean of the last 128 points, in standard deviations."),
  early_sigmas: z
    .number()
    .positive()
    .default(8)
    .describe("Before 128 points: distance from the median in units of the noise, and twice the median."),
  warning_sigmas: z.number().positive().default(15).describe("From here on it is a warning."),
  lasting: z
    .int()
    .min(2)
    .max(200)
    .default(30)
    .describe("Points after which a spike that did not come back is told as a divergence."),
});
type Settings = z.output<typeof settings>;

const window = 128;
const fewest = 8;

/** One value far above what was usual: value > mean + sigmas · sd of the last 128 (tamed) values; before that > 2 · median and > median + early_sigmas · noise. */
export const spike: Rule<Settings> = {
  id: "spike",
  severity: "info",
  settings,
  looksBack: true,
  memoryBound: outlierMemory,
  summary: {
    en: "A loss jumps far out of its noise, often for a few points only.",
    zh: "损失突然远离正常波动范围，往往只持续几个点。",
  },
  say: (evidence, locale, labels) => saySpike(evidence, locale, metricName(labels)),
  appliesTo: ({ kind }) => kind === "loss",
  detector: (chosen, labels, memory) => {
    const sign = badnessSign(labels);
    const whole = { ...chosen, sign };
    const judge = (point: Point, past: SeriesPast): Outlier | undefined =>
      past.count > window ? late(point, past, whole) : early(point, past, whole);
    return new OutlierDetector({ sign, judge, lastsFrom: chosen.lasting }, memory);
  },
};

interface Chosen extends Settings {
  readonly sign: 1 | -1;
}

function early({ value }: Point, past: SeriesPast, chosen: Chosen): Outlier | undefined {
  const { level, spread } = past;
  const off = chosen.sign * (value - level);
  if (past.count <= fewest || !(off > Math.abs(level)) || !(off > chosen.early_sigmas * spread))
    return undefined;
  const noise = Math.max(spread, past.noise() || 0);
  if (!(off > chosen.early_sigmas * noise)) return undefined;
  return outlier({ centre: level, noise, off, least: chosen.early_sigmas }, chosen);
}

/** Mean and deviation are taken only where the median and spread say that it may matter. */
function late({ value }: Point, past: SeriesPast, chosen: Chosen): Outlier | undefined {
  if (!(chosen.sign * (value - past.level) > (chosen.sigmas / 2) * past.spread)) return undefined;
  let sum = 0;
  for (let back = 1; back <= window; back += 1) sum += past.calm(back) / window;
  let squares = 0;
  for (let back = 1; back <= window; back += 1) squares += (past.calm(back) - sum) ** 2 / window;
  const noise = Math.max(Math.sqrt(squares), 1e-3 * Math.abs(sum), 1e-12);
  const off = chosen.sign * (value - sum);
  if (!(off > chosen.sigmas * noise)) return undefined;
  return outlier({ centre: sum, noise, off, least: chosen.sigmas }, chosen);
}

function outlier(
  found: { readonly centre: number; readonly noise: number; readonly off: number; readonly least: number },
  { sign, warning_sigmas }: Chosen,
): Outlier {
  const { centre, noise, off, least } = found;
  const sigmas = off / noise;
  const severity: Severity = sigmas > warning_sigmas ? "warning" : "info";
  return {
    level: centre,
    limit: centre + sign * least * noise,
    back: centre + sign * 2 * noise,
    sigmas,
    severity,
  };
}
