import type { RuleSettings } from "../rules/effective-settings.js";
import type { SettingsOverride } from "../rules/override.js";
import { type RuleId, ruleOf } from "../rules/rule-registry.js";
import type { Direction } from "../series/labels.js";
import { type Run, runIdOf } from "../series/run.js";
import { judgeKnown, type KnownSeries } from "./rehearse.js";

/** The one setting of a rule that a suggestion is about; more of it is calmer, except that a floor is calmer the lower it lies. */
export type Knob =
  | { readonly kind: "total"; readonly rule: RuleId; readonly setting: string }
  | { readonly kind: "limit"; readonly rule: RuleId; readonly setting: string; readonly op: ">" | "<" }
  | {
      readonly kind: "word";
      readonly rule: RuleId;
      readonly setting: string;
      readonly words: readonly string[];
    };

export type Candidate = number | string;

const sensitivities = ["strict", "normal", "calm"];

/** The knob of a rule, where it has one that can be found from past runs. */
export function knobOf(rule: RuleId, direction: Direction): Knob | undefined {
  const { shape } = ruleOf(rule).settings;
  if (Object.hasOwn(shape, "sensitivity")) {
    const words = sensitivities.filter((word) => shape["sensitivity"]?.safeParse(word).success === true);
    return words.length < 2 ? undefined : { kind: "word", rule, setting: "sensitivity", words };
  }
  if (Object.hasOwn(shape, "min_total")) return { kind: "total", rule, setting: "min_total" };
  if (rule !== "threshold" || direction === "unknown") return undefined;
  return { kind: "limit", rule, setting: "value", op: direction === "lower" ? ">" : "<" };
}

/** What a knob can be set to before any run is known, from the most sensitive to the calmest; limits depend on the runs. */
export function candidatesOf(knob: Knob, current: unknown): readonly Candidate[] {
  if (knob.kind === "word") return knob.words;
  if (knob.kind === "limit") return [];
  const totals = new Set(typeof current === "number" && current > 0 ? [current] : []);
  for (let power = -6; power <= 5; power += 1) {
    for (const digit of [1, 1.5, 2, 3, 5, 7]) totals.add(Number(`${digit}e${power}`));
  }
  return [...totals].sort((a, b) => a - b);
}

export interface KnownRun {
  readonly run: Run;
  readonly series: readonly KnownSeries[];
}

/** How many candidates, from the most sensitive on, alarm on a run: a calmer one never alarms where a more sensitive one does not. */
export function firesUpTo(
  known: KnownRun,
  knob: Knob,
  { candidates, settings }: { readonly candidates: readonly Candidate[]; readonly settings: RuleSettings },
): number {
  let [fires, quiet] = [0, candidates.length];
  while (fires < quiet) {
    const middle = (fires + quiet) >> 1;
    const candidate = candidates[middle];
    if (candidate !== undefined && doesFire(known, knob, { candidate, settings })) fires = middle + 1;
    else quiet = middle;
  }
  return fires;
}

/** The limit that a run goes beyond for `points` points in a row, but no farther; −∞ (for a floor ∞) where it has no points. */
export function reachedBy({ series }: KnownRun, op: ">" | "<", points: number): number {
  const sign = op === ">" ? 1 : -1;
  let farthest = -Infinity;
  for (const { points: curve } of series) {
    const seen = curve.value.filter((value) => !Number.isNaN(value));
    for (let i = 0; i + points <= seen.length; i += 1) {
      let held = Infinity;
      for (let k = i; k < i + points; k += 1) held = Math.min(held, sign * (seen[k] ?? 0));
      farthest = Math.max(farthest, held);
    }
  }
  return sign * farthest;
}

/** Limits between what the runs reached, the roundest of each gap, from the most sensitive to the calmest. */
export function limitsBetween(reached: readonly number[], op: ">" | "<"): readonly number[] {
  const sign = op === ">" ? 1 : -1;
  const sorted = [...new Set(reached.filter(Number.isFinite).map((value) => sign * value))].sort(
    (a, b) => a - b,
  );
  const limits = sorted.map((value, i) => {
    const next = sorted[i + 1] ?? value + Math.max(Math.abs(value) * 0.1, 1e-6);
    return sign * roundest(value, next);
  });
  return [...new Set(limits)];
}

/** The number with the fewest digits from `low` on and below `high`. */
function roundest(low: number, high: number): number {
  for (let digits = 1; digits <= 15; digits += 1) {
    const middle = Number(((low + high) / 2).toPrecision(digits));
    if (middle >= low && middle < high) return middle;
  }
  return low;
}

function doesFire(
  { run, series }: KnownRun,
  knob: Knob,
  { candidate, settings }: { readonly candidate: Candidate; readonly settings: RuleSettings },
): boolean {
  const override: SettingsOverride = {
    id: "suggest",
    scope: { kind: "run", run: runIdOf(run) },
    rule: knob.rule,
    tags: series.map(({ tag }) => tag),
    settings: { [knob.setting]: candidate },
    enabled: true,
    author: "",
    at: Number.MAX_SAFE_INTEGER,
  };
  const tried: RuleSettings = { ...settings, overrides: [...settings.overrides, override] };
  const transitions = judgeKnown({ run, series, settings: tried, rules: [ruleOf(knob.rule)] });
  return transitions.some(({ kind }) => kind === "fired");
}
