/**
 * The reader against the raw read of the same bytes and, where `BENCH_PYTHON` has tensorboard, against TensorBoard's two
 * loaders, in pairs: A B A B. Needs the build (`dist`). BENCH_LOGDIR adds real logs; BENCH_LOGS chooses of those that are
 * made (`tree`, 5,000 files, is made only by name); BENCH_ROUNDS sets the pairs; BENCH_SKIP leaves readers out (names between semicolons).
 */
import { execFile, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { makeBenchLogs, usualLogs, type BenchLogs } from "./reader-logs.js";
import { runRustBoard, rustBoardBinary } from "./rustboard.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = process.env["BENCH_DIST"] ?? join(here, "../dist");
const python = process.env["BENCH_PYTHON"];
const names = process.env["BENCH_LOGS"]?.split(",") ?? usualLogs;
const skipped = process.env["BENCH_SKIP"]?.split(";") ?? [];
const rounds = Number(process.env["BENCH_ROUNDS"] ?? "5");

/** What one whole process took: wall and CPU seconds, MiB at its peak. */
export interface Taken {
  readonly points: number;
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
  /** Wall seconds of the loading alone, by the reader's own clock. */
  readonly load: number;
}

const printed = z.object({ points: z.number(), cpu: z.number(), memory: z.number(), load: z.number() });

async function main(): Promise<void> {
  const logs: BenchLogs[] = [...makeBenchLogs(join(tmpdir(), "benchlogs"), names)];
  const real = process.env["BENCH_LOGDIR"];
  if (real !== undefined) logs.push({ name: "real", directory: real });
  console.log(
    `${cpus().length} CPUs, Node ${process.version}, medians of ${rounds}; checksums on, every point kept`,
  );
  for (const { name, directory } of logs) await measure(name, directory);
}

async function measure(name: string, directory: string): Promise<void> {
  const bytes = readRaw(directory);
  const readers = new Map<string, () => Promise<Taken>>();
  readers.set("TensorBell", () => ours(directory));
  if (runsOf(directory) > 1) readers.set("TensorBell, two processes", () => oursByTwo(directory));
  readers.set("TensorBell, warm", () => ours(directory, "--warm"));
  if (python !== undefined) {
    readers.set("EventAccumulator", () => eventAccumulator(python, directory));
    const binary = rustBoardBinary(python);
    if (binary !== undefined) {
      readers.set("RustBoard", () => runRustBoard(binary, directory, []));
      readers.set("RustBoard --checksum", () => runRustBoard(binary, directory, ["--checksum"]));
      const all = ["--checksum", "--samples-per-plugin", "scalars=all"];
      readers.set("RustBoard --checksum, all", () => runRustBoard(binary, directory, all));
    }
  }
  for (const reader of skipped) readers.delete(reader);
  const taken = new Map<string, Taken[]>([...readers.keys()].map((reader) => [reader, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [reader, run] of readers) taken.get(reader)?.push(await run());
  }
  const raw = median(Array.from({ length: rounds }, () => timed(() => readRaw(directory))));
  const mine = middle(taken.get("TensorBell") ?? []);
  console.log(
    `\n${name}: ${(bytes / 1e6).toFixed(1)} MB, ${mine.points} points; raw read ${(raw * 1e3).toFixed(0)} ms`,
  );
  for (const [reader, all] of taken) {
    const { wall, cpu, memory, load } = middle(all);
    const ratios = `x ${(wall / mine.wall).toFixed(2)} wall, ${(cpu / mine.cpu).toFixed(2)} CPU, ${(memory / mine.memory).toFixed(2)} memory`;
    console.log(
      `  ${reader.padEnd(26)} ${wall.toFixed(3)} s  ${cpu.toFixed(3)} CPU s  ${memory.toFixed(0)} MiB  loading ${load.toFixed(3)} s  ${(bytes / wall / 1e6).toFixed(0)} MB/s  ${(mine.points / wall / 1e6).toFixed(2)} M points/s  ${ratios}`,
    );
  }
  if (python === undefined) return;
  for (const [peer, script] of peers) {
    if (!readers.has(peer)) continue;
    const words = [join(here, script), directory, "--digest"];
    console.log(`  same points as ${peer}: ${String(isSame(python, words, directory))}`);
  }
}

/** What prints a sum over each series of a peer. */
const peers = [
  ["EventAccumulator", "reader-peers.py"],
  ["RustBoard --checksum, all", "rustboard-points.py"],
] as const;

async function ours(directory: string, ...options: string[]): Promise<Taken> {
  const words = [join(here, "reader-process.mjs"), dist, directory, ...options];
  return await Promise.resolve(wholeProcess(process.execPath, words));
}

/** Half of the log runs in each of two processes at once: the wall time of both, the sum of the rest. */
async function oursByTwo(directory: string): Promise<Taken> {
  const started = performance.now();
  const words = (half: string): string[] => [
    join(here, "reader-process.mjs"),
    dist,
    directory,
    `--share=${half}/2`,
  ];
  const outputs = await Promise.all(
    ["0", "1"].map((half) => promisify(execFile)(process.execPath, words(half))),
  );
  const wall = (performance.now() - started) / 1_000;
  const halves = outputs.map(({ stdout }) => printed.parse(JSON.parse(stdout.trim())));
  const sum = (pick: (half: z.infer<typeof printed>) => number): number =>
    halves.reduce((total, half) => total + pick(half), 0);
  return {
    wall,
    points: sum(({ points }) => points),
    cpu: sum(({ cpu }) => cpu),
    memory: sum(({ memory }) => memory),
    load: Math.max(...halves.map(({ load }) => load)),
  };
}

async function eventAccumulator(interpreter: string, directory: string): Promise<Taken> {
  return await Promise.resolve(wholeProcess(interpreter, [join(here, "reader-peers.py"), directory]));
}

function wholeProcess(command: string, words: readonly string[]): Taken {
  const started = performance.now();
  const text = output(command, words);
  const wall = (performance.now() - started) / 1_000;
  return { wall, ...printed.parse(JSON.parse(text.trim().split("\n").at(-1) ?? "")) };
}

function isSame(interpreter: string, peerWords: readonly string[], directory: string): boolean {
  const lines = (command: string, words: readonly string[]): readonly string[] =>
    output(command, words)
      .split("\n")
      .filter((line) => line.startsWith('{"run"'))
      .map((line) => JSON.stringify(JSON.parse(line)))
      .sort();
  const own = lines(process.execPath, [join(here, "reader-process.mjs"), dist, directory, "--digest"]);
  const peer = lines(interpreter, peerWords);
  return own.length > 0 && JSON.stringify(own) === JSON.stringify(peer);
}

function output(command: string, words: readonly string[]): string {
  const done = spawnSync(command, words, { encoding: "utf8", maxBuffer: 1e9 });
  if (done.status !== 0) throw new Error(`${command} failed: ${done.stderr.slice(-500)}`);
  return done.stdout;
}

function runsOf(directory: string): number {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.includes("tfevents"),
  ).length;
}

function readRaw(directory: string): number {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .reduce((sum, path) => sum + readFileSync(path).length, 0);
}

function timed(act: () => unknown): number {
  const started = performance.now();
  act();
  return (performance.now() - started) / 1_000;
}

function middle(all: readonly Taken[]): Taken {
  const of = (pick: (taken: Taken) => number): number => median(all.map(pick));
  return {
    points: of(({ points }) => points),
    wall: of(({ wall }) => wall),
    cpu: of(({ cpu }) => cpu),
    memory: of(({ memory }) => memory),
    load: of(({ load }) => load),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

await main();
