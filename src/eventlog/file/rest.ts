const hourMs = 3_600_000;

/**
 * What has been silent for this long is looked at in one of so many sweeps. A process that goes on after hours shows in
 * its file, one that is started again in its directory: nobody waits for the first seconds of the second.
 */
const rests = {
  file: [{ silentMs: 4 * hourMs, sweeps: 2 }],
  directory: [
    { silentMs: 24 * hourMs, sweeps: 4 },
    { silentMs: 4 * hourMs, sweeps: 2 },
  ],
} as const;

/** One of many that are looked at in turns. */
export interface InTurn {
  readonly kind: keyof typeof rests;
  /** A number of its own, so that every sweep takes about as many. */
  readonly place: number;
  readonly silentMs: number;
}

/** Whether it is left out of the sweep of this number; of any four sweeps in a row it is looked at in one at least. */
export function isResting({ kind, place, silentMs }: InTurn, sweep: number): boolean {
  const rest = rests[kind].find((each) => silentMs >= each.silentMs);
  return rest !== undefined && (place + sweep) % rest.sweeps !== 0;
}
