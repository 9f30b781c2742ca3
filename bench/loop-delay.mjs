// Loaded into the bot by a benchmark: says at its end how long the event loop was held, in milliseconds: by the clock, and by
// the processor time of its own thread alone (Linux), which is what a machine with nothing else to do would show.
import { Buffer } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";

const delay = monitorEventLoopDelay({ resolution: 5 });
const descriptor = openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
const text = Buffer.alloc(64);

/** Milliseconds that the main thread has worked. */
function worked() {
  const length = readSync(descriptor, text, 0, text.length, 0);
  return Number(text.toString("latin1", 0, length).split(" ")[0]) / 1e6;
}

let turns = [];
let last = worked();
let began = performance.now();
let isMeasuring = false;

function measure() {
  if (isMeasuring) return;
  isMeasuring = true;
  last = worked();
  delay.enable();
  globalThis
    .setInterval(() => {
      const now = worked();
      turns.push([now - last, performance.now() - began]);
      last = now;
    }, 2)
    .unref();
}

// With LOOP_DELAY=later nothing is measured, and no timer runs, before the signal.
if (process.env["LOOP_DELAY"] !== "later") measure();

// From here on only what follows counts: what a start costs is another matter.
process.on("SIGUSR2", () => {
  measure();
  delay.reset();
  turns = [];
  began = performance.now();
});
process.on("exit", () => {
  closeSync(descriptor);
  const at = (share) => Math.round(delay.percentile(share) / 1e5) / 10;
  const held = { p50: at(50), p99: at(99), p999: at(99.9), max: Math.round(delay.max / 1e6) };
  const sorted = turns.map(([work]) => work).sort((one, other) => one - other);
  const of = (share) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 10) / 10;
  const own = { turns: sorted.length, p50: of(0.5), p99: of(0.99), p999: of(0.999), max: of(1) };
  const long = turns
    .filter(([work]) => work > 10)
    .map(([work, when]) => [Math.round(when), Math.round(work)]);
  process.stderr.write(`${JSON.stringify({ held, own, long: long.slice(0, 40) })}\n`);
});
