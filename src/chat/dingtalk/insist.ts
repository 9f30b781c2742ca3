import type { Log } from "../../lib/log.js";
import type { Timers } from "../../lib/timers.js";
import { wait } from "../../lib/wait.js";
import type { ApiAnswer } from "./dingtalk-api.js";

const mostTries = 10;

/** Sends what stands in no lane again while it is refused for now; `send` resolves with the pause (ms) that is wanted, or undefined where it is over. */
export function insist(
  send: () => Promise<number | undefined>,
  {
    signal,
    log,
    timers,
  }: { readonly signal: AbortSignal; readonly log: Log; readonly timers: Timers | undefined },
): void {
  const all = async (): Promise<void> => {
    for (let tries = 0; tries < mostTries && !signal.aborted; tries += 1) {
      const afterMs = await send();
      if (afterMs === undefined) return;
      await wait(afterMs, signal, timers);
    }
  };
  all().catch((err: unknown) => log.warn({ err }, "dingtalk_quota_not_told"));
}

/** The pause after a call that was refused for now. */
export function pauseOf(answer: ApiAnswer): number | undefined {
  return answer.ok || answer.fault.kind !== "later" ? undefined : answer.fault.afterMs;
}
