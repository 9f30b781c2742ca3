import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { createDingFaults, type DingFaults } from "./fault-book.js";
import { type FakeAck, GatewayHub } from "./gateway-hub.js";
import { createDingDoor, type DingCall } from "./http-door.js";
import { loopbackOnly } from "../loopback-only.js";
import type { FakeDingMessage, FakeWorld, JsonObject } from "./world.js";

export interface DingSpeech {
  readonly text: string;
  readonly user?: string | undefined;
  readonly place?: string;
  readonly direct?: boolean;
  /** The message of ours that is quoted. */
  readonly quotes?: { readonly key?: string; readonly text?: string };
  readonly msgId?: string;
  /** Over which line it comes; the newest that listens where left out. */
  readonly socket?: number;
  /** Other fields, over those above. */
  readonly more?: JsonObject;
}

/** A strict DingTalk on loopback: API, old API, Stream mode. `problems` is expected to stay empty. */
export interface FakeDingTalk {
  readonly url: string;
  /** What a process needs to talk to it as an app. */
  readonly env: Readonly<
    Record<"DINGTALK_CLIENT_ID" | "DINGTALK_CLIENT_SECRET" | "DINGTALK_API_URL" | "DINGTALK_OAPI_URL", string>
  >;
  readonly webhookEnv: Readonly<Record<"DINGTALK_WEBHOOK_URL" | "DINGTALK_WEBHOOK_SECRET", string>>;
  /** The group the robot is in. */
  readonly group: string;
  readonly member: string;
  readonly world: FakeWorld;
  readonly calls: readonly DingCall[];
  readonly faults: DingFaults;
  readonly gateway: GatewayHub;
  problems(): readonly string[];
  /** What people in a group see, oldest first. */
  messages(place?: string): readonly FakeDingMessage[];
  /** A person writes to the robot; resolves with the acknowledgement. */
  says(speech: DingSpeech): Promise<FakeAck | undefined>;
  /** A person clicks a card's button. */
  clicks(click: {
    readonly card: string;
    readonly action: string;
    readonly user?: string;
    readonly corpId?: string;
    readonly params?: JsonObject;
  }): Promise<FakeAck | undefined>;
  /** Looks whenever something happened here or was said to have happened; `ms` only ends a test that hangs. */
  until(condition: () => boolean, ms?: number): Promise<void>;
  /** Something happened outside of this fake that somebody may wait for. */
  happened(): void;
  /** Connections that stand, of calls and of lines. */
  connections(): number;
  /** No connection is taken and those there are are cut, until `back`. */
  outage(): Promise<void>;
  back(): Promise<void>;
  stop(): Promise<void>;
}

export interface FakeDingTalkOptions {
  readonly keyword?: string;
  readonly now?: () => number;
  /** What one custom robot may say in a minute (20). */
  readonly perMinute?: number;
}

