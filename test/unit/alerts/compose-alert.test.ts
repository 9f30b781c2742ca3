import { describe, expect, it } from "vitest";
import { composeAlert, weightiest } from "../../../src/alerts/compose-alert.js";
import { speechBounds } from "../../../src/alerts/compose-speech.js";
import { plainText } from "../../../src/message/message.js";
import {
  chinese,
  dropEpisode,
  english,
  itemOf,
  nanEpisode,
  riseEpisode,
  run42,
  written,
} from "./compose-support.js";

const rise = { ...itemOf(riseEpisode()), settings: { enabled: true, count: 5, min_total: 0.1, gate: 6 } };

describe("one alert", () => {
  it("says what, where and since when in English", () => {
    expect(written(composeAlert({ run: run42, items: [rise] }, english))).toMatchInlineSnapshot(`
      "(warning) Warning · cifar10/run42 · train/loss rose 5 times in a row: 0.41 → 2.32 (+1.91) · since step 12,400, 14:15 UTC
      Metric: train/loss
      Step: 12,400
      Value: 2.32
      Rule: consecutive_rise (count=5, min_total=0.1, gate=6)
      Time: 2026-03-01 14:15:09 UTC
      [n] Quiet this run for two hours: @TensorBell mute 2h · Open in TensorBoard"
    `);
  });

  it("says the same in Chinese", () => {
    expect(written(composeAlert({ run: run42, items: [rise] }, chinese))).toMatchInlineSnapshot(`
      "(warning) 警告 · cifar10/run42 · train/loss 连续上升 5 次：0.41 → 2.32（+1.91） · 自第 12,400 步（22:15 GMT+8）起
      指标: train/loss
      步数: 12,400
      数值: 2.32
      规则: consecutive_rise (count=5, min_total=0.1, gate=6)
      时间: 2026-03-01 22:15:09 GMT+8
      [n] 静音此运行两小时：@TensorBell 静音 2h · 在 TensorBoard 中打开"
    `);
  });

  it("of a falling validation accuracy names the split, in both languages", () => {
    const items = [itemOf(dropEpisode())];
    expect(written(composeAlert({ run: run42, items }, english))).toMatchInlineSnapshot(`
      "(warning) Warning · cifar10/run42 · epoch_accuracy (validation) fell 3 times in a row: 0.946 → 0.879 (-0.067), best was 0.946 · since step 17, 14:15 UTC
      Metric: epoch_accuracy
      Split: validation
      Step: 17
      Value: 0.879
      Rule: consecutive_drop
      Time: 2026-03-01 14:15:09 UTC
      [n] Quiet this run for two hours: @TensorBell mute 2h · Open in TensorBoard"
    `);
    expect(written(composeAlert({ run: run42, items }, chinese))).toMatchInlineSnapshot(`
      "(warning) 警告 · cifar10/run42 · epoch_accuracy (validation) 连续下降 3 次：0.946 → 0.879（-0.067），最佳值 0.946 · 自第 17 步（22:15 GMT+8）起
      指标: epoch_accuracy
      数据集: validation
      步数: 17
      数值: 0.879
      规则: consecutive_drop
      时间: 2026-03-01 22:15:09 GMT+8
      [n] 静音此运行两小时：@TensorBell 静音 2h · 在 TensorBoard 中打开"
    `);
  });

  it("about a whole run has neither metric nor value, in both languages", () => {
    const episode = riseEpisode({
      rule: "stalled",
      tag: "",
      severity: "info",
      evidence: { numbers: { value: 5_400, last_step: 12_400 } },
    });
    expect(written(composeAlert({ run: run42, items: [itemOf(episode)] }, english))).toMatchInlineSnapshot(`
      "(info) Notice · cifar10/run42 · quiet for 1h 30m since step 12,400: finished or stuck? · 14:15 UTC
      Step: 12,400
      Rule: stalled
      Time: 2026-03-01 14:15:09 UTC
      [n] Quiet this run for two hours: @TensorBell mute 2h · Open in TensorBoard"
    `);
    expect(written(composeAlert({ run: run42, items: [itemOf(episode)] }, chinese))).toMatchInlineSnapshot(`
      "(info) 提示 · cifar10/run42 · 已静默 1小时30分钟（最后一步 12,400）：已结束还是卡住了？ · 22:15 GMT+8
      步数: 12,400
      规则: stalled
      时间: 2026-03-01 22:15:09 GMT+8
      [n] 静音此运行两小时：@TensorBell 静音 2h · 在 TensorBoard 中打开"
    `);
  });

  it("says in words that it became weightier", () => {
    const items = [itemOf(riseEpisode({ severity: "critical" }), "escalated")];
    expect(composeAlert({ run: run42, items }, english).headline).toMatchInlineSnapshot(
      `"Now critical · cifar10/run42 · train/loss rose 5 times in a row: 0.41 → 2.32 (+1.91) · since step 12,400, 14:15 UTC"`,
    );
    expect(composeAlert({ run: run42, items }, chinese).headline).toMatchInlineSnapshot(
      `"升级为严重 · cifar10/run42 · train/loss 连续上升 5 次：0.41 → 2.32（+1.91） · 自第 12,400 步（22:15 GMT+8）起"`,
    );
  });

  it("mentions people by id and never by text", () => {
    const message = composeAlert({ run: run42, items: [rise], mention: ["U1", "U2"] }, english);
    expect(message.blocks[0]).toEqual({
      kind: "text",
      content: [{ kind: "mention", id: "U1" }, " ", { kind: "mention", id: "U2" }],
    });
  });

  it("without a link or an act says nothing of them", () => {
    const message = composeAlert({ run: run42, items: [rise] }, { locale: "en", timeZone: "UTC" });
    expect(message.blocks.map(({ kind }) => kind)).toEqual(["facts"]);
  });

  it("of a rule that this version does not know still arrives", () => {
    const items = [itemOf(riseEpisode({ rule: "from_the_future" }))];
    expect(composeAlert({ run: run42, items }, english).headline).toMatchInlineSnapshot(
      `"Warning · cifar10/run42 · rule from_the_future fired · since step 12,400, 14:15 UTC"`,
    );
  });
});

