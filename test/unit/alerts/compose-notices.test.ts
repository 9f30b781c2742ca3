import { describe, expect, it } from "vitest";
import { composeDigest, type DigestFacts } from "../../../src/alerts/compose-digest.js";
import { composeHistory } from "../../../src/alerts/compose-history.js";
import { composeOperatorNotice } from "../../../src/alerts/compose-operator-notice.js";
import { composeRestart } from "../../../src/alerts/compose-restart.js";
import { operatorSubjects } from "../../../src/alerts/wording-shape.js";
import { chinese, english, run42, written } from "./compose-support.js";

describe("history", () => {
  it("is one quiet message that offers a replay, in both languages", () => {
    const facts = { root: "/data/logs/fit", runs: 214, points: 1_204_311, open: ["mnist/a", "mnist/b"] };
    expect(written(composeHistory(facts, english))).toMatchInlineSnapshot(`
      "(info) Watching /data/logs/fit · 214 runs, 1,204,311 points so far
      2 runs with open alerts:
      - mnist/a
      - mnist/b
      [n] What happened before is not posted. To read what the rules say about it: tensorbell replay /data/logs/fit"
    `);
    expect(written(composeHistory(facts, chinese))).toMatchInlineSnapshot(`
      "(info) 开始监视 /data/logs/fit · 已有 214 个运行、1,204,311 个数据点
      2 个运行有未恢复告警：
      - mnist/a
      - mnist/b
      [n] 此前的告警不会补发。如需查看规则对历史数据的判断：tensorbell replay /data/logs/fit"
    `);
  });

  it("names at most five runs and quotes a path for the shell", () => {
    const facts = {
      root: "/data/it's here; rm -rf",
      runs: 8,
      points: 10,
      open: ["a", "b", "c", "d", "e", "f", "g"],
    };
    expect(written(composeHistory(facts, english))).toMatchInlineSnapshot(`
      "(info) Watching /data/it's here; rm -rf · 8 runs, 10 points so far
      At least 7 runs with open alerts:
      - a
      - b
      - c
      - d
      - e
      - … and 2 more
      [n] What happened before is not posted. To read what the rules say about it: tensorbell replay '/data/it'\\''s here; rm -rf'"
    `);
  });

  it("of an empty directory says so", () => {
    const facts = { root: "./logs", runs: 0, points: 0, open: [] };
    expect([english, chinese].map((manner) => written(composeHistory(facts, manner))).join("\n"))
      .toMatchInlineSnapshot(`
      "(info) Watching ./logs · no event files yet
      (info) 开始监视 ./logs · 暂无事件文件"
    `);
  });
});

describe("the digest", () => {
  const line = {
    run: run42,
    step: 12_400,
    openAlerts: 0,
    metrics: [{ tag: "train/loss", split: "", last: { step: 12_400, value: 0.41 } }],
  };
  const facts: DigestFacts = {
    day: "2026-03-01",
    since: 1_772_269_200_000,
    until: 1_772_355_600_000,
    started: [line],
    finished: [],
    open: [{ ...line, run: { ...run42, name: "cifar10/run43" }, openAlerts: 2 }],
    alertsFired: 3,
    alertsResolved: 1,
  };

  it("says what started, ended and is open, in both languages", () => {
    expect(written(composeDigest(facts, english))).toMatchInlineSnapshot(`
      "(warning) Daily summary 2026-03-01 · 1 run started, 1 with open alerts, 3 alerts raised, 1 resolved
      With open alerts:
      - cifar10/run43 · step 12,400, 2 open alerts, train/loss 0.41
      Started:
      - cifar10/run42 · step 12,400, train/loss 0.41
      [n] 2026-02-28 09:00:00 UTC to 2026-03-01 09:00:00 UTC"
    `);
    expect(written(composeDigest(facts, chinese))).toMatchInlineSnapshot(`
      "(warning) 每日汇总 2026-03-01 · 1 个运行开始，1 个有未恢复告警，触发 3 条告警，解除 1 条
      有未恢复告警：
      - cifar10/run43 · 第 12,400 步，2 条未恢复告警，train/loss 0.41
      新开始：
      - cifar10/run42 · 第 12,400 步，train/loss 0.41
      [n] 2026-02-28 17:00:00 GMT+8 至 2026-03-01 17:00:00 GMT+8"
    `);
  });

  it("of a quiet day is one sentence", () => {
    const quiet = { ...facts, started: [], open: [], alertsFired: 0, alertsResolved: 0 };
    expect([english, chinese].map((manner) => written(composeDigest(quiet, manner))).join("\n"))
      .toMatchInlineSnapshot(`
      "(info) Daily summary 2026-03-01 · no run started, ended or raised an alert
      [n] 2026-02-28 09:00:00 UTC to 2026-03-01 09:00:00 UTC
      (info) 每日汇总 2026-03-01 · 没有运行开始、结束或触发告警
      [n] 2026-02-28 17:00:00 GMT+8 至 2026-03-01 17:00:00 GMT+8"
    `);
  });

  it("counts what it does not list", () => {
    const many = { ...facts, started: Array.from({ length: 2_000 }, () => line) };
    expect(written(composeDigest(many, english))).toContain("… and 1990 more");
  });
});

it("a restart is said with the step it went back to, in both languages", () => {
  expect(
    [english, chinese]
      .map((manner) => written(composeRestart({ run: run42, step: 8_000 }, manner)))
      .join("\n"),
  ).toMatchInlineSnapshot(`
    "(info) Restarted · cifar10/run42 · resumed from step 8,000
    [n] Points from that step on count anew; alerts that rested on the old ones are closed.
    (info) 重新开始 · cifar10/run42 · 从第 8,000 步继续训练
    [n] 从该步起的数据点重新计算；基于旧数据点的告警已关闭。"
  `);
});

describe("operator notices", () => {
  it("have a sentence for every known subject, in both languages", () => {
    const said = operatorSubjects.flatMap((subject) =>
      [english, chinese].map((manner) => composeOperatorNotice({ subject, detail: "" }, manner).headline),
    );
    expect(said.join("\n")).toMatchInlineSnapshot(`
      "TensorBell · A message could not be delivered and was put aside
      TensorBell · 有消息无法送达，已搁置
      TensorBell · A destination refuses messages
      TensorBell · 某个目标拒收消息
      TensorBell · The state in Redis is gone: everything is read anew as history, and what was set in chat (thresholds, mutes, watches) has to be set again
      TensorBell · Redis 中的状态已丢失：所有数据将作为历史重新读取，在聊天中设置的阈值、静音和监视目录需要重新设置
      TensorBell · Event files are damaged
      TensorBell · 事件文件有损坏
      TensorBell · A rule failed or is too slow, and was set aside; the others go on
      TensorBell · 某条规则出错或过慢，已停用，其余规则照常工作
      TensorBell · A chart could not be made
      TensorBell · 图表生成失败
      TensorBell · A watched directory could not be read in full
      TensorBell · 监视的目录未能完整读取"
    `);
  });

  it("show other subjects and any detail as plain bounded text", () => {
    const message = composeOperatorNotice(
      { subject: "disk\nfull", detail: `slack:C1 answered ${"x".repeat(5_000)}` },
      english,
    );
    expect(message.headline).toBe("TensorBell · disk full");
    expect(JSON.stringify(message).length).toBeLessThan(1_000);
  });
});
