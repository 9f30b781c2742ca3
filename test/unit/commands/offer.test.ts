import { describe, expect, it } from "vitest";
import { commandNamed, commandRegistry } from "../../../src/commands/command-registry.js";
import { dispatch } from "../../../src/commands/dispatch.js";
import { offer, type OwnWord, ownWord } from "../../../src/commands/offer.js";
import { asks, episode, guest, heldRun, operator, world } from "../../support/command-ports.js";
import { messageText } from "../../support/message-text.js";

const run = heldRun(
  "fit/run42",
  [
    ["train", "epoch_loss", 3, 2, 1.25],
    ["validation", "epoch_accuracy", 0.5, 0.75],
    ["train", "mystery", 1, 2],
  ],
  { openEpisodes: 1 },
);
const other = heldRun("fit/base", [["", "loss", 1]], { state: "finished" });

function ports() {
  const made = { ...world([run, other]), locale: "zh" as const };
  made.alerts.episodes = [episode(run.summary.id, "non_finite", { split: "train", tag: "epoch_loss" })];
  return made;
}

describe("a command that a reply offers", () => {
  it.each(Object.keys(commandRegistry))("is called in Chinese as its help says: %s", (name) => {
    const command = commandNamed(name);
    const word = ownWord("zh", name as OwnWord);
    expect(command?.usage.zh.split(" ")[1]).toBe(word);
    expect(commandNamed(word)).toBe(command);
  });

  it("has its own words in the reader's language and names as they are", () => {
    expect(offer("zh", ["watch", "add"], "/data/运行")).toBe("/tb 监控 添加 /data/运行");
    expect(offer("en", ["watch", "add"], "/data/运行")).toBe("/tb watch add /data/运行");
  });

  // Every way in that offers another command: what worked, what was not understood, what is not allowed.
  const lines = [
    "帮助",
    "帮助 静音",
    "不存在",
    "静应",
    "运行",
    "运行 zzz",
    "状态",
    "状态 run42",
    "状态 fit",
    "状态 zzz",
    "图",
    "图 run42 zzz",
    "图 run42 loss",
    "告警",
    "告警 run42",
    "阈值",
    "阈值 loss 0.05",
    "阈值 loss > 2.5 连续 3",
    "阈值 mystery 0.5",
    "阈值 loss -1",
    "阈值 zzz 1",
    "阈值 重置 zzz",
    "阈值 重置 loss",
    "建议",
    "建议 loss",
    "建议 loss zzz",
    "规则",
    "规则 run42",
    "规则 zzz",
    "静音",
    "静音 run42",
    "静音 run42 2小时",
    "静音 spike 2小时",
    "静音 fit/* 2小时",
    "静音 zzz/* 2小时",
    "静音 run42 99天",
    "取消静音",
    "取消静音 run42",
    "取消静音 base",
    "确认",
    "确认 run42",
    "确认 base",
    "取消确认 run42",
    "取消确认 base",
    "监控",
    "监控 添加",
    "监控 添加 /data/x",
    "监控 添加 /etc",
    "监控 列表",
    "监控 移除 /data/x",
    "监控 移除 /zzz",
    "额度",
    "我是谁",
    "x".repeat(5_000),
  ];
  it("is written in Chinese in every Chinese answer", async () => {
    const told = ports();
    const english: string[] = [];
    for (const line of lines) {
      for (const actor of [operator, guest]) {
        const said = messageText((await dispatch(asks(actor, line), told)).message);
        for (const [found] of said.matchAll(/(?:\/tb|@TensorBell) [a-z]+[^\n，；。]*/g))
          english.push(`${line.slice(0, 40)} → ${found}`);
      }
    }
    expect(english).toEqual([]);
  });
});
