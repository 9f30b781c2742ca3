/**
 * What watching costs when nothing, or little, happens: runs by the thousand of which few grow, default settings, side
 * by side with RustBoard at its default reload of 5 s where `BENCH_PYTHON` has it. First the reader alone, with the time
 * from a flush to the point known and the longest block of its event loop; then the whole process with its Redis. Needs
 * the build. BENCH_SECONDS: how long; BENCH_RUNS, BENCH_GROWING: how many; BENCH_PARTS: `reader`, `process` or both.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { fileVersionRecord, scalarRecord } from "../src/eventlog/event-records.js";
import { measureProduct } from "./idle-product.js";
import { rustBoardBinary, usageOf } from "./rustboard.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = process.env["BENCH_DIST"] ?? join(here, "../dist");
const seconds = Number(process.env["BENCH_SECONDS"] ?? "45");
const python = process.env["BENCH_PYTHON"];

const printed = z.object({
  cpu: z.number(),
  memory: z.number(),
  blockMs: z.number(),
  known: z.number(),
  p50: z.number().nullable(),
  p99: z.number().nullable(),
});

async function main(): Promise<void> {
  const binary = python === undefined ? undefined : rustBoardBinary(python);
  for (const runs of (process.env["BENCH_RUNS"] ?? "1000,10000").split(",").map(Number)) {
    const root = makeRuns(runs);
    for (const part of (process.env["BENCH_PARTS"] ?? "reader,process").split(",")) {
      const measure = part === "reader" ? measureReader : measureProcess;
      for (const growing of (process.env["BENCH_GROWING"] ?? "0,10,100").split(",").map(Number)) {
        const peer = binary === undefined ? undefined : startPeer(binary, root);
        const writer = startWriter(root, { runs, growing });
        console.log(`${runs} runs, ${growing} growing, ${part}: ${await measure(root, runs, peer)}`);
        writer?.kill();
        peer?.stop();
      }
    }
    rmSync(root, { recursive: true, force: true });
  }
}

async function measureReader(root: string, _runs: number, peer: Peer | undefined): Promise<string> {
  const own = spawn(process.execPath, [join(here, "idle-process.mjs"), dist, root, String(seconds)]);
  let said = "";
  own.stdout.setEncoding("utf8");
  own.stdout.on("data", (text: string) => {
    said += text;
    if (text.includes("ready")) peer?.begin();
    if (text.includes("measured")) peer?.end();
  });
  await new Promise((resolve) => own.on("exit", resolve));
  const found = printed.parse(JSON.parse(said.trim().split("\n").at(-1) ?? ""));
  return [
    `${percent(found.cpu)} of a core`,
    `${found.memory.toFixed(0)} MiB, longest block ${found.blockMs.toFixed(1)} ms`,
    ...(found.p50 === null || found.p99 === null
      ? []
      : [
          `flush to known p50 ${found.p50.toFixed(2)} s, p99 ${found.p99.toFixed(2)} s (${found.known} points)`,
        ]),
    ...(peer?.besides(found.cpu) ?? []),
  ].join("; ");
}

async function measureProcess(root: string, runs: number, peer: Peer | undefined): Promise<string> {
  const found = await measureProduct({
    root,
    runs,
    seconds,
    onRest: () => peer?.begin(),
    onEnd: () => peer?.end(),
  });
  return [
    `${percent(found.cpu)} of a core, its Redis ${percent(found.redisCpu)}`,
    `${found.memory.toFixed(0)} MiB, at the peak ${found.peak.toFixed(0)}`,
    `${found.commands.toFixed(1)} commands a second, ${found.runWrites} writes to runs`,
    `own turns of the event loop p99.9 ${found.turns.p999} ms, longest ${found.turns.max} ms`,
    ...(peer?.besides(found.cpu) ?? []),
  ].join("; ");
}

/** RustBoard beside ours for the same time. */
interface Peer {
  begin(): void;
  end(): void;
  besides(ownCpu: number): readonly string[];
  stop(): void;
}

function startPeer(binary: string, root: string): Peer {
  const words = ["--logdir", root, "--reload", "5", "--port", "0"];
  const server = spawn(binary, words, { stdio: ["pipe", "ignore", "ignore"] });
  const usage = (): ReturnType<typeof usageOf> => usageOf(server.pid ?? 0);
  let before = { cpu: 0, at: 0 };
  let share = Number.NaN;
  return {
    begin: () => {
      before = { cpu: usage().cpu, at: performance.now() };
    },
    end: () => {
      share = ((usage().cpu - before.cpu) * 1_000) / (performance.now() - before.at);
    },
    besides: (ownCpu) => [
      `RustBoard ${percent(share)}, ${usage().memory.toFixed(0)} MiB: ours is ${(ownCpu / share).toFixed(2)} of its CPU`,
    ],
    stop: () => void server.kill(),
  };
}

function startWriter(
  root: string,
  { runs, growing }: { readonly runs: number; readonly growing: number },
): { kill(): void } | undefined {
  if (growing === 0) return undefined;
  const files = Array.from({ length: growing }, (_, index) =>
    fileOf(root, index * Math.floor(runs / growing)),
  );
  return spawn(process.execPath, [join(here, "idle-writer.mjs"), dist, ...files]);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** Old directories with one small, old file each. */
function makeRuns(count: number): string {
  const root = join(tmpdir(), "benchlogs-idle", `old-${count}`);
  if (existsSync(root)) return root;
  const partial = `${root}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const old = 1_700_000_000;
  const points = Array.from({ length: 5 }, (_, step) =>
    scalarRecord({ wallTime: old + step, step, tag: "loss", value: step, style: "tf2" }),
  );
  const bytes = Buffer.concat([fileVersionRecord(old), ...points]);
  for (let index = 0; index < count; index += 1) {
    mkdirSync(join(partial, `run${index}`), { recursive: true });
    writeFileSync(fileOf(partial, index), bytes);
    utimesSync(fileOf(partial, index), old, old);
    utimesSync(join(partial, `run${index}`), old, old);
  }
  renameSync(partial, root);
  return root;
}

function fileOf(root: string, index: number): string {
  return join(root, `run${index}`, "events.out.tfevents.1700000000.bench");
}

await main();
