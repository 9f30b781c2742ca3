import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { blockFaults } from "./block-rules.js";
import type { FaultBook } from "./fault-book.js";
import { createFaultBook } from "./fault-book.js";
import { createDoor } from "./http-door.js";
import type { RecordedCall } from "./http-door.js";
import { SocketHub } from "./socket-hub.js";
import type { FakeFile, FakeMessage, JsonObject, World } from "./world.js";
import { isObject, nextTs } from "./world.js";
import { createWorld } from "./create-world.js";
import type { FakeSlackOptions } from "./create-world.js";

/** A reply as a person sees it: privately or visibly through a response address, or as a message of the bot. */
export interface FakeReply {
  readonly via: "response_url" | "message";
  readonly visibility: "ephemeral" | "in_channel";
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  /** Live: shows later edits. Only for messages. */
  readonly message: FakeMessage | undefined;
}

export interface Asked {
  /** Undefined where nobody acknowledged within three seconds. */
  readonly ackMs: number | undefined;
  readonly ackPayload: JsonObject | undefined;
  /** Grows while replies come. */
  readonly replies: readonly FakeReply[];
  /** The first reply; rejects when none comes in time. */
  first(ms?: number): Promise<FakeReply>;
}

/** A strict Slack on loopback: Web API and Socket Mode. `problems` is expected to stay empty. */
export interface FakeSlack {
  /** For SLACK_API_URL. */
  readonly url: string;
  /** The three variables a process needs to talk to it. */
  readonly env: {
    readonly SLACK_BOT_TOKEN: string;
    readonly SLACK_APP_TOKEN: string;
    readonly SLACK_API_URL: string;
  };
  /** Id of the ordinary channel that the bot is in. */
  readonly channel: string;
  /** Id of an ordinary full member. */
  readonly member: string;
  readonly world: World;
  readonly problems: readonly string[];
  readonly calls: readonly RecordedCall[];
  readonly faults: FaultBook;
  readonly sockets: SocketHub;
  readonly files: readonly FakeFile[];
  /** Top-level messages of a channel, oldest first. */
  messages(channel?: string): readonly FakeMessage[];
  /** Replies below a root, oldest first. */
  thread(channel: string, ts: string): readonly FakeMessage[];
  slashCommand(input: { text: string; channel?: string; user?: string; triggerId?: string }): Promise<Asked>;
  /** A person writes `@TensorBell text`, in a thread or not. */
  mention(input: {
    text: string;
    channel?: string;
    user?: string;
    thread?: string;
    eventId?: string;
    shared?: boolean;
  }): Promise<Asked>;
  direct(input: { text: string; user?: string }): Promise<Asked>;
  /** Holds until it is true; rejects after `ms` with the words of `what`. */
  until(condition: () => boolean, ms?: number): Promise<void>;
  /** Refuses every connection and cuts those there are, until `back`. */
  outage(): Promise<void>;
  back(): Promise<void>;
  stop(): Promise<void>;
}

