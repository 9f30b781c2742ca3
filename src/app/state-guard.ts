import type { Log } from "../lib/log.js";
import type { Timer, Timers } from "../lib/timers.js";

export interface StateGuardPorts {
  readonly timers: Timers;
  readonly log: Log;
  /** What tells this Redis from one that was emptied; null in one that was. */
  readonly identity: () => Promise<string | null>;
  /** Whether what wakes the polling is all there. */
  readonly isScheduled: () => Promise<boolean>;
  /** Begins anew on a Redis that holds nothing of what was known. */
  readonly beginAnew: () => Promise<void>;
  readonly schedule: () => Promise<void>;
}

const everyMs = 10_000;

/**
 * Notices while the process runs that Redis was emptied, or only lost what wakes the polling: nothing else would ever
 * come, for that is woken from Redis itself. Two or three short questions every ten seconds.
 */
export async function guardState(ports: StateGuardPorts): Promise<Timer> {
  let known = await ports.identity();
  let looking = false;
  const look = async (): Promise<void> => {
    if ((await ports.identity()) !== known) {
      await ports.beginAnew();
      known = await ports.identity();
    } else if (!(await ports.isScheduled())) {
      ports.log.warn({}, "schedules_lost");
      await ports.schedule();
    }
  };
  return ports.timers.every(everyMs, () => {
    // While Redis is away a question waits for it.
    if (looking) return;
    looking = true;
    void look()
      .catch((error: unknown) => ports.log.error({ err: error }, "state_guard_failed"))
      .finally(() => {
        looking = false;
      });
  });
}
