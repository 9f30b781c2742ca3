/** The only place that asks the machine for the time; everything else takes `now` as an argument (milliseconds since 1970). */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
