import { existsSync, mkdirSync, writeFileSync, appendFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileVersionRecord, framed, framedField, scalarRecord } from "../src/eventlog/event-records.js";

export interface BenchLogs {
  readonly name: string;
  readonly directory: string;
}

/** What is made and measured unless logs are named: `tree` is half a gigabyte. */
export const usualLogs = ["x1m", "tf1m", "mixed", "runs"] as const;

/** Makes the logs to measure with, once: a folder that is there is complete. */
export function makeBenchLogs(root: string, names: readonly string[] = usualLogs): readonly BenchLogs[] {
  return names.map((name) => {
    const make = makers[name];
    if (make === undefined) throw new Error(`${name}: known logs are ${Object.keys(makers).join(", ")}`);
    const directory = join(root, name);
    if (!existsSync(directory)) {
      const partial = `${directory}.partial`;
      rmSync(partial, { recursive: true, force: true });
      mkdirSync(partial, { recursive: true });
      process.stderr.write(`making ${directory}\n`);
      make(partial);
      renameSync(partial, directory);
    }
    return { name, directory };
  });
}

const started = 1_790_000_000;

const makers: Readonly<Record<string, (directory: string) => void>> = {
  x1m: (directory) => write(join(directory, "run"), scalars("tf1", 1_000_000)),
  tf1m: (directory) => write(join(directory, "run"), scalars("tf2", 1_000_000)),
  mixed: (directory) => write(join(directory, "run"), mixed()),
  runs: (directory) => {
    for (let run = 0; run < 1_000; run += 1) write(join(directory, `run${run}`), scalars("tf2", 240));
  },
  tree,
};

/**
 * Shaped like the logs of a benchmark suite that trains many workloads often: studies, workloads, trials; 5,000 files of TF2
 * tensors, half of them small, some of megabytes, with metrics that are logged at every step or at every evaluation.
 */
function tree(directory: string): void {
  const random = seeded(5_000);
  for (let file = 0; file < 5_000; file += 1) {
    const study = `study_${Math.floor(file / 400)}`;
    const workload = workloads[file % workloads.length] ?? "";
    const tags = 4 + Math.floor(random() * 20);
    // Log-normal, by the sum of uniforms: a mean of 1,700 points, a median of 1,100.
    const normal = Array.from({ length: 12 }, random).reduce((sum, each) => sum + each, -6);
    const points = Math.ceil(Math.exp(7 + 0.95 * normal));
    const trial = `trial_${Math.floor(file / workloads.length)}`;
    write(join(directory, study, workload, trial), trialScalars(points, tags, random));
  }
}

const workloads = ["criteo1tb", "fastmri", "imagenet_resnet", "imagenet_vit", "ogbg", "wmt", "librispeech"];
const splits = ["train", "validation", "test"];
const metrics = [
  "loss",
  "accuracy",
  "ssim",
  "mean_average_precision",
  "bleu",
  "wer",
  "ctc_loss",
  "num_examples",
];

function* trialScalars(points: number, tags: number, random: () => number): Iterable<Buffer> {
  for (let index = 0; index < points; index += 1) {
    const tag = index % tags;
    const step = Math.floor(index / tags) * 100;
    const name = `${splits[tag % 3] ?? ""}/${metrics[Math.floor(tag / 3)] ?? ""}`;
    const value = Math.exp(-step / 50_000) + random() / 10;
    yield scalarRecord({ wallTime: started + index, step, tag: name, value, style: "tf2" });
  }
}

/** The same numbers in [0, 1) at every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function write(directory: string, records: Iterable<Buffer>): void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `events.out.tfevents.${started}.bench`);
  writeFileSync(file, fileVersionRecord(started));
  let waiting: Buffer[] = [];
  for (const record of records) {
    waiting.push(record);
    if (waiting.length < 20_000) continue;
    appendFileSync(file, Buffer.concat(waiting));
    waiting = [];
  }
  appendFileSync(file, Buffer.concat(waiting));
}

function* scalars(style: "tf1" | "tf2", count: number): Iterable<Buffer> {
  for (let index = 0; index < count; index += 1) {
    const step = Math.floor(index / 10);
    const value = Math.exp(-step / 50_000) + Math.sin(index) / 100;
    yield scalarRecord({
      wallTime: started + index / 100,
      step,
      tag: `metrics/value_${index % 10}`,
      value,
      style,
    });
  }
}

/** 100,000 scalars, 2,000 histograms of 2.4 KB and 400 images of 230 KB. */
function* mixed(): Iterable<Buffer> {
  const picture = Buffer.alloc(230_000, "not really a picture ");
  const buckets = Buffer.alloc(2_400, "bucket");
  let index = 0;
  for (const record of scalars("tf1", 100_000)) {
    yield record;
    if (index % 50 === 0) yield blob("weights", 0x2a, framedField(0x3a, buckets));
    if (index % 250 === 0) yield blob("sample", 0x22, framedField(0x22, picture));
    index += 1;
  }
}

function blob(tag: string, key: number, content: Buffer): Buffer {
  const value = Buffer.concat([framedField(0x0a, Buffer.from(tag)), framedField(key, content)]);
  return framed(framedField(0x2a, framedField(0x0a, value)));
}