export async function startFakeSlack(options: FakeSlackOptions = {}): Promise<FakeSlack> {
  const world = createWorld(options);
  const faults = createFaultBook();
  const sockets = new SocketHub(world, faults);
  const calls: RecordedCall[] = [];
  const tokens = { bot: options.botToken ?? "xoxb-1-fake-bot", app: options.appToken ?? "xapp-1-fake-app" };
  const askers = new Map<string, (reply: FakeReply) => void>();
  const listeners = new Set<(message: FakeMessage) => void>();
  const server = createServer();
  const listen = async (port: number): Promise<number> => {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const base = `http://127.0.0.1:${port}/`;
  server.on("upgrade", (request, socket, head) => sockets.upgrade(request, socket, head));
  server.on(
    "request",
    createDoor({
      world,
      faults,
      tokens,
      calls,
      scopes: options.scopes ?? allScopes,
      missing: new Set(options.missing),
      tools: {
        world,
        baseUrl: base,
        socketUrl: () => `ws://127.0.0.1:${port}/link?ticket=${sockets.ticket()}`,
        fileReadyAfterPolls: () => options.fileReadyAfterPolls ?? 1,
        fileReadyAfterMs: () => options.fileReadyAfterMs ?? 0,
        onMessage: (message) => listeners.forEach((listener) => listener(message)),
      },
      onResponse: (ticket, body) => respond({ world, askers }, ticket, body),
    }),
  );
  const until = waiter(world);
  const envelopeBase = { team_id: world.team.id, api_app_id: world.bot.appId };

  const slack: FakeSlack = {
    url: `${base}api/`,
    env: { SLACK_BOT_TOKEN: tokens.bot, SLACK_APP_TOKEN: tokens.app, SLACK_API_URL: `${base}api/` },
    channel: "C0TRAINING",
    member: "U0MEMBER",
    world,
    problems: world.problems,
    calls,
    faults,
    sockets,
    get files() {
      return [...world.files.values()];
    },
    messages: (channel = slack.channel) =>
      world.messages.filter((one) => one.channel === channel && one.threadTs === undefined),
    thread: (channel, ts) => world.messages.filter((one) => one.channel === channel && one.threadTs === ts),
    async slashCommand({ text, channel = slack.channel, user = slack.member, triggerId = randomUUID() }) {
      const ticket = randomUUID();
      const replies: FakeReply[] = [];
      askers.set(ticket, (reply) => replies.push(reply));
      listeners.add((message) => {
        if (message.channel === channel && answers(message, triggerId)) replies.push(asReply(message));
      });
      const ack = await sockets.send({
        type: "slash_commands",
        payload: {
          ...envelopeBase,
          token: "verification",
          team_domain: world.team.name,
          channel_id: channel,
          channel_name: world.channels.get(channel)?.name ?? "directmessage",
          user_id: user,
          user_name: world.users.get(user)?.name ?? user,
          command: "/tb",
          text,
          is_enterprise_install: "false",
          response_url: `${base}response/${ticket}`,
          trigger_id: triggerId,
        },
      });
      return {
        ackMs: ack?.ms,
        ackPayload: ack?.payload,
        replies,
        first: (ms) => firstOf(replies, until, ms),
      };
    },
    async mention({
      text,
      channel = slack.channel,
      user = slack.member,
      thread,
      eventId = `Ev${randomUUID()}`,
      shared = false,
    }) {
      const typed = `<@${world.bot.userId}> ${escapeTyped(text)}`;
      const message = say(world, { channel, user, text: typed, thread });
      const replies: FakeReply[] = [];
      listeners.add((one) => {
        if (one.channel === channel && one.threadTs === (thread ?? message.ts) && answers(one, eventId))
          replies.push(asReply(one));
      });
      const event = eventOf(message, {
        type: "app_mention",
        team: world.users.get(user)?.teamId ?? world.team.id,
      });
      const payload = {
        ...envelopeBase,
        type: "event_callback",
        event_id: eventId,
        event_time: 1,
        event,
        is_ext_shared_channel: shared,
      };
      const ack = await sockets.send({ type: "events_api", payload, repeat: true });
      return {
        ackMs: ack?.ms,
        ackPayload: ack?.payload,
        replies,
        first: (ms) => firstOf(replies, until, ms),
      };
    },
    async direct({ text, user = slack.member }) {
      const eventId = `Ev${randomUUID()}`;
      const channel = `D0${user.slice(2)}`;
      world.channels.set(channel, {
        id: channel,
        name: "directmessage",
        member: true,
        archived: false,
        shared: false,
      });
      const message = say(world, { channel, user, text: escapeTyped(text), thread: undefined });
      const replies: FakeReply[] = [];
      listeners.add((one) => {
        if (one.channel === channel && answers(one, eventId)) replies.push(asReply(one));
      });
      const event = {
        ...eventOf(message, { type: "message", team: world.users.get(user)?.teamId ?? world.team.id }),
        channel_type: "im",
      };
      const payload = {
        ...envelopeBase,
        type: "event_callback",
        event_id: eventId,
        event_time: 1,
        event,
      };
      const ack = await sockets.send({ type: "events_api", payload, repeat: true });
      return {
        ackMs: ack?.ms,
        ackPayload: ack?.payload,
        replies,
        first: (ms) => firstOf(replies, until, ms),
      };
    },
    until,
    async outage() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      sockets.drop();
      server.closeAllConnections();
      await closed;
    },
    async back() {
      await listen(port);
    },
    async stop() {
      await sockets.stop();
      server.closeAllConnections();
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return slack;
}

const allScopes = [
  "commands",
  "chat:write",
  "app_mentions:read",
  "files:write",
  "files:read",
  "channels:read",
  "groups:read",
  "channels:history",
  "groups:history",
  "im:history",
  "users:read",
];

interface Responses {
  readonly world: World;
  readonly askers: ReadonlyMap<string, (reply: FakeReply) => void>;
}

/** What a response address takes: known names, sound blocks. */
function respond({ world, askers }: Responses, ticket: string, body: JsonObject): boolean {
  const asker = askers.get(ticket);
  if (asker === undefined) return false;
  const known = ["text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts"];
  const odd = Object.keys(body).filter((key) => !known.includes(key));
  if (odd.length > 0) world.problems.push(`a response with unknown arguments: ${odd.join(", ")}`);
  const blocks = Array.isArray(body["blocks"]) ? (body["blocks"] as readonly unknown[]).filter(isObject) : [];
  const faults = blocks.length === 0 ? [] : blockFaults(body["blocks"], () => "unknown");
  if (faults.length > 0) {
    world.problems.push(
      ...faults.map((fault) => `a response with bad blocks: ${fault.message} at ${fault.pointer}`),
    );
    return false;
  }
  const text = typeof body["text"] === "string" ? body["text"] : "";
  const visibility = body["response_type"] === "in_channel" ? "in_channel" : "ephemeral";
  asker({ via: "response_url", visibility, text, blocks, message: undefined });
  return true;
}

/** A new message of the bot that does not say, by its metadata, that it is about something else. */
function answers(message: FakeMessage, id: string): boolean {
  if (!message.byBot || message.edits > 0) return false;
  return message.metadata === undefined || JSON.stringify(message.metadata).includes(id);
}

function asReply(message: FakeMessage): FakeReply {
  return { via: "message", visibility: "in_channel", text: message.text, blocks: message.blocks, message };
}

function say(
  world: World,
  {
    channel,
    user,
    text,
    thread,
  }: { channel: string; user: string; text: string; thread: string | undefined },
): FakeMessage {
  const message: FakeMessage = {
    channel,
    ts: nextTs(world),
    threadTs: thread,
    user,
    byBot: false,
    text,
    blocks: [],
    metadata: undefined,
    edits: 0,
  };
  world.messages.push(message);
  return message;
}

function eventOf(message: FakeMessage, { type, team }: { type: string; team: string }): JsonObject {
  return {
    type,
    user: message.user,
    user_team: team,
    team,
    text: message.text,
    channel: message.channel,
    ts: message.ts,
    event_ts: message.ts,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
  };
}

function escapeTyped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

async function firstOf(
  replies: readonly FakeReply[],
  until: FakeSlack["until"],
  ms = 10_000,
): Promise<FakeReply> {
  await until(() => replies.length > 0, ms);
  return replies[0]!;
}

/** Looks every 10 ms: nothing is slept for longer than it takes. */
function waiter(world: World): FakeSlack["until"] {
  return async (condition, ms = 10_000) => {
    const end = performance.now() + ms;
    while (!condition()) {
      if (performance.now() > end) {
        const said = world.messages
          .slice(-5)
          .map((one) => `${one.threadTs === undefined ? "" : "  "}${one.text.slice(0, 120)}`);
        throw new Error(
          `not within ${ms} ms: ${condition.toString()}\nlast messages:\n${said.join("\n")}\nproblems: ${world.problems.join("; ")}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
}
