import { randomBytes } from "node:crypto";

import type { BlockFault } from "./block-rules.js";
import { blockFaults } from "./block-rules.js";
import { liveMarkup } from "./live-markup.js";
import type { Args } from "./method-args.js";
import type { FakeFile, FakeMessage, Json, JsonObject, World } from "./world.js";
import { isObject, nextTs, str } from "./world.js";

export interface MethodTools {
  readonly world: World;
  readonly baseUrl: string;
  readonly socketUrl: () => string;
  readonly fileReadyAfterPolls: () => number;
  readonly fileReadyAfterMs: () => number;
  /** Called after a message of the bot was stored or edited. */
  onMessage(message: FakeMessage): void;
}

type Answer = { readonly ok: true } & JsonObject;

/** A refusal as Slack words it. */
export class Refusal extends Error {
  readonly more: JsonObject;

  constructor(error: string, more: JsonObject = {}) {
    super(error);
    this.more = more;
  }
}

/** Does a call whose arguments have been read; throws Refusal. */
export function callMethod(tools: MethodTools, method: string, args: Args): Answer {
  const run = methods[method];
  if (run === undefined) throw new Refusal("unknown_method", { req_method: method });
  return run(tools, args);
}

const methods: Readonly<Record<string, (tools: MethodTools, args: Args) => Answer>> = {
  "auth.test": ({ world }) => ({
    ok: true,
    url: world.team.url,
    team: world.team.name,
    user: "tensorbell",
    team_id: world.team.id,
    user_id: world.bot.userId,
    bot_id: world.bot.botId,
    is_enterprise_install: false,
  }),
  "apps.connections.open": ({ socketUrl }) => ({ ok: true, url: socketUrl() }),
  "chat.postMessage": postMessage,
  "chat.update": update,
  "conversations.history": history,
  "conversations.replies": replies,
  "conversations.info": ({ world }, args) => {
    const channel = world.channels.get(str(args["channel"]));
    if (channel === undefined || (!channel.member && channel.name.startsWith("private")))
      throw new Refusal("channel_not_found");
    const { id, name, archived, shared, member } = channel;
    return {
      ok: true,
      channel: {
        id,
        name,
        is_channel: true,
        is_archived: archived,
        is_ext_shared: shared,
        is_member: member,
      },
    };
  },
  "users.info": ({ world }, args) => {
    const user = world.users.get(str(args["user"]));
    if (user === undefined) throw new Refusal("user_not_found");
    const flags = {
      is_bot: user.bot,
      is_restricted: user.guest,
      is_ultra_restricted: false,
      is_stranger: user.stranger,
    };
    return {
      ok: true,
      user: {
        id: user.id,
        team_id: user.teamId,
        name: user.name,
        deleted: false,
        ...flags,
        profile: { display_name: user.name },
      },
    };
  },
  "files.getUploadURLExternal": uploadTicket,
  "files.completeUploadExternal": completeUpload,
  "files.info": fileInfo,
};

function postMessage(tools: MethodTools, args: Args): Answer {
  const { world } = tools;
  const channel = writable(world, str(args["channel"]));
  const content = readContent(tools, args);
  const threadTs = typeof args["thread_ts"] === "string" ? args["thread_ts"] : undefined;
  if (threadTs !== undefined) {
    const root = find(world, channel, threadTs);
    if (root === undefined) throw new Refusal("thread_not_found");
    if (root.threadTs !== undefined)
      world.problems.push(`reply to a reply (${threadTs}): makes a stray thread`);
  }
  const message: FakeMessage = {
    channel,
    ts: nextTs(world),
    threadTs,
    user: world.bot.userId,
    byBot: true,
    ...content,
    metadata: readMetadata(args["metadata"]),
    edits: 0,
  };
  world.messages.push(message);
  tools.onMessage(message);
  return { ok: true, channel, ts: message.ts, message: shown(tools.world, message, true) };
}

