import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EventFileWriter } from "../../eventlog/event-file-writer.js";
import type { Clock } from "../../lib/clock.js";
import { demoRuns, type Logged } from "./demo-runs.js";

/** Milliseconds between two logged steps of a run: every fault shows within half a minute. */
export const demoPaceMs = 250;

export interface DemoTraining {
  /** The log directory to fill. */
  readonly root: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds between two logged steps of a run; `demoPaceMs` by default. */
  readonly paceMs?: number;
}

/** Trains the demo's models side by side, logging as a trainer would, until all are done or the signal stops them. */
export async function runDemoTraining(request: DemoTraining): Promise<void> {
  const { root, clock, signal, paceMs = demoPaceMs } = request;
  const trainees = demoRuns.map((run) => {
    return { steps: run.train(), log: new RunLog(join(root, run.name), clock) };
  });
  try {
    for (let active = trainees; active.length > 0 && !signal.aborted;) {
      active = active.filter(({ steps, log }) => {
        const next = steps.next();
        if (next.done !== true) log.write(next.value);
        return next.done !== true;
      });
      await pause(paceMs, signal);
    }
  } finally {
    for (const { log } of trainees) log.close();
  }
}

/** The event files of one run: a directory a split, flushed at every step. */
class RunLog {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #writers = new Map<string, EventFileWriter>();

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  write({ step, train, validation }: Logged): void {
    this.#writeSplit("train", step, train);
    if (validation !== undefined) this.#writeSplit("validation", step, validation);
  }

  close(): void {
    for (const writer of this.#writers.values()) writer.close();
  }

  #writeSplit(split: string, step: number, values: Readonly<Record<string, number>>): void {
    const wallTime = this.#clock.now() / 1_000;
    const writer = this.#writers.get(split) ?? new EventFileWriter(join(this.#folder, split), { wallTime });
    this.#writers.set(split, writer);
    for (const [tag, value] of Object.entries(values)) writer.scalar(tag, step, value, wallTime);
    writer.flush();
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
