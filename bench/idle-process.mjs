// The scanning and reading of one watch as the product does it, for a given time; prints what it cost.
import { resolve } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const [dist, root, seconds] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(resolve(dist, path)).href);
const { openLogSource } = await load("eventlog/log-sources.js");
const { defaultScanIntervals } = await load("eventlog/log-source.js");

const source = openLogSource(root);
const scanner = source.scanner(root, defaultScanIntervals);
const cursors = new Map();
const latencies = [];

async function look() {
  const { changed } = await scanner.sweep(Date.now());
  for (const { name } of changed) {
    const request = { root, logRun: name, cursor: cursors.get(name), atMostBytes: 4e6, now: Date.now() };
    const slice = await source.read({ ...request, patience: "live" });
    cursors.set(name, slice.cursor);
    const { length, tags, tag, wallTime } = slice.points;
    for (let index = 0; index < length; index += 1) {
      if (tags[tag[index]] === "live") latencies.push(Date.now() / 1_000 - wallTime[index]);
    }
  }
}

/** Looks every second, as the product's schedule does, for a number of seconds. */
async function follow(count) {
  const until = performance.now() + count * 1_000;
  while (performance.now() < until) {
    const turn = performance.now();
    await look();
    await setTimeout(Math.max(0, defaultScanIntervals.hotMs - (performance.now() - turn)));
  }
}

await look();
// Files that were silent for hours are met in one of two sweeps of all known ones; the code is warm after it.
await follow((defaultScanIntervals.knownMs / 1_000) * 2 + 2);
process.stdout.write("ready\n");
latencies.length = 0;
const before = process.cpuUsage();
const started = performance.now();
await follow(Number(seconds));
const { user, system } = process.cpuUsage(before);
const took = (performance.now() - started) / 1_000;
const sorted = latencies.sort((left, right) => left - right);
const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
const measured = { cpu: (user + system) / 1e6 / took, known: sorted.length, p50: at(0.5), p99: at(0.99) };
process.stdout.write("measured\n");
// Apart from the rest, because a timer every millisecond costs more than the product.
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
await follow(defaultScanIntervals.walkMs / 1_000 + 1);
const memory = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ ...measured, memory, blockMs: delay.max / 1e6 })}\n`);
process.exit(0);
