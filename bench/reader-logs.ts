import { existsSync, mkdirSync, writeFileSync, appendFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileVersionRecord, framed, framedField, scalarRecord } from "../src/eventlog/event-records.js";

export interface BenchLogs {
  readonly name: string;
  readonly directory: string;
}

/** Makes the logs to measure with, once: a folder that is there is complete. */
export function makeBenchLogs(root: string): readonly BenchLogs[] {
  return Object.entries(makers).map(([name, make]) => {
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
};

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
