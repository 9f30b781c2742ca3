import type { LabelledSeries } from "./labelled-series.js";
import type { Alarm } from "./score.js";

type Judge = (values: readonly number[], series: LabelledSeries) => number[];

/** Plain implementations of what others use, to compare with. Values are turned so that more is worse; losses only where the original is about losses. */
export const baselines: Readonly<Record<string, (series: LabelledSeries) => readonly Alarm[]>> = {
  "non-finite only": alarms("non_finite", (values) => indices(values, (_, value) => !Number.isFinite(value))),
  "rules (a) and (b), literal": alarms("literal", literal),
  "z-score 3 over 30": alarms("z", (values) => sigmas(values, 30, 3)),
  "6 sigma over 128 (OLMo-core)": alarms("6σ", (values) => sigmas(values, 128, 6)),
  "KillLossSpike (llm-foundry)": alarms("kill", killLossSpike),
  "SpikeDetection (Lightning)": alarms("spike", lightningSpike),
};

function alarms(rule: string, judge: Judge): (series: LabelledSeries) => readonly Alarm[] {
  return (series) => {
    const sign = series.direction === "max" ? -1 : 1;
    const turned = series.values.map((value) => sign * value);
    return judge(turned, series).map((index) => ({ index, rule, isCritical: false }));
  };
}

function indices(values: readonly number[], is: (index: number, value: number) => boolean): number[] {
  return values.flatMap((value, index) => (is(index, value) ? [index] : []));
}

/** (a) a loss rises 5 times in a row, by more than 0.1 in all; (b) an accuracy falls 3 times in a row, by more than 0.02. */
function literal(values: readonly number[], { direction }: LabelledSeries): number[] {
  const [count, total] = direction === "min" ? [5, 0.1] : [3, 0.02];
  return indices(values, (i, value) => {
    if (i < count || !(value - (values[i - count] ?? NaN) > total)) return false;
    return values.slice(i - count, i).every((before, k) => before < (values[i - count + k + 1] ?? NaN));
  });
}

function sigmas(values: readonly number[], window: number, k: number): number[] {
  return indices(values, (i, value) => {
    if (i < window) return false;
    const { mean, deviation } = moments(values.slice(i - window, i));
    return deviation > 1e-10 && value > mean + k * deviation;
  });
}

/** Twice the mean of the window (100 points or 5 % of the run) for 5 points in a row. */
function killLossSpike(values: readonly number[], { direction }: LabelledSeries): number[] {
  if (direction === "max") return [];
  const window = Math.max(100, Math.round(values.length / 20));
  let streak = 0;
  return indices(values, (i, value) => {
    if (i < window) return false;
    streak = value >= 2 * moments(values.slice(i - window, i)).mean ? streak + 1 : 0;
    return streak >= 5;
  });
}

/** Not better than the last value, and away from the mean of the last 10 by twice that mean; non-finite counts. */
function lightningSpike(values: readonly number[]): number[] {
  return indices(values, (i, value) => {
    if (!Number.isFinite(value)) return true;
    if (i < 1 || value < (values[i - 1] ?? NaN)) return false;
    const { mean } = moments(values.slice(Math.max(0, i - 10), i));
    return Math.abs(value - mean) >= 2 * Math.abs(mean);
  });
}

function moments(window: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
  const variance = window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / window.length;
  return { mean, deviation: Math.sqrt(variance) };
}
