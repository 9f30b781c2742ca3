import { describe, expect, it } from "vitest";
import { RunJudge } from "../../../../src/alerts/run-judge.js";
import { parseConfig } from "../../../../src/app/config.js";
import { variables } from "../../../../src/app/environment-variables.js";
import { readEnvironment } from "../../../../src/app/environment.js";
import { demoConfig, demoEnvironment } from "../../../../src/cli/demo/demo-config.js";
import { demoWords } from "../../../../src/cli/demo/demo-words.js";
import { demoPaceMs } from "../../../../src/cli/demo/run-demo-training.js";
import { demoRuns, type Logged, stalledRunSteps } from "../../../../src/cli/demo/demo-runs.js";
import { testRun } from "../../../support/judge-curve.js";

function logOf(name: string): readonly Logged[] {
  const run = demoRuns.find((candidate) => candidate.name === `digits/${name}`);
  return [...(run?.train() ?? [])];
}

const losses = (log: readonly Logged[]): readonly number[] => log.map(({ train }) => train["loss"] ?? NaN);
const accuracies = (log: readonly Logged[]): readonly number[] =>
  log.flatMap(({ validation }) => validation?.["accuracy"] ?? []);

describe("the demo's models", () => {
  it.each(demoRuns.map((run) => [run.name, run]))("train the same way every time: %s", (_name, run) => {
    expect([...run.train()]).toEqual([...run.train()]);
  });

  it("have one that learns to its end", () => {
    const log = logOf("healthy");
    const all = losses(log);
    expect(log.at(-1)?.step).toBe(stalledRunSteps);
    expect(Math.max(...all.slice(-20))).toBeLessThan(0.5 * (all[0] ?? 0));
  });

  it("have one that nobody hears of", () => {
    const judge = new RunJudge({ run: testRun, settings: { rules: {}, metrics: {}, overrides: [] } });
    for (const { step, train, validation } of logOf("healthy")) {
      const wallTime = step / 40;
      for (const [split, values] of Object.entries({ train, validation: validation ?? {} })) {
        for (const [tag, value] of Object.entries(values))
          judge.observe(split, tag, { step, wallTime, value });
      }
    }
    expect(judge.drain().filter(({ episode }) => episode.severity !== "info")).toEqual([]);
  });

  it("raise the first alarm within twenty seconds of what a person watches, and one for each fault", () => {
    const user = parseConfig("", undefined, "/");
    if (user.kind !== "ok") throw new Error("expected to be right");
    const { rules, metrics } = demoConfig("/demo", user.config);
    const firstAt = (name: string): number => {
      const judge = new RunJudge({ run: testRun, settings: { rules, metrics, overrides: [] } });
      const at = logOf(name).findIndex(({ step, train, validation }, place) => {
        const wallTime = (place * demoPaceMs) / 1_000;
        for (const [split, values] of Object.entries({ train, validation: validation ?? {} })) {
          for (const [tag, value] of Object.entries(values))
            judge.observe(split, tag, { step, wallTime, value });
        }
        return judge.drain().some(({ episode }) => episode.severity !== "info");
      });
      return at < 0 ? Infinity : (at * demoPaceMs) / 1_000;
    };
    const seconds = ["lr-too-high", "nan", "bad-labels"].map(firstAt);
    expect(Math.min(...seconds)).toBeLessThan(20);
    expect(Math.max(...seconds)).toBeLessThan(60);
  });

  it("have one whose loss falls first and then grows without end", () => {
    const all = losses(logOf("lr-too-high"));
    const best = Math.min(...all);
    expect(best).toBeLessThan(0.05 * (all[0] ?? 0));
    expect(all.indexOf(best)).toBeGreaterThan(10);
    expect(all.at(-1)).toBeGreaterThan(1_000 * (all[0] ?? 0));
  });

  it("have one whose loss is finite at first and NaN from some step on", () => {
    const all = losses(logOf("nan"));
    const first = all.findIndex(Number.isNaN);
    expect(first).toBeGreaterThan(20);
    expect(all.slice(first).every(Number.isNaN)).toBe(true);
  });

  it("have one whose validation accuracy falls three evaluations in a row", () => {
    const all = accuracies(logOf("bad-labels"));
    const falls = all.map(
      (value, at) =>
        at >= 3 &&
        all.slice(at - 3, at).every((past, i) => past > (all[at - 2 + i] ?? 1)) &&
        value < (all[at - 3] ?? 0) - 0.02,
    );
    expect(falls.indexOf(true)).toBeGreaterThan(8);
  });

  it("have one that stops short of its end", () => {
    expect(logOf("stalls").at(-1)?.step).toBeLessThan(stalledRunSteps / 2);
  });
});

it("the demo's configuration watches its own logs alone and speaks of silence early, for the stalling run", () => {
  const user = parseConfig("language: zh\nwatches: [/data]\nroutes: [{to: 'slack:C1'}]", undefined, "/");
  if (user.kind !== "ok") throw new Error("expected to be right");
  expect(demoConfig("/tmp/demo", user.config)).toMatchObject({
    language: "zh",
    routes: [],
    watches: [{ root: "/tmp/demo" }],
    terminal: { enabled: true },
    rules: { stalled: [{ runs: ["*/stalls"], settings: { min_silence: 10, max_steps: stalledRunSteps } }] },
  });
});

describe("the demo where chat platforms are set up", () => {
  const set = variables
    .filter(({ name }) => /^(SLACK|DINGTALK)_/.test(name))
    .map(({ name }): [string, string] => [name, "x"]);
  const read = readEnvironment({ ...Object.fromEntries(set), REDIS_URL: "redis://elsewhere" }, "/");
  if (read.kind !== "ok") throw new Error("expected to be right");
  const { environment } = read;
  const chatsOf = (slack: boolean): readonly string[] =>
    Object.keys(demoEnvironment(environment, { home: "/demo", slack }).variables)
      .filter((name) => /^(SLACK|DINGTALK)_/.test(name))
      .map((name) => name.replace(/_.*/, ""));

  it("says nothing on any of them", () => {
    expect(chatsOf(false)).toEqual([]);
  });

  it("says it in Slack too where that was asked for, never in DingTalk", () => {
    expect(new Set(chatsOf(true))).toEqual(new Set(["SLACK"]));
  });

  it("leaves the team's Redis alone", () => {
    expect(demoEnvironment(environment, { home: "/demo", slack: true })).toMatchObject({
      home: "/demo",
      redisUrl: undefined,
    });
  });
});

it("the demo says before it starts what will happen, in both languages", () => {
  expect(demoWords("/tmp/x/logs", "en")).toMatchInlineSnapshot(`
    "Demo: five small models train below /tmp/x/logs
      digits/healthy: learns, and finishes
      digits/lr-too-high: its learning rate makes the loss diverge
      digits/nan: its loss becomes NaN
      digits/bad-labels: its data loader goes wrong and the validation accuracy falls
      digits/stalls: stops writing before its end
    Type /tb help to see what you can ask; Ctrl-C ends the demo.
    "
  `);
  expect(demoWords("/tmp/x/logs", "zh")).toMatchInlineSnapshot(`
    "演示：五个小模型正在此目录下训练：/tmp/x/logs
      digits/healthy：正常收敛并完成训练
      digits/lr-too-high：学习率过高，损失发散
      digits/nan：损失变为 NaN
      digits/bad-labels：数据加载出错，验证准确率下降
      digits/stalls：训练中途停止写入
    输入 /tb 帮助 查看可用命令；按 Ctrl-C 结束演示。
    "
  `);
});
