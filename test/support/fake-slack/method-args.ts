import type { JsonObject } from "./world.js";

type ArgType = "string" | "integer" | "boolean" | "object" | "array" | "channel" | "user" | "ts" | "file";

interface MethodSpec {
  readonly token: "bot" | "app";
  readonly scopes: readonly string[];
  readonly required: Readonly<Record<string, ArgType>>;
  readonly optional: Readonly<Record<string, ArgType>>;
}

/** The methods the fake knows, with argument names, types and scopes as Slack documents them. */
export const methodSpecs: Readonly<Record<string, MethodSpec>> = {
  "auth.test": { token: "bot", scopes: [], required: {}, optional: {} },
  "apps.connections.open": { token: "app", scopes: [], required: {}, optional: {} },
  "chat.postMessage": {
    token: "bot",
    scopes: ["chat:write"],
    required: { channel: "channel" },
    optional: {
      text: "string",
      blocks: "array",
      metadata: "object",
      thread_ts: "ts",
      reply_broadcast: "boolean",
      mrkdwn: "boolean",
      parse: "string",
      link_names: "boolean",
      unfurl_links: "boolean",
      unfurl_media: "boolean",
    },
  },
  "chat.update": {
    token: "bot",
    scopes: ["chat:write"],
    required: { channel: "channel", ts: "ts" },
    optional: {
      text: "string",
      blocks: "array",
      metadata: "object",
      parse: "string",
      link_names: "boolean",
      reply_broadcast: "boolean",
    },
  },
  "conversations.history": {
    token: "bot",
    scopes: ["channels:history"],
    required: { channel: "channel" },
    optional: {
      cursor: "string",
      limit: "integer",
      oldest: "ts",
      latest: "ts",
      inclusive: "boolean",
      include_all_metadata: "boolean",
    },
  },
  "conversations.replies": {
    token: "bot",
    scopes: ["channels:history"],
    required: { channel: "channel", ts: "ts" },
    optional: {
      cursor: "string",
      limit: "integer",
      oldest: "ts",
      latest: "ts",
      inclusive: "boolean",
      include_all_metadata: "boolean",
    },
  },
  "conversations.info": {
    token: "bot",
    scopes: ["channels:read"],
    required: { channel: "channel" },
    optional: { include_locale: "boolean", include_num_members: "boolean" },
  },
  "users.info": {
    token: "bot",
    scopes: ["users:read"],
    required: { user: "user" },
    optional: { include_locale: "boolean" },
  },
  "files.getUploadURLExternal": {
    token: "bot",
    scopes: ["files:write"],
    required: { filename: "string", length: "integer" },
    optional: { alt_txt: "string", snippet_type: "string" },
  },
  "files.completeUploadExternal": {
    token: "bot",
    scopes: ["files:write"],
    required: { files: "array" },
    optional: {
      channel_id: "channel",
      channels: "string",
      thread_ts: "ts",
      initial_comment: "string",
      blocks: "array",
    },
  },
  "files.info": {
    token: "bot",
    scopes: ["files:read"],
    required: { file: "file" },
    optional: { count: "integer", page: "integer", limit: "integer", cursor: "string" },
  },
};

export type Args = Record<string, unknown>;

/** The arguments in their own types, or what is wrong with them. */
export function readArgs(
  method: string,
  fields: ReadonlyMap<string, string>,
): { readonly args: Args } | { readonly wrong: string } {
  const spec = methodSpecs[method];
  if (spec === undefined) return { wrong: `unknown method ${method}` };
  const args: Args = {};
  for (const [name, text] of fields) {
    if (name === "token") continue;
    const type = spec.required[name] ?? spec.optional[name];
    if (type === undefined) return { wrong: `unexpected argument ${name}` };
    const value = readArg(text, type);
    if (value === undefined) return { wrong: `argument ${name} is no ${type}: ${text.slice(0, 80)}` };
    args[name] = value;
  }
  const missing = Object.keys(spec.required).find((name) => !(name in args));
  return missing === undefined ? { args } : { wrong: `argument ${missing} is missing` };
}

function readArg(text: string, type: ArgType): unknown {
  switch (type) {
    case "string":
      return text;
    case "integer":
      return /^\d+$/.test(text) ? Number(text) : undefined;
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : undefined;
    case "channel":
      return /^[CDG][A-Z0-9]+$/.test(text) ? text : undefined;
    case "user":
      return /^[UW][A-Z0-9]+$/.test(text) ? text : undefined;
    case "file":
      return /^F[A-Z0-9]+$/.test(text) ? text : undefined;
    case "ts":
      return /^\d{10}\.\d{6}$/.test(text) ? text : undefined;
    case "object":
    case "array":
      return readJson(text, type);
  }
}

function readJson(text: string, type: "object" | "array"): unknown {
  try {
    const value = JSON.parse(text) as JsonObject | readonly unknown[] | null;
    if (value === null || typeof value !== "object") return undefined;
    return Array.isArray(value) === (type === "array") ? value : undefined;
  } catch {
    return undefined;
  }
}
