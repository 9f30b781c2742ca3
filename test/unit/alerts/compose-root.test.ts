import { describe, expect, it } from "vitest";
import { composeRoot, type RootFacts } from "../../../src/alerts/compose-root.js";
import { chinese, dropEpisode, english, labelsOf, nanEpisode, run42, written } from "./compose-support.js";

const facts: RootFacts = {
  run: run42,
  state: "running",
  splits: ["train", "validation"],
  step: 12_400,
  points: 26_012,
  startedAt: 1_772_361_000_000,
  lastSeenAt: 1_772_374_509_000,
  metrics: [
    { tag: "epoch_loss", split: "train", last: { step: 17, value: 0.10000000149011612 }, best: 0.0981 },
    { tag: "epoch_accuracy", split: "validation", last: { step: 17, value: 0.879 } },
    { tag: "lr", split: "", last: { step: 12_400, value: 0.00003 } },
  ],
  open: [],
};

describe("the root of a run's thread", () => {
  it("shows a healthy run, in both languages", () => {
    expect(written(composeRoot(facts, english))).toMatchInlineSnapshot(`
      "(good) cifar10/run42 · running · no open alerts · step 12,400
      State: running
      Started: 2026-03-01 10:30:00 UTC
      Last point: 2026-03-01 14:15:09 UTC
      Points: 26,012
      Splits: train, validation
      Metric | Last value | Best | Step
      epoch_loss (train) | 0.1 | 0.0981 | 17
      epoch_accuracy (validation) | 0.879 | – | 17
      lr | 3e-5 | – | 12,400
      [n] Open in TensorBoard"
    `);
    expect(written(composeRoot(facts, chinese))).toMatchInlineSnapshot(`
      "(good) cifar10/run42 · 运行中 · 无未恢复告警 · 第 12,400 步
      状态: 运行中
      开始时间: 2026-03-01 18:30:00 GMT+8
      最新数据: 2026-03-01 22:15:09 GMT+8
      数据点: 26,012
      数据集: train、validation
      指标 | 最新值 | 最佳值 | 步数
      epoch_loss (train) | 0.1 | 0.0981 | 17
      epoch_accuracy (validation) | 0.879 | – | 17
      lr | 3e-5 | – | 12,400
      [n] 在 TensorBoard 中打开"
    `);
  });

  it("lists what is open, the weightiest first, with who took it", () => {
    const busy: RootFacts = {
      ...facts,
      state: "quiet",
      restart: { step: 8_000, at: 1_772_370_000_000 },
      mutedUntil: 1_772_380_000_000,
      open: [
        {
          episode: dropEpisode({ ack: { by: "Ada\nLovelace", at: 1 } }),
          labels: labelsOf("epoch_accuracy", "accuracy", "validation"),
        },
        { episode: nanEpisode("train/loss"), labels: labelsOf("train/loss", "loss") },
      ],
    };
    expect(written(composeRoot(busy, english))).toMatchInlineSnapshot(`
      "(critical) cifar10/run42 · quiet since 14:15 UTC · 2 open alerts (critical) · step 12,400
      State: quiet
      Started: 2026-03-01 10:30:00 UTC
      Last point: 2026-03-01 14:15:09 UTC
      Points: 26,012
      Splits: train, validation
      Resumed: from step 8,000 at 2026-03-01 13:00:00 UTC
      Muted: until 2026-03-01 15:46:40 UTC
      Open alerts:
      - Critical: train/loss became NaN · step 12,400
      - Warning: epoch_accuracy (validation) fell 3 times in a row: 0.946 → 0.879 (-0.067), best was 0.946 · step 17 · acknowledged by Ada Lovelace
      Metric | Last value | Best | Step
      epoch_loss (train) | 0.1 | 0.0981 | 17
      epoch_accuracy (validation) | 0.879 | – | 17
      lr | 3e-5 | – | 12,400
      [n] Quiet this run for two hours: @TensorBell mute 2h · Open in TensorBoard"
    `);
    expect(written(composeRoot(busy, chinese))).toMatchInlineSnapshot(`
      "(critical) cifar10/run42 · 自 22:15 GMT+8 起静默 · 2 条未恢复告警（严重） · 第 12,400 步
      状态: 静默
      开始时间: 2026-03-01 18:30:00 GMT+8
      最新数据: 2026-03-01 22:15:09 GMT+8
      数据点: 26,012
      数据集: train、validation
      续训: 2026-03-01 21:00:00 GMT+8 从第 8,000 步继续
      静音: 至 2026-03-01 23:46:40 GMT+8
      未恢复告警：
      - 严重：train/loss 变为 NaN · 第 12,400 步
      - 警告：epoch_accuracy (validation) 连续下降 3 次：0.946 → 0.879（-0.067），最佳值 0.946 · 第 17 步 · 已由 Ada Lovelace 确认
      指标 | 最新值 | 最佳值 | 步数
      epoch_loss (train) | 0.1 | 0.0981 | 17
      epoch_accuracy (validation) | 0.879 | – | 17
      lr | 3e-5 | – | 12,400
      [n] 静音此运行两小时：@TensorBell 静音 2h · 在 TensorBoard 中打开"
    `);
  });

  it("of a directory that is itself a run still has a name, and unknown times are said", () => {
    const bare: RootFacts = {
      ...facts,
      run: { ...run42, name: "." },
      state: "finished",
      splits: [],
      metrics: [],
      startedAt: Number.NaN,
    };
    expect(written(composeRoot(bare, { locale: "en", timeZone: "UTC" }))).toMatchInlineSnapshot(`
      "(good) (root) · finished · no open alerts · step 12,400
      State: finished
      Started: unknown time
      Last point: 2026-03-01 14:15:09 UTC
      Points: 26,012"
    `);
  });

  it("stays bounded with hundreds of metrics, splits and alerts", () => {
    const huge: RootFacts = {
      ...facts,
      splits: Array.from({ length: 300 }, (_, index) => `split${index}-${"x".repeat(500)}`),
      metrics: Array.from({ length: 500 }, (_, index) => ({
        tag: `m${index}/${"y".repeat(2_000)}`,
        split: "z".repeat(300),
        last: { step: 1, value: 1 },
      })),
      open: Array.from({ length: 500 }, (_, index) => ({
        episode: nanEpisode(`t${index}`),
        labels: labelsOf(`t${index}`, "other"),
      })),
    };
    expect(JSON.stringify(composeRoot(huge, english)).length).toBeLessThan(4_500);
  });
});
