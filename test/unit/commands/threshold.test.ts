import { describe, expect, it } from "vitest";
import { dispatch } from "../../../src/commands/dispatch.js";
import { parseThreshold } from "../../../src/commands/threshold-words.js";
import { admin, asks, heldRun, member, operator, world } from "../../support/command-ports.js";
import { messageText } from "../../support/message-text.js";

const keras = heldRun("fit/mnist", [
  ["train", "epoch_loss", 2, 1],
  ["validation", "epoch_loss", 2, 1.5],
  ["train", "epoch_accuracy", 0.5, 0.6],
  ["validation", "epoch_accuracy", 0.5, 0.55],
  ["train", "learning_rate", 0.1],
]);
const torch = heldRun("run42", [
  ["", "Loss/train", 2, 1],
  ["", "Loss/reg_loss", 0, 1],
  ["", "fid", 40, 30],
]);

it("a member who may not set a named run's threshold is told where they may", async () => {
  const run = heldRun("fit/run42", [["train", "epoch_loss", 3, 2, 1.25]]);
  const refused = await dispatch(asks(member, "threshold loss 0.5 run42"), world([run]));
  expect(messageText(refused.message)).toMatch(
    /needs an admin[^]*the same command in the run's own thread, or quoting one of its messages/,
  );
  const everyones = await dispatch(asks(member, "threshold loss 0.5"), world([run]));
  expect(messageText(everyones.message)).not.toContain("own thread");
});

describe("the words of a threshold", () => {
  it.each([
    ["", { kind: "show", run: [] }],
    ["run42", { kind: "show", run: ["run42"] }],
    ["reset loss", { kind: "reset", words: ["loss"] }],
    ["loss reset", { kind: "reset", words: ["loss"] }],
    ["loss 0.05", { kind: "set", metric: "loss", value: 0.05, run: [] }],
    ["loss 0.05 run42", { kind: "set", metric: "loss", value: 0.05, run: ["run42"] }],
    ["train loss 5% my run", { kind: "set", metric: "train loss", value: 0.05, run: ["my", "run"] }],
    ["loss > 2.5", { kind: "set", metric: "loss", op: ">", value: 2.5, run: [] }],
    ["loss>=1e-3", { kind: "set", metric: "loss", op: ">=", value: 0.001, run: [] }],
    [
      "loss 大于 2.5 连续3次 run42",
      { kind: "set", metric: "loss", op: ">", value: 2.5, points: 3, run: ["run42"] },
    ],
    ["acc below .5 for 3 points", { kind: "set", metric: "acc", op: "<", value: 0.5, points: 3, run: [] }],
    [
      "loss > 2.5 for 3 run42",
      { kind: "set", metric: "loss", op: ">", value: 2.5, points: 3, run: ["run42"] },
    ],
    ["loss >", { kind: "wrong", why: "no-value" }],
    ["loss 5 %", { kind: "set", metric: "loss", value: 0.05, run: [] }],
    [
      "loss > 5 % for 3 run42",
      { kind: "set", metric: "loss", op: ">", value: 0.05, points: 3, run: ["run42"] },
    ],
    ["损失大于2.5连续3次", { kind: "set", metric: "损失", op: ">", value: 2.5, points: 3, run: [] }],
    ["损失 低于.5", { kind: "set", metric: "损失", op: "<", value: 0.5, run: [] }],
    ["准确率不低于90% run42", { kind: "set", metric: "准确率", op: ">=", value: 0.9, run: ["run42"] }],
    ["大于号实验", { kind: "show", run: ["大于号实验"] }],
    ["loss NaN", { kind: "wrong", why: "no-value" }],
    ["loss inf", { kind: "wrong", why: "no-value" }],
    ["loss 0x10", { kind: "wrong", why: "no-value" }],
    ["loss 0,05", { kind: "wrong", why: "comma" }],
    ["loss > 12,000", { kind: "wrong", why: "comma" }],
    ["loss 1e999", { kind: "wrong", why: "no-value" }],
    ["run 2024.1.2", { kind: "show", run: ["run", "2024.1.2"] }],
    ["loss > NaN", { kind: "wrong", why: "no-value" }],
    ["loss > 1e999", { kind: "wrong", why: "no-value" }],
    ["loss > 2 for ever", { kind: "wrong", why: "points" }],
    ["0.05", { kind: "wrong", why: "no-metric" }],
    ["lr=0.1/loss 2", { kind: "set", metric: "lr=0.1/loss", value: 2, run: [] }],
  ])("%s", (words, request) => {
    expect(parseThreshold(words.split(" ").filter((word) => word !== ""))).toEqual(request);
  });
});

