import { describe, expect, it } from "vitest";
import { dispatch } from "../../../src/commands/dispatch.js";
import { asks, episode, heldRun, member, noon, operator, world } from "../../support/command-ports.js";
import { ownRule } from "../../../src/rules/own-rules.js";
import { ownRulesSchema } from "../../../src/rules/own-rules-schema.js";
import { seriesKeyOf } from "../../../src/series/run.js";
import { messageText } from "../../support/message-text.js";

const run = heldRun(
  "fit/run42",
  [
    ["train", "epoch_loss", 3, 2, 1.25],
    ["validation", "epoch_accuracy", 0.5, 0.75],
    ["train", "learning_rate", 0.1, 0.01],
  ],
  { openEpisodes: 1, hparams: { lr: 0.1, optimizer: "adam", amp: true } },
);
const other = heldRun("fit/base", [["", "loss", 1]], { state: "finished", lastArrivalAt: noon - 7_200_000 });

function busy(locale: "en" | "zh" = "en") {
  const ports = { ...world([run, other]), locale };
  ports.alerts.episodes = [
    episode(run.summary.id, "consecutive_rise", {
      split: "train",
      tag: "epoch_loss",
      evidence: { numbers: { count: 5, total: 0.4, before: 1.1, value: 1.5 } },
    }),
    episode(other.summary.id, "stalled", { id: "old", tag: "", state: "resolved", severity: "info" }),
  ];
  return ports;
}

function ownRuleOf(id: string, section: unknown) {
  return ownRule(id, ownRulesSchema.parse({ [id]: section })[id]!);
}

async function said(text: string, ports = busy()): Promise<string> {
  return messageText((await dispatch(asks(operator, text), ports)).message);
}

describe("/tb status", () => {
  it("gives state, step, last values, alerts, hyperparameters, lag and link", async () => {
    expect(await said("status run42")).toMatchInlineSnapshot(`
      "[warning] fit/run42 · running · step 2 · 1 open alert
      epoch_loss (train): 1.25 at step 2
      epoch_accuracy (validation): 0.75 at step 1
      learning_rate (train): 0.01 at step 1
      hparams: lr=0.1, optimizer=adam, amp=true
      last bytes: 1 min ago
      - warning: epoch_loss (train) rose 5 times in a row: 1.1 → 1.5 (+0.4) (step 12, 5 min ago)
      (Open in TensorBoard)"
    `);
  });

  it("says the same in Chinese", async () => {
    expect(await said("状态 run42", busy("zh"))).toMatchInlineSnapshot(`
      "[warning] fit/run42 · 运行中 · 第 2 步 · 1 条未恢复告警
      epoch_loss (train): 1.25（第 2 步）
      epoch_accuracy (validation): 0.75（第 1 步）
      learning_rate (train): 0.01（第 1 步）
      超参数: lr=0.1, optimizer=adam, amp=true
      最近写入: 1 分钟前
      - 警告：epoch_loss (train) 连续上升 5 次：1.1 → 1.5（+0.4）（第 12 步，5 分钟前）
      (在 TensorBoard 中打开)"
    `);
  });

  it("needs no name where there is one run", async () => {
    expect(await said("status", world([other]))).toContain("fit/base · finished");
  });
});

describe("/tb runs", () => {
  it("lists runs as a table, the interesting ones first", async () => {
    expect(await said("runs")).toMatchInlineSnapshot(`
      "[warning] 2 runs: 1 running, 1 open alert
      run | state | points | last bytes | alerts
      fit/run42 | running | 7 | 1 min ago | 1
      fit/base | finished | 1 | 2 h ago | –"
    `);
  });

  it("takes words and states as a filter, and says where nothing fits", async () => {
    expect(await said("runs finished")).toContain("1 run: 0 running");
    expect(await said("runs bsae")).toMatchInlineSnapshot(`
      "[warning] None of 2 runs fits "bsae".
      Close: fit/base"
    `);
  });

  it("shows 15 runs of many and how to see more", async () => {
    const many = world(Array.from({ length: 100 }, (_, n) => heldRun(`sweep/${n}`, [])));
    const few = await said("runs", many);
    expect(few.split("\n")).toHaveLength(1 + 1 + 15 + 1);
    expect(few).toContain("85 more: /tb runs all");
    expect((await said("runs all", many)).split("\n")).toHaveLength(1 + 1 + 50 + 1);
  });
});

