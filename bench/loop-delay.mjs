// Loaded into the bot by a benchmark: says at its end how long the event loop was held, in milliseconds, and by which long stretches.
import { monitorEventLoopDelay, performance } from "node:perf_hooks";

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const began = performance.now();
const long = [];
let last = began;
globalThis
  .setInterval(() => {
    const now = performance.now();
    if (now - last > 60) long.push([Math.round(last - began), Math.round(now - last)]);
    last = now;
  }, 5)
  .unref();
process.on("exit", () => {
  const at = (share) => Math.round(delay.percentile(share) / 1e5) / 10;
  const held = { p50: at(50), p99: at(99), p999: at(99.9), max: Math.round(delay.max / 1e6) };
  process.stderr.write(`${JSON.stringify({ held, long: long.slice(0, 40) })}\n`);
});
