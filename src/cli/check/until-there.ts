import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const pauseMs = 500;

/** Waits for a directory that a training job may yet make; gives up after `timeout` (ms) and leaves the complaint to others. */
export async function untilThere(path: string, timeout: number, signal: AbortSignal): Promise<void> {
  if (path.includes("://")) return;
  for (let waited = 0; waited < timeout && !existsSync(path); waited += pauseMs) {
    await pause(Math.min(pauseMs, timeout - waited), undefined, { signal });
  }
}
