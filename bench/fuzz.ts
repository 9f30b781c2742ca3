/** A long fuzz of framing and decoding: BENCH_SECONDS of changed, cut and joined records; ends with an error at the first throw, hang or growth of memory. */
import { decode } from "../src/eventlog/decode.js";
import { framed, scalarRecord } from "../src/eventlog/event-records.js";
import { conformanceCases } from "../test/support/conformance.js";

const seconds = Number(process.env["BENCH_SECONDS"] ?? "60");
const slowestMs = 1_000;
const memoryBoundMiB = 1_024;

const seeds = [
  ...conformanceCases().flatMap(({ files }) => [...files.values()].filter(({ length }) => length < 60_000)),
  scalarRecord({ wallTime: 1, step: 1, tag: "loss", value: 1, style: "tf2" }),
];
let state = Number(process.env["BENCH_SEED"] ?? "1");
let count = 0;
let slowest = 0;
const started = performance.now();
while (performance.now() - started < seconds * 1_000) {
  const bytes = mutated(pick(seeds));
  const before = performance.now();
  try {
    const { consumed } = decode(bytes);
    if (consumed > bytes.length) throw new RangeError("consumed more than there was");
  } catch (cause) {
    throw new Error(`after ${count} inputs: ${bytes.toString("base64")}`, { cause });
  }
  slowest = Math.max(slowest, performance.now() - before);
  if (slowest > slowestMs) throw new Error(`slow input: ${bytes.toString("base64").slice(0, 10_000)}`);
  count += 1;
}
const memory = process.resourceUsage().maxRSS / 1_024;
if (memory > memoryBoundMiB) throw new Error(`memory grew to ${memory.toFixed(0)} MiB`);
console.log(
  `${count} inputs, none threw; slowest ${slowest.toFixed(0)} ms, ${memory.toFixed(0)} MiB at the peak`,
);

/** A repeatable generator (mulberry32): the seed reproduces a finding. */
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

function pick<T>(items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}

/** Changes bytes of one record's data and frames it again, so that most mutations get past the checksum. */
function mutated(seed: Buffer): Buffer {
  const records: Buffer[] = [];
  for (let at = 0; at + 16 <= seed.length;) {
    const length = seed.readUInt32LE(at);
    if (length > seed.length - at - 16) break;
    records.push(seed.subarray(at + 12, at + 12 + length));
    at += length + 16;
  }
  if (records.length === 0 || random() < 0.2) return changed(seed);
  const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, () => framed(changed(pick(records))));
  return Buffer.concat(random() < 0.1 ? [...parts, changed(pick(records))] : parts);
}

function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let times = Math.floor(random() * 4); times > 0 && copy.length > 0; times -= 1) {
    copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
  }
  const end = random() < 0.2 ? Math.floor(random() * copy.length) : copy.length;
  return copy.subarray(0, end);
}