describe("several alerts at once", () => {
  const items = [
    rise,
    itemOf(nanEpisode("train/loss")),
    itemOf(
      dropEpisode({
        state: "resolved",
        resolved: { ...riseEpisode().opened, step: 20, value: 0.94, reason: "cleared" },
      }),
      "resolved",
    ),
  ];

  it("are one message, the weightiest first, what ended at the end, in both languages", () => {
    expect(written(composeAlert({ run: run42, items }, english))).toMatchInlineSnapshot(`
      "(critical) Critical · cifar10/run42 · 2 alerts at once, first: train/loss became NaN · since step 12,400, 14:15 UTC
      - Critical: train/loss became NaN · step 12,400
      - Warning: train/loss rose 5 times in a row: 0.41 → 2.32 (+1.91) · step 12,400
      No longer open:
      - Resolved: epoch_accuracy (validation) recovered after 0s (consecutive_drop)
      [n] Quiet this run for two hours: @TensorBell mute 2h · Open in TensorBoard"
    `);
    expect(written(composeAlert({ run: run42, items }, chinese))).toMatchInlineSnapshot(`
      "(critical) 严重 · cifar10/run42 · 同时触发 2 条告警，首条：train/loss 变为 NaN · 自第 12,400 步（22:15 GMT+8）起
      - 严重：train/loss 变为 NaN · 第 12,400 步
      - 警告：train/loss 连续上升 5 次：0.41 → 2.32（+1.91） · 第 12,400 步
      同时解除：
      - 已恢复：epoch_accuracy (validation) 回到正常，历时 0秒（consecutive_drop）
      [n] 静音此运行两小时：@TensorBell 静音 2h · 在 TensorBoard 中打开"
    `);
  });

  it("read the same in whatever order they came", () => {
    expect(composeAlert({ run: run42, items: [...items].reverse() }, english)).toEqual(
      composeAlert({ run: run42, items }, english),
    );
  });

  it("are counted where there are too many to list", () => {
    const many = Array.from({ length: 490 }, (_, index) => itemOf(nanEpisode(`layer${index}/loss`)));
    const message = composeAlert({ run: run42, items: many }, english);
    const list = message.blocks.find((block) => block.kind === "list");
    expect(list?.items).toHaveLength(speechBounds.items + 1);
    expect(plainText(list?.items.at(-1) ?? [])).toBe("… and 480 more");
    expect(message.headline).toMatchInlineSnapshot(
      `"Critical · cifar10/run42 · 490 alerts at once, first: layer0/loss became NaN · since step 12,400, 14:15 UTC"`,
    );
  });
});

describe("hostile names", () => {
  const name = "<!channel> *x* \u202Elive\n\n@all " + "deep/".repeat(400) + "run42";

  it("stay on one bounded line and keep both ends", () => {
    const items = [
      itemOf(riseEpisode({ tag: `${"t".repeat(1_990)}/loss\u0000\u202E`, split: "s".repeat(2_000) })),
    ];
    const message = composeAlert({ run: { ...run42, name }, items }, english);
    expect(message.headline.length).toBeLessThanOrEqual(speechBounds.headline);
    expect(message.headline).not.toMatch(/[\p{Cc}\u202E]/u);
    expect(message.headline).toContain("since step 12,400");
    expect(JSON.stringify(message).length).toBeLessThan(3_000);
    expect(message.headline).toMatchInlineSnapshot(
      `"Warning · <!channel> *x* live @all…ep/deep/deep/deep/run42 · tttttttttttttttttttttttttttttttttttttttt…tttttttttttttttt… · since step 12,400, 14:15 UTC"`,
    );
  });
});

it("the chart is drawn of the weightiest alert that fired on a metric", () => {
  const stalled = riseEpisode({ rule: "stalled", tag: "", severity: "critical" });
  const transitions = [rise, itemOf(stalled), itemOf(nanEpisode("train/loss"))].map(
    ({ transition }) => transition,
  );
  expect(weightiest(transitions)?.episode.rule).toBe("non_finite");
  expect(weightiest([{ kind: "resolved", episode: riseEpisode() }])).toBeUndefined();
});