describe("/tb chart", () => {
  it.each([
    ["chart run42 loss", "epoch_loss (train)"],
    ["chart run42 val_acc", "epoch_accuracy (validation)"],
    ["chart loss run42", "epoch_loss (train)"],
    ["图 run42 学习率", "learning_rate (train)"],
    ["chart run42", "epoch_loss (train)"],
  ])("%s draws %s", async (line, name) => {
    const reply = await dispatch(asks(operator, line), busy());
    expect(reply.message.headline).toBe(`fit/run42 · ${name}`);
    expect(reply.picture?.name).toMatch(/^fit-run42-[a-z_]+\.png$/);
  });

  it("in a run's thread all words are the metric", async () => {
    const ports = busy();
    ports.runs.openThread(asks(member, "", { thread: { channel: "C1", id: "1" } }), run.summary.id);
    const request = asks(member, "chart learning rate", { thread: { channel: "C1", id: "1" } });
    expect((await dispatch(request, ports)).message.headline).toBe("fit/run42 · learning_rate (train)");
  });

  it("names the tags where the metric is unknown", async () => {
    expect(await said("chart run42 bleu")).toMatchInlineSnapshot(`
      "[warning] fit/run42 has no metric "bleu".
      It has epoch_loss, epoch_accuracy, learning_rate"
    `);
  });

  it("takes a run whose name has spaces, unquoted", async () => {
    const spaced = world([heldRun("my run", [["", "loss", 1]]), heldRun("other", [["", "loss", 1]])]);
    expect(await said("chart my run loss", spaced)).toContain("my run · loss");
  });

  it("says so where nothing can be drawn", async () => {
    const ports = { ...busy(), draw: () => Promise.resolve(undefined) };
    expect(await said("chart run42 loss", ports)).toContain("has no points to draw yet");
  });
});

describe("/tb alerts", () => {
  it("lists open alerts, then those that are over", async () => {
    expect(await said("alerts")).toMatchInlineSnapshot(`
      "[warning] 1 open alert
      - fit/run42 warning: epoch_loss (train) rose 5 times in a row: 1.1 → 1.5 (+0.4) (step 12, 5 min ago)
      Over:
      - fit/base info: quiet for 0s since step 0: finished or stuck? (step 12, 5 min ago), resolved
      (Seen it? /tb ack <run>; quiet: /tb mute <run> 2h)"
    `);
  });

  it("of a run named from elsewhere, says how to act on that run", async () => {
    expect(await said("alerts run42")).toContain(
      "(Seen it? /tb ack fit/run42; quiet: /tb mute fit/run42 2h)",
    );
  });

  it("says that there are none", async () => {
    expect(await said("告警", world([other]))).toBe("[good] 无未恢复告警");
  });
});

