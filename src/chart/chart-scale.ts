import type { ChartLine, ChartSpec } from "../message/chart-spec.js";
import { linearTicks, logTicks, stepTicks, type Tick } from "./axis-ticks.js";

/** One axis: `project` takes data to axis units (log10 on a logarithmic one), `from` and `to` are in axis units. */
export interface Scale {
  readonly kind: "linear" | "log";
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly Tick[];
  project(value: number): number;
}

/** Where a place in axis units lies on the axis: 0 at its start, 1 at its end; bounded, so that far outside stays drawable. */
export function share({ from, to }: Pick<Scale, "from" | "to">, at: number): number {
  return Math.max(-20, Math.min(20, (at - from) / (to - from)));
}

const farthest = 1e300;
const nearest = 1e-300;
const wideDecades = 2.5;

/** The value axis: fits the main line, gives the others and the levels room as long as the main line stays readable. */
export function valueScale(spec: ChartSpec): Scale {
  const levels = spec.marks.flatMap((mark) =>
    mark.kind === "level" && Number.isFinite(mark.value) ? [mark.value] : [],
  );
  const main = rangeOf(spec.lines.filter((line) => line.weight === "main"));
  const all = union(main, rangeOf(spec.lines.filter((line) => line.weight !== "main")));
  const core = main ?? all;
  const kind = kindOf(spec, levels, all);
  const project = kind === "log" ? Math.log10 : clamped;
  if (core === undefined) return { kind: "linear", from: 0, to: 1, ticks: [], project };
  const own: Range = [project(core[0]), project(core[1])];
  const room = Math.max(own[1] - own[0], Math.abs(own[1]) * 1e-3, nearest);
  const guests = [...(all ?? []), ...levels].map(project);
  const low = Math.max(Math.min(own[0], ...guests), own[0] - 3 * room);
  const high = Math.min(Math.max(own[1], ...guests), own[1] + 3 * room);
  const [from, to] = padded([low, high], kind);
  return {
    kind,
    from,
    to,
    ticks: kind === "log" ? logTicks(from, to, 6) : linearTicks(from, to, 5),
    project,
  };
}

/** The step axis: all points, and marks close to them. */
export function stepScale(spec: ChartSpec): Scale {
  let low = Infinity;
  let high = -Infinity;
  for (const { step } of spec.lines) {
    if (step.length > 0) low = Math.min(low, step[0] ?? Infinity);
    if (step.length > 0) high = Math.max(high, step.at(-1) ?? -Infinity);
  }
  if (low > high) return { kind: "linear", from: 0, to: 1, ticks: [], project: clamped };
  for (const mark of spec.marks) {
    if (mark.kind !== "moment" || !(Math.abs(mark.step - high) <= (high - low) * 0.5)) continue;
    high = Math.max(high, mark.step);
  }
  if (low === high)
    return { kind: "linear", from: low - 1, to: high + 1, ticks: stepTicks(low, high, 1), project: clamped };
  const margin = (high - low) * 0.015;
  return {
    kind: "linear",
    from: low - margin,
    to: high + margin,
    ticks: stepTicks(low, high, 6),
    project: clamped,
  };
}

type Range = readonly [number, number];

function clamped(value: number): number {
  return Math.max(-farthest, Math.min(farthest, value));
}

function rangeOf(lines: readonly ChartLine[]): Range | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const line of lines) {
    // An index: iterating a typed array costs several times as much.
    for (let index = 0; index < line.value.length; index += 1) {
      const value = line.value[index] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : undefined;
}

function union(a: Range | undefined, b: Range | undefined): Range | undefined {
  return a === undefined || b === undefined ? (a ?? b) : [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** A logarithm helps where the bulk spans decades, or where the end left the bulk far behind; zero and below forbid it. */
function kindOf(spec: ChartSpec, levels: readonly number[], range: Range | undefined): Scale["kind"] {
  if (spec.scale === "linear") return "linear";
  if (range === undefined || range[0] <= 0) return "linear";
  if (spec.scale === "log") return "log";
  if (levels.some((level) => level <= 0)) return "linear";
  const sorted = sample(spec.lines.filter((line) => line.weight === "main")).sort();
  const low = sorted[Math.floor(sorted.length * 0.02)] ?? range[0];
  const middle = sorted[Math.floor(sorted.length / 2)] ?? range[0];
  const high = sorted.at(-1) ?? range[1];
  return Math.log10(high / low) > wideDecades || high > 20 * middle ? "log" : "linear";
}

/** At most about 2,000 finite values a line and always the largest: enough for quantiles. */
function sample(lines: readonly ChartLine[]): Float64Array {
  const taken: number[] = [];
  for (const { value } of lines) {
    const stride = Math.max(1, Math.floor(value.length / 2_000));
    let largest = -Infinity;
    for (let index = 0; index < value.length; index += 1) {
      const one = value[index] ?? Number.NaN;
      if (!Number.isFinite(one)) continue;
      if (index % stride === 0) taken.push(one);
      if (one > largest) largest = one;
    }
    if (largest > -Infinity) taken.push(largest);
  }
  return Float64Array.from(taken);
}

function padded([low, high]: Range, kind: Scale["kind"]): Range {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low <= Math.max(size * 1e-9, nearest)) {
    const half = kind === "log" ? 0.5 : size === 0 ? 1 : Math.max(size * 0.1, nearest);
    return [low - half, high + half];
  }
  return [low - (high - low) * 0.05, high + (high - low) * 0.08];
}
