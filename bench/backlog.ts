/**
 * What a command waits for while a backlog is read: `/tb status` through a (fake, strict) Slack, the real process at
 * default settings, runs of 75 MB that appear at once. `npm run build && tsx bench/backlog.ts [runs]`.
 */
import { cpSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as after } from "node:timers/promises";
import { startBot, throwAwayFolder } from "../test/support/bot-process.js";
import { startFakeSlack } from "../test/support/fake-slack/fake-slack.js";
import { makeBenchLogs } from "./reader-logs.js";

const runs = Number(process.argv[2] ?? 4);
const everyMs = 200;
/** Clock ticks of `/proc/PID/stat` a second. */
const ticks = 100;

const made = makeBenchLogs(join(tmpdir(), "benchlogs")).find(({ name }) => name === "tf1m");
if (made === undefined) throw new Error("no logs");
const monitor = fileURLToPath(new URL("loop-delay.mjs", import.meta.url));
const folder = throwAwayFolder("tb-backlog-");
const logs = join(folder.path, "logs");
const waiting = join(folder.path, "waiting");
mkdirSync(logs);
mkdirSync(waiting);
for (let run = 0; run < runs; run += 1) {
  cpSync(join(made.directory, "run"), join(waiting, `run-${run}`), { recursive: true });
}
const slack = await startFakeSlack();
const bot = startBot({
  words: ["start", logs],
  env: {
    ...slack.env,
    SLACK_CHANNEL: slack.channel,
    TENSORBELL_LOG_LEVEL: "warn",
    NODE_OPTIONS: `--import=${monitor}`,
  },
  home: folder.path,
});
await slack.until(() => slack.sockets.open > 0, 30_000);
await after(3_000);

/** The newest answer. */
let said = "";
const idle = await ask((asked) => asked >= 25);
for (let run = 0; run < runs; run += 1) renameSync(join(waiting, `run-${run}`), join(logs, `run-${run}`));
const began = performance.now();
bot.child.kill("SIGUSR2");
const cpuBefore = cpuSeconds();
const samples: { readonly at: number; readonly cpu: number }[] = [];
const during = await ask(() => {
  samples.push({ at: performance.now(), cpu: cpuSeconds() });
  const [first, last] = [samples.at(-15), samples.at(-1)];
  // Reading a run of a million points takes seconds of work: before that nothing has begun.
  if (first === undefined || last === undefined || last.cpu - cpuBefore < runs) return false;
  return last.cpu - first.cpu < (0.2 * (last.at - first.at)) / 1_000;
});
const took = (performance.now() - began) / 1_000;
const facts = {
  runs,
  seconds: Math.round(took),
  cpuSeconds: Math.round(cpuSeconds() - cpuBefore),
  peakMiB: peakMiB(),
  idle: told(idle),
  during: told(during),
  said: said.slice(0, 300),
};
await bot.stop();
console.log(JSON.stringify(facts, undefined, 2));
console.log(bot.log().slice(-2_000));
await slack.stop();
folder.remove();
process.exit(0);

interface Answered {
  readonly ackMs: number;
  readonly answerMs: number;
}

/** Asks at a steady pace until `isOver`; all times in milliseconds from the moment of asking. */
async function ask(isOver: (asked: number) => boolean): Promise<readonly Answered[]> {
  const answered: Answered[] = [];
  while (!isOver(answered.length)) {
    const due = performance.now() + everyMs * (0.5 + Math.random());
    const asked = performance.now();
    const question = await slack.slashCommand({ text: "status" });
    said = (await question.first(60_000)).text;
    answered.push({ ackMs: question.ackMs ?? NaN, answerMs: performance.now() - asked });
    await after(Math.max(0, due - performance.now()));
  }
  return answered;
}

function told(answered: readonly Answered[]): object {
  const of = (pick: (one: Answered) => number): object => {
    const sorted = answered.map(pick).sort((one, other) => one - other);
    const at = (share: number): number =>
      Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN);
    return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
  };
  return { asked: answered.length, ack: of(({ ackMs }) => ackMs), answer: of(({ answerMs }) => answerMs) };
}

/** User and system time of the bot (Linux). */
function cpuSeconds(): number {
  const [, after_ = ""] = readFileSync(`/proc/${bot.child.pid}/stat`, "utf8").split(") ");
  const fields = after_.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

function peakMiB(): number {
  const found = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${bot.child.pid}/status`, "utf8"));
  return Math.round(Number(found?.[1]) / 1024);
}
