import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { ChatPlatform } from "../../src/chat/platform.js";
import type { CommandRequest, Reply } from "../../src/commands/command.js";
import { Secret } from "../../src/lib/secret.js";
import type { Fault } from "../support/fake-slack/fault-book.js";
import type { FakeSlack } from "../support/fake-slack/fake-slack.js";
import { startFakeSlack } from "../support/fake-slack/fake-slack.js";
import { problemsOf, quick, slackPlatformAt } from "../support/slack-rig.js";
import type { LogLine } from "../support/slack-rig.js";

type Platform = ChatPlatform & { readonly lines: readonly LogLine[] };

let slack: FakeSlack;
let platform: Platform;
let heard: CommandRequest[];
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);

beforeEach(async () => {
  slack = await startFakeSlack();
  platform = slackPlatformAt(slack);
  heard = [];
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(async () => {
  await platform.stop();
  await slack.until(() => slack.sockets.connected === 0, 3_000);
  await slack.stop();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

describe("tokens that are refused", () => {
  it("of the bot: start rejects with the sentence to show", async () => {
    platform = slackPlatformAt(slack, { botToken: new Secret("xoxb-wrong") });
    await expect(platform.start(echo)).rejects.toMatchObject({
      kind: "unauthorised",
      message: expect.stringContaining("SLACK_BOT_TOKEN") as string,
    });
    expect(platform.health()).toMatchObject({ state: "unauthorised" });
    expect(slack.sockets.connected).toBe(0);
  });

  it("of the app: start rejects with the sentence to show, and nothing is left open", async () => {
    platform = slackPlatformAt(slack, { appToken: new Secret("xapp-wrong") });
    await expect(platform.start(echo)).rejects.toMatchObject({
      kind: "unauthorised",
      message: expect.stringContaining("connections:write") as string,
    });
    expect(platform.health()).toMatchObject({ state: "unauthorised" });
  });

  it("because they are swapped: the same", async () => {
    const { SLACK_APP_TOKEN: app, SLACK_BOT_TOKEN: bot } = slack.env;
    platform = slackPlatformAt(slack, { botToken: new Secret(app), appToken: new Secret(bot) });
    await expect(platform.start(echo)).rejects.toMatchObject({ kind: "unauthorised" });
  });

  it("later, at a reconnection: the health says so, and the link comes back when they are accepted again", async () => {
    await platform.start(echo);
    const accept = slack.faults.always("apps.connections.open", { kind: "error", error: "invalid_auth" });
    slack.sockets.drop();
    await slack.until(() => platform.health().state === "unauthorised");
    accept();
    await slack.until(() => platform.health().state === "up");
    expect((await (await slack.slashCommand({ text: "help" })).first()).text).toContain("help");
  });

  it("by an event that the app was removed: the health says so", async () => {
    await platform.start(echo);
    const event = { type: "app_uninstalled" };
    await slack.sockets.send({
      type: "events_api",
      payload: { type: "event_callback", event_id: "Ev1", team_id: slack.world.team.id, event },
    });
    await slack.until(() => platform.health().state === "unauthorised");
  });

  it("never appear in what is logged", async () => {
    platform = slackPlatformAt(slack, { appToken: new Secret("xapp-wrong-app") });
    await platform.start(echo).catch(() => undefined);
    const text = JSON.stringify(platform.lines);
    expect(text).not.toMatch(/xoxb-|xapp-wrong|ticket=/);
  });
});

describe("a first connection that fails", () => {
  const rows: readonly (readonly [why: string, method: string, fault: Fault])[] = [
    ["auth.test answers 500", "auth.test", { kind: "http", status: 500 }],
    ["auth.test is cut", "auth.test", { kind: "cut" }],
    ["auth.test never answers", "auth.test", { kind: "hang" }],
    ["auth.test answers a proxy's page", "auth.test", { kind: "garbage" }],
    ["apps.connections.open answers 500", "apps.connections.open", { kind: "http", status: 500 }],
    ["apps.connections.open answers 429", "apps.connections.open", { kind: "rate-limited", seconds: 1 }],
    [
      "apps.connections.open answers internal_error",
      "apps.connections.open",
      { kind: "error", error: "internal_error" },
    ],
    ["apps.connections.open is cut", "apps.connections.open", { kind: "cut" }],
    ["apps.connections.open never answers", "apps.connections.open", { kind: "hang" }],
    ["the ticket is refused", "socket", { kind: "cut" }],
    ["the server never says hello", "socket", { kind: "no-hello" }],
  ];
  it.each(rows)("is tried again: %s", async (_why, method, fault) => {
    slack.faults.next(method, fault);
    await platform.start(echo);
    await slack.until(() => platform.health().state === "up");
    expect(slack.faults.met()).toBe(true);
    expect(slack.sockets.open).toBe(1);
  });

  it("because Slack is down: start does not wait for it, and it comes up later", async () => {
    await slack.outage();
    await platform.start(echo);
    expect(platform.health()).toMatchObject({ state: "connecting" });
    await slack.back();
    await slack.until(() => platform.health().state === "up");
  });
});

describe("a link that ends", () => {
  beforeEach(() => platform.start(echo));

  it("by rotation is replaced before it goes: never none open, every command answered once and in time", async () => {
    slack.sockets.watchOpen();
    const answers: Promise<void>[] = [];
    for (let round = 0; round < 3; round += 1) {
      slack.sockets.rotate("warning", 150);
      for (let at = 0; at < 5; at += 1) {
        answers.push(
          slack.slashCommand({ text: `status ${round} ${at}` }).then(async (asked) => {
            expect(asked.ackMs).toBeLessThan(3_000);
            await asked.first();
            expect(asked.replies).toHaveLength(1);
          }),
        );
      }
      await slack.until(() => slack.sockets.opened === round + 2 && slack.sockets.open === 1);
    }
    await Promise.all(answers);
    expect(slack.sockets.fewestOpen).toBeGreaterThanOrEqual(1);
    expect(heard).toHaveLength(15);
    expect(slack.sockets.unacked).toEqual([]);
  });

  it("by a cut line comes back by itself", async () => {
    for (let cuts = 0; cuts < 3; cuts += 1) {
      slack.sockets.drop();
      await slack.until(() => slack.sockets.open === 0);
      await slack.until(() => slack.sockets.open === 1 && platform.health().state === "up");
    }
    expect((await (await slack.slashCommand({ text: "help" })).first()).text).toContain("help");
  });

  it("by silence is noticed and replaced, although it still looks open", async () => {
    const thaw = slack.sockets.freeze();
    await slack.until(() => slack.sockets.opened === 2);
    expect((await (await slack.slashCommand({ text: "help" })).first()).text).toContain("help");
    thaw();
  });

  it("by an outage comes back when Slack does", async () => {
    await slack.outage();
    await slack.until(() => platform.health().state === "connecting");
    await slack.back();
    await slack.until(() => platform.health().state === "up");
    expect(slack.sockets.open).toBe(1);
  });

  it("while the next cannot be opened serves on", async () => {
    slack.faults.next("apps.connections.open", { kind: "http", status: 500 }, { times: 2 });
    slack.sockets.rotate("refresh_requested", 10_000);
    expect((await (await slack.slashCommand({ text: "help" })).first()).text).toContain("help");
    await slack.until(() => slack.faults.met() && slack.sockets.open === 1);
    expect(platform.health().state).toBe("up");
  });

  it("because Socket Mode was switched off says so", async () => {
    slack.faults.always("apps.connections.open", { kind: "error", error: "internal_error" });
    slack.sockets.rotate("link_disabled", 10);
    await slack.until(() => platform.health().detail.includes("Socket Mode"));
  });
});

describe("frames", () => {
  beforeEach(() => platform.start(echo));

  it("without an inner event, of unknown kinds, malformed or binary are acknowledged where they can be, and nothing breaks", async () => {
    const limited = { type: "app_rate_limited", team_id: "T0FAKE", minute_rate_limited: 1 };
    expect(await slack.sockets.send({ type: "events_api", payload: limited })).toBeDefined();
    expect(await slack.sockets.send({ type: "some_new_kind", payload: {} })).toBeDefined();
    for (const frame of ["{", "null", "[]", '"x"', "{}", '{"type":3}', Buffer.from([1, 2, 3])])
      slack.sockets.raw(frame);
    expect((await (await slack.slashCommand({ text: "help" })).first()).text).toContain("help");
    expect(platform.health().state).toBe("up");
  });

  it("that come twice are done once: the same envelope, the same event, the same trigger", async () => {
    const first = await slack.mention({ text: "status", eventId: "Ev-same" });
    await first.first();
    await slack.mention({ text: "status", eventId: "Ev-same" });
    const command = await slack.slashCommand({ text: "help", triggerId: "trigger-same" });
    await command.first();
    await slack.slashCommand({ text: "help", triggerId: "trigger-same" });
    await (await slack.slashCommand({ text: "last" })).first();
    expect(heard.map((request) => request.text)).toEqual(["status", "help", "last"]);
  });
});

describe("who speaks", () => {
  beforeEach(() => platform.start(echo));

  it.each([
    ["a full member", { user: "U0MEMBER" }, "member"],
    ["a guest", { user: "U0GUEST" }, "guest"],
    ["somebody of another organisation", { user: "U0STRANGER" }, "stranger"],
    ["somebody of another team whom Slack does not mark", { user: "U0PARTNER" }, "stranger"],
    ["somebody unknown", { user: "U0NOBODY" }, "guest"],
    ["a member in a channel shared with others", { user: "U0MEMBER", channel: "C0SHARED" }, "stranger"],
    ["a member in a channel nobody can look at", { user: "U0MEMBER", channel: "C0HIDDEN" }, "guest"],
    ["a member in a direct message", { user: "U0MEMBER", channel: "D0MEMBER" }, "member"],
  ])("%s", async (_who, where, kind) => {
    await (await slack.slashCommand({ text: "status", ...where })).first();
    expect(heard[0]?.actor).toMatchObject({ platform: "slack", id: where.user, kind });
  });

  it("a member in an event that says its channel is shared", async () => {
    await (await slack.mention({ text: "status", shared: true })).first();
    expect(heard[0]?.actor.kind).toBe("stranger");
  });

  it("is nobody that is trusted when Slack does not tell", async () => {
    slack.faults.next("users.info", { kind: "http", status: 500 });
    await (await slack.slashCommand({ text: "status" })).first();
    expect(heard[0]?.actor.kind).toBe("guest");
  });

  it("is a guest when Slack takes too long to tell, so that nobody waits", async () => {
    await platform.stop();
    // What ends the question must be its own limit, not the call's.
    platform = slackPlatformAt(slack, { timings: { ...quick, callMs: 3_600_000 } });
    await platform.start(echo);
    slack.faults.next("users.info", { kind: "hang" });
    await (await slack.slashCommand({ text: "status" })).first();
    expect(heard[0]?.actor.kind).toBe("guest");
  });

  it("is not a bot: bots, edits and system messages are nobody's word", async () => {
    await slack.slashCommand({ text: "status", user: "U0BOT" });
    const base = {
      type: "message",
      user: "U0MEMBER",
      channel: "D0MEMBER",
      channel_type: "im",
      text: "status",
      ts: "1795000000.000001",
    };
    for (const [at, odd] of [
      { bot_id: "B1" },
      { subtype: "message_changed" },
      { edited: { user: "U0MEMBER" } },
      { channel_type: "channel" },
    ].entries()) {
      const payload = {
        type: "event_callback",
        team_id: "T0FAKE",
        event_id: `EvOdd${at}`,
        event: { ...base, ...odd },
      };
      await slack.sockets.send({ type: "events_api", payload });
    }
    await (await slack.direct({ text: "last" })).first();
    expect(heard.map((request) => request.text)).toEqual(["last"]);
    expect(heard[0]?.direct).toBe(true);
    expect(heard[0]?.thread).toBeUndefined();
  });
});

describe("answers", () => {
  beforeEach(() => platform.start(echo));

  it("of a slash command are for the asker alone, unless they are for everybody", async () => {
    expect(await (await slack.slashCommand({ text: "status" })).first()).toMatchObject({
      via: "response_url",
      visibility: "ephemeral",
    });
    expect(await (await slack.slashCommand({ text: "everybody" })).first()).toMatchObject({
      via: "response_url",
      visibility: "in_channel",
    });
  });

  it("of a mention outside of a thread open one", async () => {
    const reply = await (await slack.mention({ text: "status" })).first();
    expect(reply.message?.threadTs).toBe(slack.messages().find((message) => !message.byBot)?.ts);
    expect(heard[0]?.thread).toBeUndefined();
  });

  it("with a chart reach a place where the bot may not post, as words", async () => {
    const reply = await (await slack.slashCommand({ text: "chart", channel: "C0NOTIN" })).first();
    expect(reply).toMatchObject({ via: "response_url", visibility: "ephemeral" });
    expect(reply.text).toContain("a rising line");
  });

  it("with a chart stand without it where uploads are forbidden", async () => {
    slack.faults.always("files.getUploadURLExternal", { kind: "error", error: "file_uploads_disabled" });
    const reply = await (await slack.slashCommand({ text: "chart" })).first();
    expect(reply.text).toContain("you said chart");
    await slack.until(() => platform.lines.some((line) => line.event === "slack_reply_without_chart"));
  });

  it("go to Slack's own address or to the configured host, and nowhere else", async () => {
    const payload = {
      command: "/tb",
      text: "status",
      user_id: "U0MEMBER",
      team_id: "T0FAKE",
      channel_id: slack.channel,
      trigger_id: "evil",
      response_url: "http://localhost:1/steal",
    };
    await slack.sockets.send({ type: "slash_commands", payload });
    await slack.until(() => platform.lines.some((line) => line.event === "slack_response_address_refused"));
  });

  it("that the address does not take in full go in simpler dress", async () => {
    slack.faults.next("response", { kind: "http", status: 400 });
    expect((await (await slack.slashCommand({ text: "status" })).first()).blocks[0]).toMatchObject({
      type: "section",
    });
  });
});

describe("stop", () => {
  it("during a pending connection leaves nothing that opens later", async () => {
    slack.faults.next("apps.connections.open", { kind: "slow", ms: 300 });
    const starting = platform.start(echo);
    await slack.until(() => slack.calls.some((call) => call.method === "apps.connections.open"));
    await platform.stop();
    await starting;
    await slack.until(() =>
      slack.calls.some((call) => call.method === "apps.connections.open" && call.outcome === "ok"),
    );
    expect(slack.sockets.opened).toBe(0);
  });

  it("leaves what arrives meanwhile to the next process: not acknowledged, so events come again", async () => {
    let finish: () => void = () => undefined;
    await platform.start((request) => {
      heard.push(request);
      return new Promise(
        (resolve) =>
          (finish = () =>
            resolve({ message: { tone: "info", headline: "done", blocks: [] }, visibility: "asker" })),
      );
    });
    const slow = await slack.slashCommand({ text: "slow" });
    await slack.until(() => heard.length === 1);
    const stopping = platform.stop();
    const late = slack.sockets.send({ type: "slash_commands", payload: { command: "/tb", text: "late" } });
    finish();
    await slow.first();
    await stopping;
    expect(await late).toBeUndefined();
    expect(heard).toHaveLength(1);
  });
});

it("says which scopes the installation lacks", async () => {
  const poor = await startFakeSlack({ scopes: ["chat:write", "commands"] });
  const lacking = slackPlatformAt(poor);
  await lacking.start(echo);
  const line = lacking.lines.find((one) => one.event === "slack_scopes_missing");
  expect(line?.facts).toMatchObject({
    missing: expect.arrayContaining(["files:write", "app_mentions:read"]) as string[],
  });
  await lacking.stop();
  await poor.stop();
});

it("does nothing that the strict server objects to", async () => {
  await platform.start(echo);
  await (await slack.slashCommand({ text: "status" })).first();
  const chart = await slack.slashCommand({ text: "chart" });
  const reply = await chart.first();
  await slack.until(() => reply.message?.edits === 1);
  await (await slack.direct({ text: "status" })).first();
  expect(problemsOf(slack)).toEqual([]);
});

function echo(request: CommandRequest): Promise<Reply> {
  heard.push(request);
  const message = { tone: "info", headline: `you said ${request.text}`, blocks: [] } as const;
  const visibility = request.text === "everybody" ? "everybody" : "asker";
  if (request.text !== "chart") return Promise.resolve({ message, visibility });
  return Promise.resolve({
    message,
    visibility: "everybody",
    picture: { png: Uint8Array.of(137, 80, 78, 71), name: "chart.png", alt: "a rising line" },
  });
}
