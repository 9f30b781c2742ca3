const hourMs = 3_600_000;

/** What has been silent for this long is looked at in one of so many sweeps: what wakes after hours may be noticed within a minute. */
const rests = [
  { silentMs: 24 * hourMs, sweeps: 4 },
  { silentMs: 4 * hourMs, sweeps: 2 },
] as const;

/** One of many that are looked at in turns. */
export interface InTurn {
  /** A number of its own, so that every sweep takes about as many. */
  readonly place: number;
  readonly silentMs: number;
}

/** Whether it is left out of the sweep of this number; in any four sweeps in a row it is looked at once at least. */
export function isResting({ place, silentMs }: InTurn, sweep: number): boolean {
  const rest = rests.find((each) => silentMs >= each.silentMs);
  return rest !== undefined && (place + sweep) % rest.sweeps !== 0;
}
