// One whole process as a peer of TensorBoard's loaders: reads every log run below a directory and keeps every point.
// With --share=0/2 it reads every second log run, with --share=1/2 the others.
// With --warm it reads four times and tells the wall time of the last; with --digest it also prints a sum over each series, in the words of reader-peers.py.
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";

const [dist, root, option] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(resolve(dist, path)).href);
const { openLogSource } = await load("eventlog/log-sources.js");
const { logRunSlices } = await load("eventlog/log-run-slices.js");
const { defaultScanIntervals } = await load("eventlog/log-source.js");
const { EffectiveSeries } = await load("series/effective.js");

const now = 1_800_000_000_000;
const source = openLogSource(root);
const [share, shares] = /^--share=(\d+)\/(\d+)$/
  .exec(option ?? "")
  ?.slice(1)
  .map(Number) ?? [0, 1];

async function readAll() {
  const started = performance.now();
  const scanner = source.scanner(root, defaultScanIntervals);
  await scanner.sweep(now);
  const runs = new Map();
  let points = 0;
  for (const [place, { name }] of scanner.logRuns().entries()) {
    if (place % shares !== share) continue;
    const series = new Map();
    runs.set(name, series);
    for await (const slice of logRunSlices(source, { root, logRun: name, now })) {
      const { length, tags, tag, step, wallTime, value } = slice.points;
      const targets = tags.map((each) => {
        const target = series.get(each) ?? new EffectiveSeries();
        series.set(each, target);
        return target;
      });
      for (let index = 0; index < length; index += 1) {
        targets[tag[index]].push(step[index], wallTime[index], value[index]);
      }
      points += length;
    }
  }
  return { runs, points, load: (performance.now() - started) / 1_000 };
}

let { runs, points, load: loadTime } = await readAll();
if (option === "--warm") for (let pass = 0; pass < 3; pass += 1) loadTime = (await readAll()).load;
if (option === "--digest") {
  for (const [run, series] of [...runs].sort()) {
    const tags = {};
    for (const [tag, points_] of [...series].sort()) {
      const { step, wallTime, value } = points_.columns();
      const rows = new Float64Array(step.length * 3);
      for (let index = 0; index < step.length; index += 1) {
        rows.set([step[index], wallTime[index], value[index]], index * 3);
      }
      tags[tag] = createHash("sha256").update(new Uint8Array(rows.buffer)).digest("hex");
    }
    process.stdout.write(`${JSON.stringify({ run, tags })}\n`);
  }
}
const { user, system } = process.cpuUsage();
const maxRss = process.resourceUsage().maxRSS / 1024;
process.stdout.write(
  `${JSON.stringify({ points, cpu: (user + system) / 1e6, memory: maxRss, load: loadTime })}\n`,
);
