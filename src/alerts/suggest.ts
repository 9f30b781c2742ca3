/** How a past run ended, and how many of the candidates (from the most sensitive on) would have alarmed in it. */
export interface Trial {
  readonly run: string;
  readonly ended: "well" | "badly" | "unclear";
  readonly firesUpTo: number;
}

/** What one candidate would have done: healthy runs without an alarm, bad runs with one. */
export interface TradeOff {
  readonly candidate: number;
  readonly quiet: number;
  readonly caught: number;
}

export interface Suggestion {
  readonly well: number;
  readonly badly: number;
  readonly unclear: number;
  /** One for each candidate, from the most sensitive to the calmest. */
  readonly tradeOffs: readonly TradeOff[];
  /**
   * `change`: the chosen candidate is better than the present setting; `keep`: the present one is as good as any;
   * `useless`: no candidate catches a bad run without costing more than it gains; `too-few`: too few runs to tell.
   */
  readonly advice: "change" | "keep" | "useless" | "too-few";
  readonly chosen: number | undefined;
  readonly current: number | undefined;
}

/** Fewer runs that ended well than this prove nothing. */
export const fewestHealthy = 3;
/** A false alarm costs as much as two alarms gained: who is called in vain stops looking. */
const falseAlarmCost = 2;

/**
 * The candidate with the largest share of bad runs caught less twice the share of healthy runs disturbed. Of equals
 * the present setting; else the middle of the longest stretch, and where the stretch has an open end, one step in
 * from its other end. `current` is the present setting's place among the candidates.
 */
export function suggest(
  trials: readonly Trial[],
  candidates: number,
  current: number | undefined,
): Suggestion {
  const well = trials.filter(({ ended }) => ended === "well");
  const badly = trials.filter(({ ended }) => ended === "badly");
  const tradeOffs = Array.from({ length: candidates }, (_, candidate) => ({
    candidate,
    quiet: well.filter(({ firesUpTo }) => firesUpTo <= candidate).length,
    caught: badly.filter(({ firesUpTo }) => firesUpTo > candidate).length,
  }));
  const found = {
    well: well.length,
    badly: badly.length,
    unclear: trials.length - well.length - badly.length,
    tradeOffs,
    current,
  };
  if (well.length < fewestHealthy || candidates === 0) {
    return { ...found, advice: "too-few", chosen: undefined };
  }
  const scores = tradeOffs.map(({ quiet, caught }) => {
    const gain = badly.length === 0 ? 0 : caught / badly.length;
    return gain - falseAlarmCost * (1 - quiet / well.length);
  });
  const best = Math.max(...scores);
  const equals = (score: number | undefined): boolean => score !== undefined && score >= best - 1e-12;
  const chosen = placeIn(longestStretch(scores.map(equals)), candidates);
  if (badly.length > 0 && (tradeOffs[chosen]?.caught ?? 0) === 0) {
    return { ...found, advice: "useless", chosen: undefined };
  }
  const keeps = current !== undefined && equals(scores[current]);
  return { ...found, advice: keeps ? "keep" : "change", chosen: keeps ? current : chosen };
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

function longestStretch(best: readonly boolean[]): Stretch {
  let longest: Stretch = { from: 0, to: -1 };
  let from = 0;
  for (let i = 0; i < best.length; i += 1) {
    if (best[i] !== true) from = i + 1;
    else if (i - from > longest.to - longest.from) longest = { from, to: i };
  }
  return longest;
}

function placeIn({ from, to }: Stretch, candidates: number): number {
  if (to === candidates - 1) return from === 0 ? Math.floor(to / 2) : Math.min(from + 1, to);
  if (from === 0) return Math.max(to - 1, 0);
  return (from + to) >> 1;
}