describe("/tb mute", () => {
  it("mutes a run for a while, with author, end and the command that undoes it", async () => {
    const ports = busy();
    expect(await said("mute run42 2h", ports)).toMatchInlineSnapshot(`
      "[info] fit/run42 is muted for 2h
      By terminal:operator, until 2026-03-01 22:00:00 GMT+8. Alerts are still recorded.
      (Undo: /tb unmute fit/run42)"
    `);
    expect(await ports.mutes.list()).toMatchObject([
      {
        target: { kind: "run", run: run.summary.id },
        until: noon + 7_200_000,
        author: "terminal:operator",
      },
    ]);
    expect(await said("unmute", ports)).toContain("fit/run42 muted by terminal:operator");
    const undone = await said("/tb unmute fit/run42", ports);
    expect(undone).toContain("/tb mute fit/run42 2h");
    expect(await ports.mutes.list()).toEqual([]);
  });

  it.each([
    ["mute consecutive_rise 30m", 1_800_000],
    ["mute consecutive-rise for 30m", 1_800_000],
    ["静音 consecutive_rise 2 小时", 7_200_000],
  ])("mutes a rule: %s", async (line, ms) => {
    const ports = busy();
    await said(line, ports);
    expect(await ports.mutes.list()).toMatchObject([
      { target: { kind: "rule", rule: "consecutive_rise" }, until: noon + ms },
    ]);
  });

  it("mutes a group, those to come too, lists it, and ends it again", async () => {
    const ports = busy();
    expect(await said("mute fit/* 2h", ports)).toMatchInlineSnapshot(`
      "[info] fit/* (2 runs now) is muted for 2h
      By terminal:operator, until 2026-03-01 22:00:00 GMT+8. Alerts are still recorded.
      (Undo: /tb unmute fit/*)"
    `);
    expect(await ports.mutes.list()).toMatchObject([{ target: { kind: "group", runs: "fit/*" } }]);
    expect(await said("unmute", ports)).toContain("fit/* muted by terminal:operator, 2h left");
    expect(await said("取消静音 fit/*", { ...ports, locale: "zh" })).toMatchInlineSnapshot(`
      "[info] fit/*（目前 2 个运行） 已取消静音
      由 terminal:operator 取消，原剩余 2小时。
      (撤销：/tb 静音 fit/* 2小时)"
    `);
    expect(await ports.mutes.list()).toEqual([]);
  });

  it.each([
    ["mute fti/* 2h", 'No run matches "fti/*".'],
    ["unmute fit/*", "fit/* (2 runs now) is not muted."],
    ["静音 fit/* 半小时", "fit/*（目前 2 个运行） 已静音 30分钟"],
  ])("a group: %s", async (line, answer) => {
    expect(await said(line, line.startsWith("静") ? busy("zh") : busy())).toContain(answer);
  });

  it.each(["mute fit/* 2h", "unmute fit/*"])("a group takes an admin: %s", async (line) => {
    const ports = busy();
    const reply = await dispatch(asks(member, line), ports);
    expect(reply.message.headline).toBe("This needs an admin of TensorBell.");
    expect(await ports.mutes.list()).toEqual([]);
  });

  it("a second mute replaces the first", async () => {
    const ports = busy();
    await said("mute run42 2h", ports);
    await said("mute run42 1d", ports);
    expect(await ports.mutes.list()).toMatchObject([{ until: noon + 86_400_000 }]);
  });

  it.each([
    ["mute run42", "Muted for how long?"],
    ["mute run42 1s", "A mute lasts at least a minute and at most 30 days."],
    ["mute run42 99w", "A mute lasts at least a minute and at most 30 days."],
    ["mute 2h", "Mute which run, group or rule?"],
    ["mute rnu42 2h", 'No run is called "rnu42".'],
    ["unmute run42", "fit/run42 is not muted."],
    ["mute run42 5", "/tb mute run42 2h"],
    ["mute rnu42", 'No run is called "rnu42".'],
    ["静音 run42 -2小时", "/tb 静音 run42 2小时"],
    ["mute consecutiv_rise 2h", "Did you mean consecutive_rise or consecutive_drop?"],
    ["rules spke", 'No run or rule is called "spke".\nDid you mean spike?'],
    ["rules rnu42", 'No run is called "rnu42".'],
    ["静音 run42 半小时", "fit/run42 已静音 30分钟"],
  ])("%s: %s", async (line, answer) => {
    expect(await said(line)).toContain(answer);
  });
});

