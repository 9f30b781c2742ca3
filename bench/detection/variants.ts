import type { LabelledSeries } from "./labelled-series.js";

type Values = readonly number[];
type Change = (series: LabelledSeries, random: () => number) => LabelledSeries;

/** Healthy curves as other loggers, scales and models would have written them: what must stay as quiet as the curves themselves. */
export const variants: Readonly<Record<string, Change>> = {
  "as they are": (series) => series,
  "times 0.001": scaled(0.001),
  "times 100": scaled(100),
  "times 1,000": scaled(1_000),
  "turned round (maximised)": (series) => ({
    ...withValues(series, (values) => values.map((value) => -value)),
    tag: series.direction === "min" ? "reward" : "loss",
    direction: series.direction === "min" ? "max" : "min",
  }),
  "every second point": thinnedBy(2),
  "every fifth point": thinnedBy(5),
  "every tenth point": thinnedBy(10),
  "thinned to 120 points": thinnedTo(120),
  "thinned to 60 points": thinnedTo(60),
  "thinned to 40 points": thinnedTo(40),
  "thinned to 20 points": thinnedTo(20),
  "running means (a tenth of each new value)": (series) =>
    withValues(series, (values) => runningMean(values)),
  "rounded to three digits": (series) =>
    withValues(series, (values) => values.map((value) => Number(value.toPrecision(3)))),
  "twice the noise": noisy(2, gaussian),
  "four times the noise": noisy(4, gaussian),
  "twice the noise, heavy-tailed": noisy(2, heavyTailed),
  "1 added": added(1),
  "10 added": added(10),
};

function scaled(factor: number): Change {
  return (series) => withValues(series, (values) => values.map((value) => factor * value));
}

function added(offset: number): Change {
  return (series) => withValues(series, (values) => values.map((value) => value + offset));
}

function thinnedBy(every: number): Change {
  return (series) => pickedFrom(series, (i) => i % every === 0);
}

function thinnedTo(count: number): Change {
  return (series) => {
    const every = Math.max(1, Math.floor(series.values.length / count));
    return pickedFrom(series, (i) => i % every === 0);
  };
}

/** Noise is added so that the standard deviation around the curve becomes `times` what it is there. */
function noisy(times: number, draw: (random: () => number) => number): Change {
  const share = Math.sqrt(times * times - 1);
  return (series, random) =>
    withValues(series, (values) =>
      values.map((value, i) => value + share * noiseAt(values, i) * draw(random)),
    );
}

function withValues(series: LabelledSeries, change: (values: Values) => Values): LabelledSeries {
  return { ...series, values: change(series.values).map(Math.fround) };
}

function pickedFrom(series: LabelledSeries, takes: (index: number) => boolean): LabelledSeries {
  const pick = (numbers: Values): Values => numbers.filter((_, i) => takes(i));
  return {
    ...series,
    steps: pick(series.steps),
    times: pick(series.times),
    values: pick(series.values),
  };
}

function runningMean(values: Values): Values {
  let mean = values[0] ?? 0;
  return values.map((value) => (mean += 0.1 * (value - mean)));
}

/** Standard deviation of the noise near a point: 1.4826 median |difference| / √2 over 33 points. */
function noiseAt(values: Values, at: number): number {
  const near = values.slice(Math.max(0, at - 16), at + 17);
  const differences = near.slice(1).map((value, i) => Math.abs(value - (near[i] ?? 0)));
  const middle = differences.sort((one, other) => one - other)[differences.length >> 1] ?? 0;
  return (1.4826 * middle) / Math.SQRT2;
}

/** Box–Muller. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Student's t with three degrees of freedom, made to a standard deviation of 1. */
function heavyTailed(random: () => number): number {
  const squares = [0, 1, 2].reduce((sum) => sum + gaussian(random) ** 2, 0);
  return gaussian(random) / Math.sqrt(squares / 3) / Math.sqrt(3);
}

/** Repeatable numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
