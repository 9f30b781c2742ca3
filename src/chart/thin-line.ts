import type { ChartLine } from "../message/chart-spec.js";
import { lttb } from "./lttb.js";
import type { Scale } from "./chart-scale.js";

/** What is drawn of a line: points in axis units with `null` where the line breaks, and where non-finite points stood. */
export interface ThinLine {
  readonly points: readonly (readonly [number, number] | null)[];
  /** Finite points before thinning. */
  readonly finite: number;
  readonly nonFinite: readonly NonFinite[];
}

/** All NaN (or infinite) points of a line: how many, and at which steps (bounded, spread evenly). */
export interface NonFinite {
  readonly kind: "NaN" | "Inf" | "-Inf";
  readonly count: number;
  readonly steps: readonly number[];
}

const atMostPoints = 360;
const atMostInSpan = 150;
const atMostMarks = 200;

/** Thins a line to what the eye can see; inside `span` (the evidence) it stays denser, and it breaks where values were not finite. */
export function thinLine(
  line: ChartLine,
  scale: Scale,
  span?: { readonly from: number; readonly to: number },
): ThinLine {
  const y = line.value.map((value) => (Number.isFinite(value) ? scale.project(value) : Number.NaN));
  const kept = [...lttb({ x: line.step, y }, atMostPoints)];
  const near = span === undefined ? [] : denser({ x: line.step, y }, span);
  const extremes = extremesOf(y);
  const indexes =
    near.length + extremes.length === 0
      ? kept
      : [...new Set([...kept, ...near, ...extremes])].sort((a, b) => a - b);
  const before = finiteBefore(y);
  return {
    points: withBreaks({ step: line.step, y, indexes, before }),
    finite: before.at(-1) ?? 0,
    nonFinite: nonFiniteOf(line),
  };
}

function denser(
  curve: { x: Float64Array; y: Float64Array },
  span: { from: number; to: number },
): readonly number[] {
  const first = lowerBound(curve.x, span.from);
  const last = lowerBound(curve.x, span.to + 1e-9);
  const inside = lttb({ x: curve.x.subarray(first, last), y: curve.y.subarray(first, last) }, atMostInSpan);
  return [...inside].map((index) => index + first);
}

/** The first index whose step is at least `step`; steps ascend. */
export function lowerBound(steps: Float64Array, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? Infinity) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

function extremesOf(y: Float64Array): readonly number[] {
  let low = -1;
  let high = -1;
  for (let index = 0; index < y.length; index += 1) {
    const value = y[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (low < 0 || value < (y[low] ?? Infinity)) low = index;
    if (high < 0 || value > (y[high] ?? -Infinity)) high = index;
  }
  return low < 0 ? [] : [low, high];
}

function finiteBefore(y: Float64Array): Uint32Array {
  const counts = new Uint32Array(y.length + 1);
  for (let index = 0; index < y.length; index += 1) {
    counts[index + 1] = (counts[index] ?? 0) + (Number.isNaN(y[index]) ? 0 : 1);
  }
  return counts;
}

/** The line breaks between two drawn points when at least half of what lies between them was not finite. */
function withBreaks(line: {
  readonly step: Float64Array;
  readonly y: Float64Array;
  readonly indexes: readonly number[];
  readonly before: Uint32Array;
}): ThinLine["points"] {
  const points: (readonly [number, number] | null)[] = [];
  let last = -1;
  for (const index of line.indexes) {
    const between = last < 0 ? 0 : index - last - 1;
    const finite = (line.before[index] ?? 0) - (line.before[last + 1] ?? 0);
    if (between > 0 && (between - finite) * 2 >= between) points.push(null);
    points.push([line.step[index] ?? 0, line.y[index] ?? 0]);
    last = index;
  }
  return points;
}

function nonFiniteOf(line: ChartLine): readonly NonFinite[] {
  const steps: Record<NonFinite["kind"], number[]> = { NaN: [], Inf: [], "-Inf": [] };
  line.value.forEach((value, index) => {
    if (!Number.isFinite(value))
      steps[Number.isNaN(value) ? "NaN" : value > 0 ? "Inf" : "-Inf"].push(line.step[index] ?? 0);
  });
  return (["NaN", "Inf", "-Inf"] as const).flatMap((kind) =>
    steps[kind].length === 0 ? [] : [{ kind, count: steps[kind].length, steps: spread(steps[kind]) }],
  );
}

function spread(steps: readonly number[]): readonly number[] {
  if (steps.length <= atMostMarks) return steps;
  return Array.from(
    { length: atMostMarks },
    (_, index) => steps[Math.floor((index * (steps.length - 1)) / (atMostMarks - 1))] ?? 0,
  );
}
