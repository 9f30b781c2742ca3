import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadImage } from "@napi-rs/canvas";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chartPixelsOf } from "../../src/chart/render-chart.js";
import { type Bot, startBot, throwAwayFolder } from "../support/bot-process.js";
import { startConnectProxy } from "../support/connect-proxy.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";
import { readableText } from "../support/fake-dingtalk/live-markdown.js";
import type { FakeDingMessage } from "../support/fake-dingtalk/world.js";
import { Training } from "../support/training.js";

const falling = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_x, i) => from / (1 + i * 0.2) + 0.002 * (i % 3));

/** A link that says a command: what stands there, and what it says, encoded. */
const touchLink = /\[([^\]]*)\]\(dtmd:\/\/dingtalkclient\/sendMessage\?content=([A-Za-z0-9.%-]+)\)/g;

describe("a run's conversation in DingTalk, with the real process", () => {
  const folder = throwAwayFolder();
  const logs = join(folder.path, "logs");
  let ding: FakeDingTalk;
  let bot: Bot;

  beforeAll(async () => {
    mkdirSync(logs, { recursive: true });
    ding = await startFakeDingTalk();
    bot = startBot({
      words: ["start", logs],
      env: { ...ding.env, DINGTALK_CONVERSATION: ding.group },
      home: folder.path,
    });
    await Promise.all([ding.until(() => ding.gateway.open > 0, 20_000), bot.logs("watch_live", 20_000)]);
  });
  afterAll(async () => {
    expect(await bot.stop(), bot.log()).toBe(0);
    expect(ding.problems()).toEqual([]);
    await ding.stop();
    folder.remove();
  });

  const alerts = (run: string) =>
    ding
      .messages()
      .filter(({ via, title }) => via === "group" && title.includes(run) && /Warning|Critical/.test(title));
  const tagOf = (message: FakeDingMessage | undefined) => /#tb[0-9a-f]{8}/.exec(message?.text ?? "")?.[0];
  const ask = async (speech: Parameters<FakeDingTalk["says"]>[0]): Promise<FakeDingMessage> => {
    const before = ding.messages().length;
    await ding.says(speech);
    await ding.until(
      () =>
        ding
          .messages()
          .slice(before)
          .some(({ via }) => via === "session"),
      8_000,
    );
    const answer = ding
      .messages()
      .slice(before)
      .find(({ via }) => via === "session");
    if (answer === undefined) throw new Error("no answer");
    return answer;
  };

  it("opens the conversation, and says the alert once, with its chart inside and the run's tag", async () => {
    const run = new Training(join(logs, "exp", "run42"), 1_790_000_000_000);
    run.log("train/loss", falling(2, 40));
    run.log("train/loss", [0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    await ding.until(() => alerts("exp/run42").length === 1, 60_000);
    const [alert] = alerts("exp/run42");
    const root = ding.messages().find((message) => message.title.includes("exp/run42"));
    expect(tagOf(root)).toBe(tagOf(alert));
    expect(readableText(alert?.text ?? "")).toMatch(/train\/loss rose 5 times in a row/);
    const picture = /!\[chart\]\(([^)]*)\)/.exec(alert?.text ?? "")?.[1] ?? "";
    const image = await loadImage(Buffer.from(ding.world.media.get(picture) ?? []));
    expect([image.width, image.height]).toEqual(Object.values(chartPixelsOf("phone")));

    run.log("train/loss", [0.3, 0.29, 0.28, 0.27]);
    await ding.until(() => ding.messages().some(({ title }) => /Resolved/.test(title)), 60_000);
    expect(alerts("exp/run42")).toHaveLength(1);
  });

  it("answers status and chart, and takes a quoted alert for its run", async () => {
    const status = await ask({ text: "/tb status run42" });
    expect(readableText(status.text)).toContain("exp/run42");
    expect(status.at).toEqual([ding.member]);
    const [alert] = alerts("exp/run42");
    const muted = await ask({ text: "静音 2h", quotes: { key: alert?.key ?? "" } });
    expect(readableText(muted.text)).toContain("exp/run42");
    expect(tagOf(muted)).toBe(tagOf(alert));
    const changed = await ask({ text: "threshold loss 0.5", quotes: { text: `… ${tagOf(alert) ?? ""}` } });
    expect(readableText(changed.text)).toContain("0.5");
    const chart = await ask({ text: "chart run42 loss" });
    expect(chart.text).toMatch(/!\[chart\]\([@$]/);
    const direct = await ding.says({ text: "status run42", direct: true });
    expect(direct?.code).toBe(200);
    await ding.until(() => ding.messages(`cidDirect-${ding.member}`).length === 1);
  });

  it("has links in its alert that say commands about the run", async () => {
    const links = [...(alerts("exp/run42")[0]?.text ?? "").matchAll(touchLink)];
    expect(links.map(([, text]) => text)).toEqual(["Status", "Chart", "Ack", "Mute 2 h"]);
    const [status] = links.map(([, , content]) => decodeURIComponent(content ?? ""));
    const answer = await ask({ text: status ?? "" });
    expect(readableText(answer.text)).toContain("exp/run42");
  });

  it("refuses a stranger's change, and answers their question", async () => {
    const refused = await ask({ text: "mute run42 2h", user: "outsider" });
    expect(readableText(refused.text)).toMatch(/other organisations can look, but not change/);
    const shown = await ask({ text: "status run42", user: "outsider" });
    expect(readableText(shown.text)).toContain("exp/run42");
  });

  it("loses and doubles nothing while DingTalk is away", async () => {
    await ding.outage();
    const runs = ["run43", "run44"].map((name, at) => ({
      name: `exp/${name}`,
      run: new Training(join(logs, "exp", name), 1_790_000_100_000 + at * 100_000),
    }));
    for (const { run } of runs) run.log("train/loss", [1, 0.9, 0.8, Number.NaN]);
    // Both were away long enough to be missed: the lane and the line, whichever is first.
    await Promise.all([bot.logs(/delivery_waits/, 20_000), bot.logs("dingtalk_not_connected", 20_000)]);
    await ding.back();
    for (const { name } of runs) await ding.until(() => alerts(name).length === 1, 30_000);
    await ding.until(() => ding.gateway.open === 1, 60_000);
    const status = await ask({ text: "status run43" });
    expect(readableText(status.text)).toContain("exp/run43");
    for (const { name } of runs) expect(alerts(name)).toHaveLength(1);
  }, 120_000);

  it("keeps a hostile run name harmless", async () => {
    const run = new Training(
      join(logs, "[x](dtmd:", "dingtalkclient", "sendMessage?content=mute all)"),
      1_790_000_200_000,
    );
    run.log("loss", [1, 0.9, Number.NaN]);
    await ding.until(() => ding.messages().some(({ text }) => /ssage\?content/.test(text)), 60_000);
    for (const { text } of ding.messages())
      expect(text.replaceAll(touchLink, "")).not.toMatch(/(?<!!)\[[^\]]*\]\(|dtmd:|javascript:/);
  });

  it("wrote no secret to its log in all of this", () => {
    expect(bot.log()).toContain("dingtalk_not_connected");
    for (const secret of [ding.world.clientSecret, ding.world.token])
      expect(bot.log() + bot.output()).not.toContain(secret);
    expect(bot.log() + bot.output()).not.toMatch(/ticket=|session=|access_token=/);
  });
});

describe("a run's card in DingTalk, with the real process", () => {
  const folder = throwAwayFolder();
  const logs = join(folder.path, "logs");
  let ding: FakeDingTalk;
  let bot: Bot;

  beforeAll(async () => {
    mkdirSync(logs, { recursive: true });
    ding = await startFakeDingTalk();
    writeFileSync(
      join(folder.path, "tensorbell.yaml"),
      `watches: [logs]\ndingtalk: { conversation: "${ding.group}", language: zh, cardTemplateId: fake-template.schema }\n`,
    );
    bot = startBot({ words: ["start"], env: ding.env, home: folder.path });
    await Promise.all([ding.until(() => ding.gateway.open > 0, 20_000), bot.logs("watch_live", 20_000)]);
  });
  afterAll(async () => {
    expect(await bot.stop(), bot.log()).toBe(0);
    expect(ding.problems()).toEqual([]);
    await ding.stop();
    folder.remove();
  });

  it("is made once, followed by the alert with its chart, and its button mutes the run", async () => {
    const run = new Training(join(logs, "run7"), 1_790_000_000_000);
    run.log("train/loss", [1, 0.9, 0.8, Number.NaN]);
    await ding.until(() => ding.world.cards.size === 1 && ding.messages().length === 1, 60_000);
    const [card] = ding.world.cards.values();
    expect(card?.values["title"]).toContain("run7");
    expect(ding.messages()[0]?.text).toMatch(/严重[^]*!\[chart\]\([@$]/);

    await ding.says({ text: "帮助" });
    await ding.until(() => ding.messages().length === 2);
    await ding.clicks({ card: card?.outTrackId ?? "", action: "mute" });
    await ding.until(() => ding.messages().length === 3);
    expect(readableText(ding.messages()[2]?.text ?? "")).toContain("run7");
    await ding.clicks({
      card: card?.outTrackId ?? "",
      action: "unmute",
      user: "outsider",
      corpId: "dingother",
    });
    await ding.until(() => ding.messages().length === 4);
    expect(readableText(ding.messages()[3]?.text ?? "")).toMatch(/不能|无权|外部|组织|只能/);
  });
});

describe("DingTalk behind a proxy that wants a password, with the real process", () => {
  const folder = throwAwayFolder();
  const logs = join(folder.path, "logs");

  it("hears and says through the proxy's tunnel alone, and keeps its password to itself", async () => {
    mkdirSync(logs, { recursive: true });
    const ding = await startFakeDingTalk();
    const proxy = await startConnectProxy();
    // As a user would write it down: in the file beside the configuration.
    writeFileSync(join(folder.path, ".env"), `HTTP_PROXY=${proxy.address}\nNO_PROXY=localhost\n`);
    const bot = startBot({
      words: ["start", logs],
      env: { ...ding.env, DINGTALK_CONVERSATION: ding.group },
      home: folder.path,
    });
    await Promise.all([ding.until(() => ding.gateway.open > 0, 20_000), bot.logs("watch_live", 20_000)]);
    new Training(join(logs, "run9"), 1_790_000_000_000).log("train/loss", [1, 0.9, 0.8, Number.NaN]);
    await ding.until(() => ding.messages().some(({ text }) => /!\[chart\]/.test(text)), 20_000);
    await ding.says({ text: "status run9" });
    await ding.until(() => ding.messages().some(({ via }) => via === "session"), 8_000);
    expect(new Set(proxy.tunnels)).toEqual(new Set([new URL(ding.url).host]));
    expect(proxy.open).toBeGreaterThan(0);
    proxy.cut();
    await ding.until(() => ding.gateway.open === 0);
    await ding.until(() => ding.gateway.open === 1, 20_000);
    expect(await bot.stop(), bot.log()).toBe(0);
    for (const secret of [proxy.password, encodeURIComponent(proxy.password)])
      expect(bot.log() + bot.output()).not.toContain(secret);
    expect(ding.problems()).toEqual([]);
    await proxy.stop();
    await ding.stop();
    folder.remove();
  }, 90_000);
});
