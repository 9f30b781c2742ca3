import { readFileSync } from "node:fs";
import { setTimeout as after } from "node:timers/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { z } from "zod";
import { startBot, throwAwayFolder } from "../test/support/bot-process.js";
import { usageOf } from "./rustboard.js";

/** What the whole process and its Redis cost, in shares of one core, and what was asked of Redis meanwhile. */
export interface ProductCost {
  readonly cpu: number;
  readonly redisCpu: number;
  /** MiB at the end, and at the peak (the first reading of everything). */
  readonly memory: number;
  readonly peak: number;
  /** Commands a second that scripts and clients ran. */
  readonly commands: number;
  /** Writes to keys of runs, and jobs for runs, in half of the time. */
  readonly runWrites: number;
  /** Milliseconds that the event loop was held by its own work at once, in half of the time. */
  readonly turns: { readonly p999: number; readonly max: number };
}

export interface ProductMeasure {
  readonly root: string;
  readonly runs: number;
  readonly seconds: number;
  /** Called when the first reading is over and the process has come to rest. */
  onRest(): void;
  /** Called when the time is over. */
  onEnd(): void;
}

/** Starts the real process on a tree with a home of its own, waits until everything is read, and measures it at rest. */
export async function measureProduct(measure: ProductMeasure): Promise<ProductCost> {
  const folder = throwAwayFolder("tb-idle-");
  const env = { TENSORBELL_LOG_LEVEL: "warn", NODE_OPTIONS: `--import=${monitor}`, LOOP_DELAY: "later" };
  const bot = startBot({ words: ["start", measure.root], home: folder.path, env });
  try {
    await bot.says(`${measure.runs} runs`, 600_000);
    const pid = bot.child.pid ?? 0;
    await rest(pid);
    const redis = serverSchema.parse(
      JSON.parse(readFileSync(join(folder.path, "tb/redis/server.json"), "utf8")),
    ).server.pid;
    measure.onRest();
    const before = { own: usageOf(pid).cpu, redis: usageOf(redis).cpu };
    const began = performance.now();
    await after(measure.seconds * 1_000);
    const took = (performance.now() - began) / 1_000;
    const cpu = (usageOf(pid).cpu - before.own) / took;
    const redisCpu = (usageOf(redis).cpu - before.redis) / took;
    measure.onEnd();
    const memory = { memory: residentMiB(pid), peak: usageOf(pid).memory };
    // Apart from the rest: a timer every few milliseconds costs more than the product.
    bot.child.kill("SIGUSR2");
    const listened = await listen(folder.path, measure.seconds / 2);
    await bot.stop();
    const { own } = delaySchema.parse(JSON.parse(/^\{"held".*$/m.exec(bot.log())?.[0] ?? "{}"));
    return { cpu, redisCpu, ...memory, ...listened, turns: own };
  } finally {
    await bot.stop();
    folder.remove();
  }
}

const monitor = fileURLToPath(new URL("loop-delay.mjs", import.meta.url));
const delaySchema = z.object({ own: z.object({ p999: z.number(), max: z.number() }) });
const serverSchema = z.object({ server: z.object({ pid: z.number() }) });

/** Resolves when what follows a start is done: two windows of five seconds in a row that took no less than the one before. */
async function rest(pid: number): Promise<void> {
  let before = Infinity;
  for (let steady = 0; steady < 2;) {
    const from = usageOf(pid).cpu;
    await after(5_000);
    const took = usageOf(pid).cpu - from;
    steady = took < 0.5 || took >= before * 0.8 ? steady + 1 : 0;
    before = took;
  }
}

/** Every command, as Redis itself tells them; apart from the rest, because that makes Redis work. */
async function listen(home: string, seconds: number): Promise<Pick<ProductCost, "commands" | "runWrites">> {
  const client = new Redis({ path: join(home, "tb/redis/redis.sock") });
  const monitor = await client.monitor();
  let commands = 0;
  let runWrites = 0;
  monitor.on("monitor", (_time: string, words: readonly string[]) => {
    commands += 1;
    const [name = "", key = ""] = words;
    if (ofRun.test(key) && !reading.has(name.toLowerCase())) runWrites += 1;
  });
  await after(seconds * 1_000);
  monitor.disconnect();
  client.disconnect();
  return { commands: commands / seconds, runWrites };
}

/** Keys of a run, and jobs that read one. */
const ofRun = /^(tb:\{w[0-9a-f]+\.[0-9a-f]+\}|\{tb\}:ingest:\d)/;
const reading: ReadonlySet<string> = new Set([
  "get",
  "hget",
  "hmget",
  "hgetall",
  "exists",
  "hexists",
  "llen",
  "lrange",
]);

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
}