export async function startFakeDingTalk(options: FakeDingTalkOptions = {}): Promise<FakeDingTalk> {
  const world = createDingWorld();
  const faults = createDingFaults();
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const look of waiting) look();
  };
  const gateway = new GatewayHub(changed);
  const calls: DingCall[] = [];
  const webhook = {
    token: "fake-webhook-token",
    secret: "SECfake",
    keyword: options.keyword,
    perMinute: options.perMinute ?? 20,
  };
  const now = options.now ?? (() => Date.now());
  const server = createServer();
  const connections = new Set<Socket>();
  server.on("connection", (connection) => {
    connections.add(connection);
    connection.once("close", () => {
      connections.delete(connection);
      changed();
    });
  });
  const listen = async (port: number): Promise<number> => {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const url = `http://127.0.0.1:${port}`;
  server.on("upgrade", (request, socket, head) => gateway.upgrade(request, socket, head));
  server.on(
    "request",
    createDingDoor({
      world,
      faults,
      calls,
      webhook,
      now,
      changed,
      ticket: () => ({ endpoint: `ws://127.0.0.1:${port}/connect`, ticket: gateway.ticket() }),
    }),
  );
  const atLarge = loopbackOnly((host) => world.problems.push(`a call to ${host}, beyond this machine`));
  const close = async (): Promise<void> => {
    gateway.cut();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  const fake: FakeDingTalk = {
    url,
    env: {
      DINGTALK_CLIENT_ID: world.clientId,
      DINGTALK_CLIENT_SECRET: world.clientSecret,
      DINGTALK_API_URL: url,
      DINGTALK_OAPI_URL: url,
    },
    webhookEnv: {
      DINGTALK_WEBHOOK_URL: `${url}/robot/send?access_token=${webhook.token}`,
      DINGTALK_WEBHOOK_SECRET: webhook.secret,
    },
    group: "cidTraining+/A==",
    member: "u1",
    world,
    calls,
    faults,
    gateway,
    problems: () => [...world.problems, ...gateway.problems],
    messages: (place = fake.group) => world.messages.filter((message) => message.place === place),
    says(speech) {
      const { quota } = world;
      // DingTalk says so instead of the message, without its text.
      if (quota.webhookStream >= quota.webhookStreamLimit)
        return gateway.push("/v1.0/im/bot/messages/get", {
          errorCode: 20001,
          errorMessage: "the month's quota is used up",
          msgId: `msg${randomUUID()}`,
        });
      quota.webhookStream += 1;
      const line = speech.socket === undefined ? {} : { socket: speech.socket };
      return gateway.push("/v1.0/im/bot/messages/get", robotMessage(fake, speech, now()), line);
    },
    clicks({ card, action, user = fake.member, corpId = world.corpId, params = {} }) {
      world.quota.webhookStream += 1;
      return gateway.push("/v1.0/card/instances/callback", {
        type: "actionCallback",
        outTrackId: card,
        corpId,
        userId: user,
        spaceId: world.cards.get(card)?.place ?? "",
        spaceType: "IM_GROUP",
        userIdType: 1,
        extension: "{}",
        content: JSON.stringify({ cardPrivateData: { actionIds: [action], params: { action, ...params } } }),
      });
    },
    async until(condition, ms = 5_000) {
      let look = (): void => undefined;
      let late: NodeJS.Timeout | undefined;
      const came = new Promise<void>((resolve, reject) => {
        look = () => {
          try {
            if (condition()) resolve();
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        late = setTimeout(() => {
          const seen = calls.slice(-8).map(({ path, outcome }) => `${path} ${outcome}`);
          const messages = JSON.stringify(world.messages.slice(-5), undefined, 1);
          reject(
            new Error(
              `never happened: ${condition.toString()}\n${messages}\n${JSON.stringify(seen)}\n${fake.problems().join("\n")}`,
            ),
          );
        }, ms);
      });
      waiting.add(look);
      look();
      try {
        await came;
      } finally {
        waiting.delete(look);
        clearTimeout(late);
      }
    },
    happened: changed,
    connections: () => connections.size,
    outage: close,
    back: async () => {
      await listen(port);
    },
    stop() {
      atLarge();
      return close();
    },
  };
  return fake;
}

function createDingWorld(): FakeWorld {
  return {
    clientId: "dingfakeclient",
    clientSecret: "fake-client-secret",
    corpId: "dingcorp",
    botUserId: "$:LWCP_v1:$bot",
    templates: new Set(["fake-template.schema"]),
    groups: new Set(["cidTraining+/A==", "cidSecond=="]),
    users: new Set(["u1", "u2"]),
    messages: [],
    cards: new Map(),
    dings: [],
    media: new Map(),
    sessions: new Map(),
    problems: [],
    quota: {
      api: 0,
      webhookStream: 0,
      apiLimit: Number.POSITIVE_INFINITY,
      webhookStreamLimit: Number.POSITIVE_INFINITY,
    },
    token: `token-${randomUUID()}`,
    serial: 0,
  };
}

/** The payload of a robot message; a stranger is somebody whom `users` does not know. */
function robotMessage(fake: FakeDingTalk, speech: DingSpeech, now: number): JsonObject {
  const { world, url, group, member } = fake;
  const {
    text,
    user = member,
    place = speech.direct === true ? `cidDirect-${user}` : group,
    direct = false,
    quotes,
  } = speech;
  const session = randomUUID();
  world.sessions.set(session, { place, until: now + 5_400_000 });
  const known = world.users.has(user);
  return {
    conversationId: place,
    conversationType: direct ? "1" : "2",
    ...(direct ? {} : { conversationTitle: "training" }),
    msgId: speech.msgId ?? `msg${randomUUID()}`,
    createAt: now,
    senderId: `$:LWCP_v1:$${user}`,
    ...(known ? { senderStaffId: user } : {}),
    senderNick: `nick of ${user}`,
    senderCorpId: known ? world.corpId : "dingother",
    chatbotUserId: world.botUserId,
    chatbotCorpId: world.corpId,
    robotCode: world.clientId,
    isAdmin: false,
    ...(direct ? {} : { isInAtList: true, atUsers: [{ dingtalkId: world.botUserId }] }),
    sessionWebhook: `${url}/robot/sendBySession?session=${session}`,
    sessionWebhookExpiredTime: now + 5_400_000,
    msgtype: "text",
    text: {
      content: direct ? text : ` ${text}`,
      ...(quotes === undefined
        ? {}
        : {
            isReplyMsg: true,
            repliedMsg: {
              msgId: `msg${randomUUID()}`,
              msgType: "unknownMsgType",
              senderId: world.botUserId,
              createdAt: now - 5_000,
              content: quotes.text === undefined ? {} : { text: quotes.text },
            },
          }),
    },
    ...(quotes?.key === undefined ? {} : { originalProcessQueryKey: quotes.key }),
    ...speech.more,
  };
}
