/**
 * Flush of a writer to post accepted by a (fake, strict) Slack, with the real process at default settings:
 * 100 growing runs, their threads open, one alert every five seconds. `npm run bench:latency [alerts]`.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { EventFileWriter } from "../src/eventlog/event-file-writer.js";
import { startBot, throwAwayFolder } from "../test/support/bot-process.js";
import { startFakeSlack } from "../test/support/fake-slack/fake-slack.js";

const runs = 100;
const alerts = Number(process.argv[2] ?? 24);
const everyMs = 5_000;

const folder = throwAwayFolder("tb-latency-");
const logs = join(folder.path, "logs");
mkdirSync(logs);
const slack = await startFakeSlack();
const bot = startBot({
  words: ["start", logs],
  env: { ...slack.env, SLACK_CHANNEL: slack.channel, TENSORBELL_LOG_LEVEL: "warn" },
  home: folder.path,
});
await slack.until(() => slack.sockets.open > 0, 30_000);
await after(3_000);

const start = Date.now() / 1_000;
const writers = Array.from({ length: runs }, (_x, i) => {
  const directory = join(logs, `run-${String(i).padStart(3, "0")}`);
  mkdirSync(directory);
  return new EventFileWriter(directory, { wallTime: start });
});
let step = 0;
const grow = (): void => {
  step += 1;
  for (const writer of writers) {
    writer.scalar("train/loss", step, 1 + 1 / step, Date.now() / 1_000);
    writer.flush();
  }
};
/** A loss that is NaN from its first point: an alert of its own, whatever was said before. */
const breakDown = (run: number, name: string): number => {
  writers[run]?.scalar(`loss/${name}`, step, Number.NaN, Date.now() / 1_000);
  writers[run]?.flush();
  return performance.now();
};

console.error(`opening ${runs} threads`);
for (let run = 0; run < runs; run += 1) breakDown(run, "first");
await slack.until(() => slack.messages().length >= runs, 600_000);
await slack.until(
  () => slack.messages().every((root) => slack.thread(slack.channel, root.ts).length > 0),
  600_000,
);

const growing = setInterval(grow, 1_000);
await after(15_000);
const took: number[] = [];
for (let alert = 0; alert < alerts; alert += 1) {
  const name = `late-${alert}`;
  const due = performance.now() + everyMs;
  await after(Math.random() * 1_000);
  const flushed = breakDown((alert * 37) % runs, name);
  await slack.until(
    () =>
      slack.world.messages.some((message) => message.threadTs !== undefined && message.text.includes(name)),
    60_000,
  );
  took.push(performance.now() - flushed);
  console.error(`${name}: ${Math.round(took.at(-1) ?? 0)} ms`);
  await after(Math.max(0, due - performance.now()));
}
clearInterval(growing);
await bot.stop();
await slack.stop();
folder.remove();

took.sort((a, b) => a - b);
const at = (share: number): number =>
  Math.round(took[Math.min(took.length - 1, Math.floor(share * took.length))] ?? 0);
console.log(
  JSON.stringify({
    runs,
    alerts,
    p50ms: at(0.5),
    p90ms: at(0.9),
    p99ms: at(0.99),
    maxMs: at(1),
    problems: slack.problems,
  }),
);
process.exit(0);