describe("/tb ack", () => {
  it("acknowledges a run's open alerts and names the undo", async () => {
    const ports = busy();
    expect(await said("ack run42", ports)).toMatchInlineSnapshot(`
      "[info] fit/run42: terminal:operator acknowledged 1 alert
      - warning: epoch_loss (train) rose 5 times in a row: 1.1 → 1.5 (+0.4) (step 12, 5 min ago)
      (No repeats until they are over. Undo: /tb unack fit/run42)"
    `);
    expect(await said("ack run42", ports)).toContain("is acknowledged already, by terminal:operator");
    expect(await said("unack run42", ports)).toContain("Undo: /tb ack fit/run42");
    expect(await said("unack run42", ports)).toContain("Nothing of fit/run42 is acknowledged");
  });

  it("lists the runs to choose from where none is named", async () => {
    expect(await said("ack")).toContain("- /tb ack fit/run42");
  });
});

describe("/tb watch", () => {
  it("adds and removes below the roots, each naming its undo", async () => {
    const ports = busy();
    expect(await said("watch add /data/new runs", ports)).toMatchInlineSnapshot(`
      "[info] /data/new runs is watched now
      Added by terminal:operator.
      (Undo: /tb watch remove "/data/new runs")"
    `);
    expect(await said("watch list", ports)).toMatchInlineSnapshot(`
      "[info] 2 directories are watched
      directory | runs | from | id
      /logs | 0 | config | wc06682b718
      /data/new runs | 0 | terminal:operator | w857424f422
      (Can be added below /logs, /data)"
    `);
    expect(await said("watch remove /data/new runs", ports)).toContain('/tb watch add "/data/new runs"');
  });

  it("says why not", async () => {
    expect(await said("watch add /etc")).toMatchInlineSnapshot(`
      "[warning] Nothing was changed for /etc.
      /etc is outside the allowed directories.
      (Can be added below /logs, /data)"
    `);
  });
});

