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

await look();
process.stdout.write("ready\n");
await setTimeout(2_000);
latencies.length = 0;
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const before = process.cpuUsage();
const started = performance.now();
while (performance.now() - started < Number(seconds) * 1_000) {
  const turn = performance.now();
  await look();
  await setTimeout(Math.max(0, defaultScanIntervals.hotMs - (performance.now() - turn)));
}
const { user, system } = process.cpuUsage(before);
const sorted = latencies.sort((left, right) => left - right);
const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
const result = {
  cpu: (user + system) / 1e6 / ((performance.now() - started) / 1_000),
  memory: process.resourceUsage().maxRSS / 1024,
  blockMs: delay.max / 1e6,
  known: sorted.length,
  p50: at(0.5),
  p99: at(0.99),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);
