import { RunJudge } from "../src/alerts/run-judge.js";
import { defaultRuleSettings, type RuleSettings } from "../src/rules/effective-settings.js";
import { seriesKeyOf, watchIdOf } from "../src/series/run.js";

/**
 * Points per second through all rules: `npx tsx bench/rules.ts [points]`. Each case is run once to warm up and five
 * times to measure; the median counts. The last column compares with a loop that only builds the same points.
 */
const count = Number(process.argv[2] ?? 2_000_000);
const repeats = 5;

interface Case {
  readonly name: string;
  readonly tags: readonly string[];
  readonly value: (i: number) => number;
  readonly settings?: RuleSettings;
}

const noise = (i: number): number => (Math.imul(i ^ 0x5bd1e995, 0x9e3779b1) >>> 0) / 2 ** 32;
const limits: RuleSettings = {
  ...defaultRuleSettings,
  rules: { threshold: [{ tags: ["*"], settings: { value: 1e9, for: 3 } }] },
};

const cases: readonly Case[] = [
  { name: "noisy loss", tags: ["loss"], value: noise },
  { name: "falling loss", tags: ["loss"], value: (i) => 1 / (1 + i * 1e-3) + 0.01 * noise(i) },
  { name: "rising loss (always firing)", tags: ["loss"], value: (i) => i },
  { name: "noisy accuracy", tags: ["val/accuracy"], value: noise },
  { name: "every point NaN", tags: ["loss"], value: () => NaN },
  { name: "20 tags in turn", tags: Array.from({ length: 20 }, (_, i) => `loss_${i}`), value: noise },
  {
    name: "with a threshold on every tag",
    tags: ["loss", "val/accuracy", "x"],
    value: noise,
    settings: limits,
  },
];

const bare = median(() => build({ name: "", tags: ["loss"], value: noise }));
process.stdout.write(`${"case".padEnd(32)}million points/s   times the bare loop\n`);
for (const one of cases) {
  const seconds = median(() => judge(one));
  const rate = (count / seconds / 1e6).toFixed(3);
  process.stdout.write(
    `${one.name.padEnd(32)}${rate.padStart(16)}${(seconds / bare).toFixed(1).padStart(22)}\n`,
  );
}
process.stdout.write(`\nsave and restore of a run with 50 series: ${saveAndRestore().toFixed(2)} ms\n`);

function judge({ tags, value, settings = defaultRuleSettings }: Case): number {
  const judged = new RunJudge({ run: { watch: watchIdOf("/bench"), name: "run" }, settings });
  const point = { step: 0, wallTime: 0, value: 0 };
  const begun = performance.now();
  for (let i = 0; i < count; i += 1) {
    point.step = i;
    point.wallTime = i * 0.5;
    point.value = value(i);
    judged.observe("", tags[i % tags.length] ?? "", point);
  }
  judged.drain();
  return (performance.now() - begun) / 1_000;
}

function build({ value }: Case): number {
  const point = { step: 0, wallTime: 0, value: 0 };
  let sum = 0;
  const begun = performance.now();
  for (let i = 0; i < count; i += 1) {
    point.step = i;
    point.wallTime = i * 0.5;
    point.value = value(i);
    sum += point.value + point.step;
  }
  const seconds = (performance.now() - begun) / 1_000;
  if (Number.isNaN(sum)) throw new Error("never");
  return seconds;
}

function saveAndRestore(): number {
  const run = { watch: watchIdOf("/bench"), name: "run" };
  const judged = new RunJudge({ run, settings: defaultRuleSettings });
  for (let i = 0; i < 50 * 200; i += 1) {
    judged.observe("", `loss_${i % 50}`, { step: i, wallTime: i, value: noise(i) });
  }
  const times = Array.from({ length: 50 }, () => {
    const begun = performance.now();
    const series = new Map(judged.changedSeries().map((key) => [key, judged.memoryOf(key)]));
    const memory = { series, run: judged.runMemory(), episodes: judged.openEpisodes() };
    const restored = new RunJudge({ run, settings: defaultRuleSettings, memory });
    for (let tag = 0; tag < 50; tag += 1) {
      restored.observe("", `loss_${tag}`, { step: 20_000, wallTime: 20_000, value: 1 });
    }
    restored.memoryOf(seriesKeyOf("", "loss_0"));
    return performance.now() - begun;
  });
  return times.sort((one, other) => one - other)[25] ?? NaN;
}

function median(measure: () => number): number {
  measure();
  const times = Array.from({ length: repeats }, measure).sort((one, other) => one - other);
  return times[Math.floor(repeats / 2)] ?? NaN;
}