describe("/tb rules and whoami", () => {
  it("one rule with its defaults", async () => {
    expect(await said("rules consecutive_rise")).toMatchInlineSnapshot(`
      "[info] consecutive_rise · warning
      Training loss rises several times in a row by more than its noise.
      defaults: count=5 min_total=0.1 gate=6
      set in chat: 0
      (Quiet for a while: /tb mute consecutive_rise 2h; settings: /tb threshold)"
    `);
  });

  it("rules of one's own are listed, told and muted like the others", async () => {
    const gap = ownRuleOf("gap", { metric: "loss", condition: "value > 1", for: "3 points" });
    const ports = { ...busy(), own: [gap], ownRules: () => Promise.resolve([gap]) };
    expect(await said("rules", ports)).toContain(
      "Of your own:\n- gap (warning) Own rule: value > 1 for 3 points.",
    );
    expect(await said("rules gap", ports)).toContain("Own rule: value > 1 for 3 points.");
    expect(await said("静音 gap 2小时", ports)).toContain("规则 gap 已静音");
    expect(await ports.mutes.list()).toMatchObject([{ target: { kind: "rule", rule: "gap" } }]);
    expect(await said("unmute gap", ports)).toContain("Undo: /tb mute gap 2h");
  });

  it("the rules in force say where each setting came from; what somebody set comes first", async () => {
    const gap = ownRuleOf("gap", { metric: "loss", condition: "value > 1" });
    const ports = { ...busy(), ownRules: () => Promise.resolve([gap]) };
    const entry = { runs: ["fit/*"], settings: { min_total: 0.2 } };
    const override = {
      id: "t1",
      scope: { kind: "run" as const, run: run.summary.id },
      rule: "consecutive_rise",
      settings: { gate: 0 },
      author: "Ann (slack:U1)",
      at: noon,
    };
    const series = run.series[0]!.key;
    ports.effective = [
      { rule: "stalled", series: seriesKeyOf("", ""), settings: { times: 10 }, written: {} },
      { rule: "gap", series, settings: { enabled: true, severity: "warning" }, written: {} },
      {
        rule: "consecutive_rise",
        series,
        settings: { enabled: true, count: 5, min_total: 0.2, gate: 0 },
        written: {
          min_total: { kind: "config", entry, place: 1, of: 2 },
          gate: { kind: "chat", override },
        },
      },
    ];
    ports.effectiveRules = () => Promise.resolve(ports.effective);
    expect(await said("rules run42", ports)).toMatchInlineSnapshot(`
      "[info] Rules in force for fit/run42
      rule | fires on | series | from
      consecutive_rise | 5 rises in a row by more than 0.2 | epoch_loss (train) | min_total: config[1] runs fit/*; gate: chat, this run (Ann (slack:U1))
      stalled | times=10 | whole run | default
      gap | Own rule: value > 1. severity=warning | epoch_loss (train) | own rule
      (Change: /tb threshold <metric> <value>)"
    `);
    expect(await said("规则 run42", ports)).toMatchInlineSnapshot(`
      "[info] fit/run42 生效的规则
      规则 | 触发条件 | 指标 | 来源
      consecutive_rise | 连续上升 5 次，总幅度超过 0.2 | epoch_loss (train) | min_total: 配置[1] runs fit/*；gate: 会话，此运行（Ann (slack:U1)）
      stalled | times=10 | 整个运行 | 默认
      gap | 自定义规则：value > 1。 severity=warning | epoch_loss (train) | 自定义规则
      (修改：/tb 阈值 <指标> <数值>)"
    `);
  });

  it("the ids that the config wants", async () => {
    const reply = await dispatch(asks(member, "whoami"), busy());
    expect(messageText(reply.message)).toMatchInlineSnapshot(`
      "[info] You are Ann
      you: slack:U1
      this place: slack:C1
      you may: look, acknowledge, mute, and set thresholds of a run in its own thread or quoting one of its messages
      To become an admin, in tensorbell.yaml:
          permissions:
            admins:
              - "slack:U1""
    `);
  });
});

describe("quota", () => {
  const both = (text: string): { readonly en: string; readonly zh: string } => ({ en: text, zh: text });
  const counting = {
    ...busy(),
    quota: () =>
      Promise.resolve({
        title: { en: "Vendor quota", zh: "平台额度" },
        month: "2026-03",
        zone: both("UTC+8"),
        counted: [
          { name: both("calls"), used: 4_321, of: 5_000 },
          { name: both("messages"), used: 12, of: 0 },
        ],
        now: both("everything is sent"),
        note: both("Counts this bot alone."),
      }),
  };

  it("shows what a month has left, in both languages", async () => {
    expect(messageText((await dispatch(asks(member, "/tb quota"), counting)).message)).toMatchInlineSnapshot(`
      "[info] Vendor quota · 2026-03
      calls: 4,321 of 5,000 used (86 %), 679 left
      messages: 12 used, no limit
      now: everything is sent
      counted by: UTC+8
      (Counts this bot alone.)"
    `);
    expect(messageText((await dispatch(asks(member, "额度"), counting)).message)).toMatchInlineSnapshot(`
      "[info] 平台额度 · 2026-03
      calls: 已用 4,321 / 5,000（86 %），剩余 679
      messages: 已用 12，不限
      现在: everything is sent
      计时: UTC+8
      (Counts this bot alone.)"
    `);
  });

  it("is in help only where something is counted, and says so elsewhere", async () => {
    const help = async (ports: Parameters<typeof dispatch>[1]) =>
      messageText((await dispatch(asks(member, "help"), ports)).message);
    expect(await help(counting)).toContain("/tb quota");
    expect(await help(busy())).not.toContain("/tb quota");
    expect((await dispatch(asks(member, "quota"), busy())).message.headline).toBe("Nothing is counted here.");
  });
});
