/**
 * What watching costs when nothing, or little, happens: runs by the thousand of which few grow, default intervals, side
 * by side with RustBoard at its default reload of 5 s where `BENCH_PYTHON` has it. Needs the build. BENCH_SECONDS: how long; BENCH_RUNS: how many.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { fileVersionRecord, scalarRecord } from "../src/eventlog/event-records.js";
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
    for (const growing of [0, 10, 100]) console.log(await measure(root, { runs, growing }, binary));
    rmSync(root, { recursive: true, force: true });
  }
}

async function measure(
  root: string,
  { runs, growing }: { readonly runs: number; readonly growing: number },
  binary: string | undefined,
): Promise<string> {
  const files = Array.from({ length: growing }, (_, index) =>
    fileOf(root, index * Math.floor(runs / growing)),
  );
  const writer =
    growing === 0 ? undefined : spawn(process.execPath, [join(here, "idle-writer.mjs"), dist, ...files]);
  const peer =
    binary === undefined
      ? undefined
      : spawn(binary, ["--logdir", root, "--reload", "5", "--port", "0"], {
          stdio: ["pipe", "ignore", "ignore"],
        });
  const own = spawn(process.execPath, [join(here, "idle-process.mjs"), dist, root, String(seconds)]);
  let said = "";
  let peerBefore = 0;
  let peerAfter = 0;
  own.stdout.setEncoding("utf8");
  own.stdout.on("data", (text: string) => {
    said += text;
    if (peer?.pid === undefined) return;
    if (text.includes("ready")) peerBefore = usageOf(peer.pid).cpu;
    if (text.includes("measured")) peerAfter = usageOf(peer.pid).cpu;
  });
  await new Promise((resolve) => own.on("exit", resolve));
  const found = printed.parse(JSON.parse(said.trim().split("\n").at(-1) ?? ""));
  const line = [
    `${runs} runs, ${growing} growing: ${(found.cpu * 100).toFixed(2)} % of a core`,
    `${found.memory.toFixed(0)} MiB, longest block ${found.blockMs.toFixed(1)} ms`,
    ...(found.p50 === null || found.p99 === null
      ? []
      : [
          `flush to known p50 ${found.p50.toFixed(2)} s, p99 ${found.p99.toFixed(2)} s (${found.known} points)`,
        ]),
  ];
  if (peer?.pid !== undefined) {
    const { memory } = usageOf(peer.pid);
    const share = (peerAfter - peerBefore) / seconds;
    line.push(
      `RustBoard ${(share * 100).toFixed(2)} %, ${memory.toFixed(0)} MiB: ours is ${(found.cpu / share).toFixed(2)} of its CPU`,
    );
  }
  writer?.kill();
  peer?.kill();
  return line.join("; ");
}

/** Directories with one small, old file each. */
function makeRuns(count: number): string {
  const root = join(tmpdir(), "benchlogs-idle", String(count));
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
  }
  renameSync(partial, root);
  return root;
}

function fileOf(root: string, index: number): string {
  return join(root, `run${index}`, "events.out.tfevents.1700000000.bench");
}

await main();
