import type { LabelledSeries } from "./labelled-series.js";

/** A warning or critical alert of one series: the index of its point. */
export interface Alarm {
  readonly index: number;
  readonly rule: string;
  readonly isCritical: boolean;
}

export interface Score {
  /** Shares of healthy series. */
  readonly falseAlarms: number;
  readonly falseCritical: number;
  readonly falseByRule: ReadonlyMap<string, number>;
  /** Kind of fault → share found inside its window, and the median delay in points. */
  readonly found: ReadonlyMap<
    string,
    { readonly share: number; readonly delay: number; readonly of: number }
  >;
  readonly macro: number;
  readonly score: number;
}

/** Points after the onset within which an injected fault must be found; other faults until the end. */
const horizons: Readonly<Record<string, number>> = {
  inj_spike: 15,
  inj_spike_decay: 15,
  inj_nan: 5,
  inj_nan_transient: 5,
  inj_zero_loss: 10,
  inj_exp_divergence: 120,
  inj_step_up: 60,
  inj_slow_divergence: 200,
  inj_acc_collapse: 12,
  inj_acc_decay: 20,
};

/** Macro detection (mean over the kinds of faults of the share found) less twice the share of healthy series with an alarm. */
export function scoreOf(
  set: readonly LabelledSeries[],
  alarmsOf: (series: LabelledSeries) => readonly Alarm[],
): Score {
  const healthy: (readonly Alarm[])[] = [];
  const kinds = new Map<string, (number | undefined)[]>();
  for (const series of set) {
    const alarms = alarmsOf(series);
    if (series.part === "healthy") healthy.push(alarms);
    else {
      const key = `${series.part} ${series.kind.replace("inj_", "")}`;
      kinds.set(key, [...(kinds.get(key) ?? []), delayOf(series, alarms)]);
    }
  }
  const found = new Map([...kinds].map(([kind, delays]) => [kind, foundOf(delays)] as const));
  const shares = [...found.values()].map(({ share }) => share);
  const macro = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const shareOf = (is: (alarms: readonly Alarm[]) => boolean): number =>
    healthy.filter(is).length / healthy.length;
  const falseAlarms = shareOf((alarms) => alarms.length > 0);
  return {
    falseAlarms,
    falseCritical: shareOf((alarms) => alarms.some(({ isCritical }) => isCritical)),
    falseByRule: countByRule(healthy),
    found,
    macro,
    score: macro - 2 * falseAlarms,
  };
}

function delayOf(series: LabelledSeries, alarms: readonly Alarm[]): number | undefined {
  const horizon = series.part === "injected" ? (horizons[series.kind] ?? Infinity) : Infinity;
  const hits = alarms
    .map(({ index }) => index)
    .filter((index) => (series.steps[index] ?? 0) >= series.windowStart && index <= series.onset + horizon);
  return hits.length === 0 ? undefined : Math.min(...hits) - series.onset;
}

function foundOf(delays: readonly (number | undefined)[]) {
  const known = delays.filter((delay) => delay !== undefined).sort((one, other) => one - other);
  return {
    share: known.length / delays.length,
    delay: known[known.length >> 1] ?? NaN,
    of: delays.length,
  };
}

function countByRule(healthy: readonly (readonly Alarm[])[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const alarms of healthy) {
    for (const rule of new Set(alarms.map((alarm) => alarm.rule)))
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return counts;
}