function update(tools: MethodTools, args: Args): Answer {
  const { world } = tools;
  const channel = writable(world, str(args["channel"]));
  const message = find(world, channel, str(args["ts"]));
  if (message === undefined) throw new Refusal("message_not_found");
  if (!message.byBot) throw new Refusal("cant_update_message");
  if (args["parse"] !== "none") world.problems.push("chat.update without parse none: names would be linked");
  if (typeof args["text"] === "string" && args["text"].length > 4_000) throw new Refusal("msg_too_long");
  if (args["text"] === undefined) world.problems.push("chat.update without text: the fallback would be lost");
  Object.assign(message, readContent(tools, args));
  if (args["metadata"] !== undefined) message.metadata = readMetadata(args["metadata"]);
  message.edits += 1;
  tools.onMessage(message);
  return { ok: true, channel, ts: message.ts, text: message.text };
}

/** A message's text and blocks, refused as Slack would, with what a careful bot avoids noted as a problem. */
function readContent(tools: MethodTools, args: Args): Pick<FakeMessage, "text" | "blocks"> {
  const text = typeof args["text"] === "string" ? args["text"] : "";
  const given = args["blocks"] as Json | undefined;
  const blocks = Array.isArray(given) ? (given as readonly Json[]).filter(isObject) : [];
  if (text === "" && blocks.length === 0) throw new Refusal("no_text");
  if (given !== undefined && blocks.length > 0)
    refuseBlocks(blockFaults(given, (id) => fileState(tools, id)));
  if (text === "")
    tools.world.problems.push("a message without top-level text: nothing to notify or read aloud");
  if (text.length > 4_000) tools.world.problems.push("top-level text above 4000 characters");
  const size = JSON.stringify(blocks).length;
  if (size > 100_000 || textOf(blocks) > 13_000) throw new Refusal("msg_blocks_too_long");
  const odd = liveMarkup({ text, blocks }).filter(
    (mark) => mark === "mrkdwn without verbatim" || mark === "plain_text with emoji",
  );
  tools.world.problems.push(...odd);
  return { text, blocks };
}

function textOf(value: Json | undefined): number {
  if (typeof value === "string") return 0;
  if (Array.isArray(value))
    return (value as readonly Json[]).reduce<number>((sum, item) => sum + textOf(item), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + (key === "text" && typeof inner === "string" ? inner.length : textOf(inner)),
    0,
  );
}

function refuseBlocks(faults: readonly BlockFault[]): void {
  if (faults.length === 0) return;
  if (faults.some((fault) => fault.message === "only_one_table_allowed"))
    throw new Refusal("only_one_table_allowed");
  const messages = faults.map((fault) => `[ERROR] ${fault.message} [json-pointer:${fault.pointer}]`);
  throw new Refusal("invalid_blocks", {
    errors: faults.map((fault) => fault.message),
    response_metadata: { messages },
  });
}

function readMetadata(value: unknown): JsonObject | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) throw new Refusal("invalid_metadata_format");
  const { event_type: type, event_payload: payload, ...rest } = value;
  const named = typeof type === "string" && /^\w{1,255}$/.test(type);
  if (!named || !isObject(payload) || Object.keys(rest).length > 0)
    throw new Refusal("invalid_metadata_format");
  const flat = Object.values(payload).every((item) => ["string", "number", "boolean"].includes(typeof item));
  if (!flat) throw new Refusal("invalid_metadata_schema");
  if (JSON.stringify(value).length > 4_000) throw new Refusal("metadata_too_large");
  return value;
}

function writable(world: World, id: string): string {
  const channel = world.channels.get(id);
  if (channel === undefined) throw new Refusal("channel_not_found");
  if (channel.archived) throw new Refusal("is_archived");
  if (!channel.member) throw new Refusal("not_in_channel");
  return id;
}

function find(world: World, channel: string, ts: string): FakeMessage | undefined {
  return world.messages.find((message) => message.channel === channel && message.ts === ts);
}

