import type { Worker } from "node:worker_threads";
import { startWorker } from "../lib/start-worker.js";
import type { ChartColumn, ChartSpec } from "../message/chart-spec.js";
import type { ChartAnswer, ChartOrder } from "./chart-order.js";

interface Awaited {
  readonly resolve: (png: Uint8Array) => void;
  readonly reject: (cause: Error) => void;
}

export interface ChartThreadTimes {
  /** How long the thread stays without work before its memory is given back. */
  readonly idleMs: number;
  /** How long a drawing may take; then the thread is ended, with all that waits for it. */
  readonly mostMs: number;
}

/**
 * Draws charts on a thread of their own: loading the chart library holds an event loop for a quarter of a second and
 * each chart for twenty milliseconds more, while the polling and the commands of all runs wait. The thread starts with
 * the first chart and ends when none was asked for in a while, so that a quiet process does not pay for pictures.
 */
export class ChartThread {
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, Awaited>();
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  readonly #times: ChartThreadTimes;

  constructor(times: ChartThreadTimes = { idleMs: 60_000, mostMs: 60_000 }) {
    this.#times = times;
  }

  /** Bytes of a PNG as `renderChart` makes it; rejects where drawing fails, takes too long, or its thread dies. */
  draw(spec: ChartSpec, column: ChartColumn = "wide"): Promise<Uint8Array> {
    this.#worker ??= this.#start();
    const order: ChartOrder = { id: (this.#next += 1), spec: withOwnPoints(spec), column };
    const drawn = new Promise<Uint8Array>((resolve, reject) => {
      this.#waiting.set(order.id, { resolve, reject });
    });
    this.#worker.postMessage(order);
    // A process that only waits for this stays; one that is done does not.
    this.#worker.ref();
    // The clock of a drawing under way is not set back by more that come.
    if (this.#waiting.size === 1) this.#watch();
    return drawn;
  }

  /** Ends the thread; what waits for it is rejected. */
  async end(why = "the charts' thread was ended"): Promise<void> {
    const worker = this.#worker;
    this.#forget(new Error(why));
    await worker?.terminate();
  }

  /** Whether there is a thread at the moment. */
  get running(): boolean {
    return this.#worker !== undefined;
  }

  #start(): Worker {
    const worker = startWorker(new URL("./chart-worker.js", import.meta.url));
    worker.on("message", (answer: ChartAnswer) => this.#take(answer));
    const gone = (cause: Error): void => {
      if (this.#worker === worker) this.#forget(cause);
    };
    worker.on("error", gone);
    worker.on("exit", (code) => gone(new Error(`the charts' thread ended with ${code}`)));
    return worker;
  }

  #take(answer: ChartAnswer): void {
    const awaited = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("png" in answer) awaited?.resolve(answer.png);
    else awaited?.reject(new Error(answer.problem));
    this.#watch();
  }

  /** Starts the clock anew: of the next drawing while one is awaited, of the quiet after the last otherwise. */
  #watch(): void {
    clearTimeout(this.#timer);
    const busy = this.#waiting.size > 0;
    if (!busy) this.#worker?.unref();
    const { idleMs, mostMs } = this.#times;
    const why = busy ? `no chart was drawn within ${mostMs / 1_000} s` : "no chart was asked for";
    this.#timer = setTimeout(() => void this.end(why), busy ? mostMs : idleMs);
    this.#timer.unref();
  }

  #forget(cause: Error): void {
    clearTimeout(this.#timer);
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(cause);
  }
}

/** The points alone: sent as a part of a larger array, they would take all of it along. */
function withOwnPoints(spec: ChartSpec): ChartSpec {
  const lines = spec.lines.map((line) => ({ ...line, step: line.step.slice(), value: line.value.slice() }));
  return { ...spec, lines };
}

const thread = new ChartThread();

/** `ChartThread.draw` on the one thread of this process. */
export function drawChart(spec: ChartSpec, column: ChartColumn = "wide"): Promise<Uint8Array> {
  return thread.draw(spec, column);
}