describe("/tb threshold", () => {
  it("sets the total of the rise rule for losses of one run, rehearsed, with author, time and undo", async () => {
    const ports = world([torch]);
    ports.rehearsal = {
      runs: 1,
      before: { alerts: 2, runs: 1 },
      after: { alerts: 5, runs: 1 },
      partly: 0,
      shadowed: 0,
    };
    const reply = await dispatch(asks(operator, "threshold loss 0.05 run42"), ports);
    expect(messageText(reply.message)).toMatchInlineSnapshot(`
      "[info] Threshold set for run42: rises in a row by more than 0.05
      tags: Loss/train
      rule: consecutive_rise
      on past runs: would have fired 5 times in 1 run (before: 2 times)
      Undo: /tb threshold reset t67920b
      (Set by terminal:operator.)"
    `);
    expect(await ports.overrides.list()).toMatchInlineSnapshot(`
      [
        {
          "at": 1772366400000,
          "author": "terminal:operator",
          "enabled": true,
          "id": "t67920b",
          "rule": "consecutive_rise",
          "scope": {
            "kind": "run",
            "run": "wc06682b718.b27ab520f0c784b8",
          },
          "settings": {
            "min_total": 0.05,
          },
          "tags": [
            "Loss/train",
          ],
        },
      ]
    `);
    expect(ports.rehearsed).toHaveLength(1);
  });

  it("sets the total of the drop rule for accuracies, everyone's where no run is named", async () => {
    const ports = world([keras, torch]);
    const reply = await dispatch(asks(admin, "阈值 准确率 0.01"), ports);
    expect(messageText(reply.message)).toMatchInlineSnapshot(`
      "[info] 已为所有运行设置阈值：连续下降，总幅度超过 0.01
      标签: epoch_accuracy
      规则: consecutive_drop
      历史回放: 1 个运行中均不会触发（之前：未触发）
      撤销：/tb 阈值 重置 t169278
      (由 Ada (slack:UADMIN) 设置。)"
    `);
    expect(await ports.overrides.list()).toMatchObject([
      { scope: { kind: "everyone" }, rule: "consecutive_drop", tags: ["epoch_accuracy"], enabled: true },
    ]);
  });

  it("keeps to the split that the metric's name chose", async () => {
    const ports = world([keras]);
    await dispatch(asks(operator, "threshold val_loss 0.05"), ports);
    expect(await ports.overrides.list()).toMatchObject([
      { rule: "consecutive_rise", tags: ["epoch_loss"], split: "validation" },
    ]);
  });

  it("takes a sign for a plain limit on any metric", async () => {
    const ports = world([torch]);
    const reply = await dispatch(asks(operator, "threshold fid > 2.5 for 3"), ports);
    expect(reply.message.headline).toBe("Threshold set for everyone's runs: > 2.5 for 3 points");
    expect(await ports.overrides.list()).toMatchObject([
      { rule: "threshold", tags: ["fid"], settings: { op: ">", value: 2.5, for: 3 } },
    ]);
  });

  it("asks for a sign where a metric is neither better low nor high", async () => {
    const ports = world([keras]);
    const reply = await dispatch(asks(operator, "threshold learning_rate 2"), ports);
    expect(messageText(reply.message)).toContain("/tb threshold learning_rate > 2");
    expect(await ports.overrides.list()).toEqual([]);
  });

  it("in a run's thread it is that run's, and a member may", async () => {
    const ports = world([torch, keras]);
    ports.runs.openThread(asks(member, "", { thread: { channel: "C1", id: "1.1" } }), keras.summary.id);
    await dispatch(asks(member, "threshold loss 0.05", { thread: { channel: "C1", id: "1.1" } }), ports);
    expect(await ports.overrides.list()).toMatchObject([
      { scope: { kind: "run", run: keras.summary.id }, author: "Ann (slack:U1)" },
    ]);
  });

  it("replaces what was said before, and names the command that brings it back", async () => {
    const ports = world([torch]);
    await dispatch(asks(operator, "threshold loss 0.05 run42"), ports);
    const reply = await dispatch(asks(admin, "threshold loss 0.5 run42"), ports);
    expect(await ports.overrides.list()).toHaveLength(1);
    expect(messageText(reply.message)).toContain("Undo: /tb threshold Loss/train 0.05 run42 (as");
  });

  it.each(["loss", "t", "Loss/train", ""])(
    "is undone by `reset %s`, and that by the command it names",
    async (word) => {
      const ports = world([torch]);
      await dispatch(asks(operator, "threshold loss 0.05"), ports);
      const [set] = await ports.overrides.list();
      const reset = await dispatch(asks(operator, `threshold reset ${word === "t" ? set!.id : word}`), ports);
      expect(await ports.overrides.list()).toEqual([]);
      const undo = /undo: (.*)$/m.exec(messageText(reset.message))?.[1] ?? "";
      await dispatch(asks(operator, undo), ports);
      expect(await ports.overrides.list()).toEqual([set]);
    },
  );

  it("refuses totals below nothing", async () => {
    const reply = await dispatch(asks(operator, "threshold loss -1"), world([torch]));
    expect(reply.message.headline).toBe("-1 cannot be: the total of a rise or drop is 0 or more.");
  });

  it("names the nearest tag where there is none of that name", async () => {
    const reply = await dispatch(asks(operator, "threshold fdi > 1 run42"), world([torch]));
    expect(messageText(reply.message)).toBe('[warning] run42 has no metric "fdi".\nDid you mean fid');
  });

  it("shows what is in force, from where, and what was set", async () => {
    const ports = world([torch]);
    await dispatch(asks(operator, "threshold fid > 50"), ports);
    ports.effective = [
      {
        rule: "consecutive_rise",
        series: torch.series[0]!.key,
        settings: { enabled: true, count: 5, min_total: 0.1, gate: 6 },
        written: {},
      },
      {
        rule: "threshold",
        series: torch.series[2]!.key,
        settings: { enabled: true, op: ">", value: 50, for: 1, severity: "warning" },
        written: { value: { kind: "chat", override: (await ports.overrides.list())[0]! } },
      },
    ];
    const reply = await dispatch(asks(operator, "threshold run42"), ports);
    expect(messageText(reply.message)).toMatchInlineSnapshot(`
      "[info] Thresholds of run42
      rule | fires on | series | from
      threshold | > 50 | fid | chat, everyone (terminal:operator)
      consecutive_rise | 5 rises in a row by more than 0.1 | Loss/train | default
      Set in chat:
      - fid: > 50 · everyone · terminal:operator, just now · /tb threshold reset t6acf2f
      (Set: /tb threshold loss 0.05 or /tb threshold loss > 2.5 for 3)"
    `);
  });
});