function history(tools: MethodTools, args: Args): Answer {
  const channel = writable(tools.world, str(args["channel"]));
  const roots = tools.world.messages.filter(
    (message) => message.channel === channel && message.threadTs === undefined,
  );
  return page(tools, args, roots.reverse());
}

function replies(tools: MethodTools, args: Args): Answer {
  const channel = writable(tools.world, str(args["channel"]));
  const ts = str(args["ts"]);
  if (find(tools.world, channel, ts) === undefined) throw new Refusal("thread_not_found");
  const thread = tools.world.messages.filter(
    (message) => message.channel === channel && (message.ts === ts || message.threadTs === ts),
  );
  return page(tools, args, thread);
}

function page(tools: MethodTools, args: Args, all: readonly FakeMessage[]): Answer {
  const limit = typeof args["limit"] === "number" ? args["limit"] : 100;
  if (limit > 999) throw new Refusal("invalid_limit");
  const start =
    args["cursor"] === undefined ? 0 : Number(Buffer.from(str(args["cursor"]), "base64").toString());
  if (!Number.isInteger(start)) throw new Refusal("invalid_cursor");
  const withMetadata = args["include_all_metadata"] === true;
  const messages = all
    .slice(start, start + limit)
    .map((message) => shown(tools.world, message, withMetadata));
  const more = start + limit < all.length;
  const cursor = more ? Buffer.from(String(start + limit)).toString("base64") : "";
  return { ok: true, messages, has_more: more, response_metadata: { next_cursor: cursor } };
}

function shown(world: World, message: FakeMessage, withMetadata: boolean): JsonObject {
  return {
    type: "message",
    user: message.user,
    ts: message.ts,
    text: message.text,
    blocks: message.blocks,
    ...(message.byBot ? { bot_id: message.botId ?? world.bot.botId, app_id: world.bot.appId } : {}),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
  };
}

function uploadTicket(tools: MethodTools, args: Args): Answer {
  const length = Number(args["length"]);
  if (length < 1 || str(args["filename"]) === "") throw new Refusal("invalid_arguments");
  if (args["alt_txt"] !== undefined)
    tools.world.problems.push("alt_txt on an upload makes Slack skip the share");
  const id = `F${randomBytes(5).toString("hex").toUpperCase()}`;
  const ticket = randomBytes(12).toString("hex");
  const file: FakeFile = {
    id,
    filename: str(args["filename"]),
    length,
    ticket,
    bytes: undefined,
    completedAt: undefined,
    polls: 0,
  };
  tools.world.files.set(id, file);
  return { ok: true, upload_url: `${tools.baseUrl}upload/${ticket}`, file_id: id };
}

function completeUpload(tools: MethodTools, args: Args): Answer {
  const listed = (args["files"] as readonly unknown[]).filter(isObject);
  const done = listed.map((entry) => {
    const file = tools.world.files.get(str(entry["id"]));
    if (file === undefined) throw new Refusal("file_not_found");
    if (file.bytes === undefined) throw new Refusal("file_update_failed");
    file.completedAt = Date.now();
    return { id: file.id, title: str(entry["title"]) || file.filename };
  });
  if (done.length === 0) throw new Refusal("invalid_arguments");
  return { ok: true, files: done };
}

function fileInfo(tools: MethodTools, args: Args): Answer {
  const file = tools.world.files.get(str(args["file"]));
  if (file?.completedAt === undefined) throw new Refusal("file_not_found");
  file.polls += 1;
  const ready = fileState(tools, file.id) === "ready";
  return {
    ok: true,
    file: {
      id: file.id,
      name: file.filename,
      mimetype: ready ? "image/png" : "",
      filetype: ready ? "png" : "",
      size: file.length,
    },
  };
}

function fileState(tools: MethodTools, id: string): "ready" | "processing" | "unknown" {
  const file = tools.world.files.get(id);
  if (file?.completedAt === undefined) return "unknown";
  const polled = file.polls >= tools.fileReadyAfterPolls();
  return polled && Date.now() - file.completedAt >= tools.fileReadyAfterMs() ? "ready" : "processing";
}
