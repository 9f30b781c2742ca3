import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { printable } from "../print.js";

const pauseMs = 500;

/** Waits for a directory that a training job may yet make; gives up after `timeout` (ms) and leaves the complaint to others. */
export async function untilThere(path: string, timeout: number, signal: AbortSignal): Promise<void> {
  if (path.includes("://") || existsSync(path)) return;
  process.stderr.write(`waiting for ${printable(path)} to appear\n`);
  for (let waited = 0; waited < timeout && !existsSync(path); waited += pauseMs) {
    await pause(Math.min(pauseMs, timeout - waited), undefined, { signal });
  }
}
