import { describe, expect, it } from "vitest";
import { composeAlert } from "../../../src/alerts/compose-alert.js";
import type { Episode } from "../../../src/alerts/episode.js";
import { chinese, english, itemOf, nanEpisode, riseEpisode, run42, written } from "./compose-support.js";

function over(reason: NonNullable<Episode["resolved"]>["reason"]): Episode {
  return riseEpisode({
    state: "resolved",
    resolved: { step: 13_160, wallTime: 1_772_375_259, value: 0.43, reason },
  });
}

const between = { min: { step: 13_160, value: 0.43 }, max: { step: 12_610, value: 3.87 } };

describe("an alert that is over", () => {
  it("says how long it lasted and how bad it was, in both languages", () => {
    const items = [{ ...itemOf(over("cleared"), "resolved"), between }];
    expect(written(composeAlert({ run: run42, items }, english))).toMatchInlineSnapshot(`
      "(good) Resolved · cifar10/run42 · train/loss recovered after 12m 30s
      Alert: train/loss rose 5 times in a row: 0.41 → 2.32 (+1.91)
      Lasted: 12m 30s
      Steps: 12,400 – 13,160
      Value now: 0.43
      Worst meanwhile: 3.87 (step 12,610)
      Best meanwhile: 0.43 (step 13,160)
      Time: 2026-03-01 14:27:39 UTC"
    `);
    expect(written(composeAlert({ run: run42, items }, chinese))).toMatchInlineSnapshot(`
      "(good) 已恢复 · cifar10/run42 · train/loss 回到正常，历时 12分钟30秒
      原告警: train/loss 连续上升 5 次：0.41 → 2.32（+1.91）
      持续时间: 12分钟30秒
      步数范围: 12,400 – 13,160
      当前数值: 0.43
      期间最差: 3.87（第 12,610 步）
      期间最好: 0.43（第 13,160 步）
      时间: 2026-03-01 22:27:39 GMT+8"
    `);
  });

  it("for another reason than recovery is closed, not recovered", () => {
    const messages = (["superseded", "run-ended", "settings"] as const).flatMap((reason) =>
      [english, chinese].map((manner) =>
        composeAlert({ run: run42, items: [itemOf(over(reason), "resolved")] }, manner),
      ),
    );
    expect(new Set(messages.map(({ tone }) => tone))).toEqual(new Set(["info"]));
    expect(messages.map(({ headline }) => headline).join("\n")).toMatchInlineSnapshot(`
      "Closed · cifar10/run42 · train/loss: the run restarted from before the alert
      已关闭 · cifar10/run42 · train/loss：运行已从告警之前的步数重新开始
      Closed · cifar10/run42 · train/loss: the run ended with the alert open for 12m 30s
      已关闭 · cifar10/run42 · train/loss：运行结束时告警仍未恢复，已持续 12分钟30秒
      Closed · cifar10/run42 · train/loss: the alert no longer applies after a change of settings
      已关闭 · cifar10/run42 · train/loss：设置已更改，该告警不再适用"
    `);
  });

  it("together with others is one list", () => {
    const nan = nanEpisode("grad_norm", {
      state: "resolved",
      resolved: { ...riseEpisode().opened, wallTime: 1_772_374_569, reason: "cleared" },
    });
    const items = [itemOf(over("superseded"), "resolved"), itemOf(nan, "resolved")];
    expect(written(composeAlert({ run: run42, items }, english))).toMatchInlineSnapshot(`
      "(info) Closed · cifar10/run42 · 2 alerts no longer open
      - Resolved: grad_norm recovered after 1m (non_finite)
      - Closed: train/loss: the run restarted from before the alert (consecutive_rise)"
    `);
    expect(written(composeAlert({ run: run42, items }, chinese))).toMatchInlineSnapshot(`
      "(info) 已关闭 · cifar10/run42 · 2 条告警已解除
      - 已恢复：grad_norm 回到正常，历时 1分钟（non_finite）
      - 已关闭：train/loss：运行已从告警之前的步数重新开始（consecutive_rise）"
    `);
  });

  it("whose better direction nobody knows shows no best and worst", () => {
    const nan = nanEpisode("grad_norm", {
      state: "resolved",
      resolved: { ...riseEpisode().opened, reason: "cleared" },
    });
    const message = composeAlert({ run: run42, items: [{ ...itemOf(nan, "resolved"), between }] }, english);
    expect(written(message)).not.toContain("meanwhile");
  });
});
