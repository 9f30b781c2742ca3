import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";

import type { FakeSlackOptions } from "../support/fake-slack/create-world.js";
import type { FakeSlack } from "../support/fake-slack/fake-slack.js";
import { startFakeSlack } from "../support/fake-slack/fake-slack.js";
import { isObject, str } from "../support/fake-slack/world.js";
import type { JsonObject } from "../support/fake-slack/world.js";

let slack: FakeSlack;
beforeEach(() => open());
afterEach(() => slack.stop());

describe("the fake Slack refuses what Slack refuses", () => {
  const text = "hello";
  const section = (value: string, type = "mrkdwn") => ({ type: "section", text: { type, text: value } });
  const table = { type: "table", rows: [[{ type: "raw_text", text: "a" }]] };
  const rich = (element: JsonObject) => ({
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: [element] }],
  });

  it.each([
    ["a channel nobody knows", { channel: "C0UNKNOWN", text }, "channel_not_found"],
    ["a channel without the bot", { channel: "C0NOTIN", text }, "not_in_channel"],
    ["an archived channel", { channel: "C0ARCHIVED", text }, "is_archived"],
    ["a channel by its name", { channel: "#training", text }, "invalid_arguments"],
    ["no channel", { text }, "invalid_arguments"],
    ["no content", { channel: "C0TRAINING" }, "no_text"],
    ["an unknown argument", { channel: "C0TRAINING", text, colour: "red" }, "invalid_arguments"],
    ["a boolean that is none", { channel: "C0TRAINING", text, unfurl_links: "yes" }, "invalid_arguments"],
    [
      "a thread timestamp that lost its digits",
      { channel: "C0TRAINING", text, thread_ts: "1795000000.1" },
      "invalid_arguments",
    ],
    [
      "a thread that does not exist",
      { channel: "C0TRAINING", text, thread_ts: "1795000000.000001" },
      "thread_not_found",
    ],
    [
      "metadata without a type",
      { channel: "C0TRAINING", text, metadata: { event_payload: {} } },
      "invalid_metadata_format",
    ],
    [
      "nested metadata",
      { channel: "C0TRAINING", text, metadata: { event_type: "x", event_payload: { a: { b: 1 } } } },
      "invalid_metadata_schema",
    ],
    [
      "large metadata",
      { channel: "C0TRAINING", text, metadata: { event_type: "x", event_payload: { a: "x".repeat(5_000) } } },
      "metadata_too_large",
    ],
  ])("%s", async (_what, args, error) => {
    expect(await call("chat.postMessage", args)).toMatchObject({ ok: false, error });
    expect(slack.messages()).toEqual([]);
  });

  it.each([
    ["51 blocks", Array.from({ length: 51 }, () => ({ type: "divider" })), "/blocks"],
    ["3001 characters", [section("x".repeat(3_001))], "/blocks/0/text/text"],
    ["an empty text", [section("")], "/blocks/0/text/text"],
    ["half a character", [section("\uD83D")], "/blocks/0/text/text"],
    ["an unknown block", [{ type: "chart" }], "/blocks/0/type"],
    ["an unknown property", [{ ...section("a"), colour: "red" }], "/blocks/0"],
    [
      "the same block id twice",
      [
        { ...section("a"), block_id: "b" },
        { ...section("b"), block_id: "b" },
      ],
      "/blocks/1",
    ],
    ["a header in markup", [{ type: "header", text: { type: "mrkdwn", text: "a" } }], "/blocks/0/text/type"],
    [
      "151 characters of header",
      [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }],
      "/blocks/0/text/text",
    ],
    [
      "eleven small prints",
      [{ type: "context", elements: Array.from({ length: 11 }, () => ({ type: "plain_text", text: "a" })) }],
      "/blocks/0/elements",
    ],
    [
      "101 rows",
      [{ type: "table", rows: Array.from({ length: 101 }, () => [{ type: "raw_text", text: "a" }]) }],
      "/blocks/0/rows",
    ],
    [
      "21 columns",
      [{ type: "table", rows: [Array.from({ length: 21 }, () => ({ type: "raw_text", text: "a" }))] }],
      "/blocks/0/rows/0",
    ],
    [
      "an empty cell",
      [{ type: "table", rows: [[{ type: "raw_text", text: "" }]] }],
      "/blocks/0/rows/0/0/text",
    ],
    ["an empty rich text", [rich({ type: "text", text: "" })], "/blocks/0/elements/0/elements/0/text"],
    ["a script as a link", [rich({ type: "link", url: "javascript:x" })], "/blocks/0/elements/0/elements/0"],
    [
      "an image without words",
      [{ type: "image", image_url: "https://a.example/a.png" }],
      "/blocks/0/alt_text",
    ],
    [
      "a file nobody knows",
      [{ type: "image", slack_file: { id: "F0123456789" }, alt_text: "a" }],
      "/blocks/0/slack_file",
    ],
  ])("%s, and says where", async (_what, blocks, pointer) => {
    const answer = await call("chat.postMessage", { channel: "C0TRAINING", text, blocks });
    expect(answer).toMatchObject({ ok: false, error: "invalid_blocks" });
    expect(JSON.stringify(answer)).toContain(`[json-pointer:${pointer}]`);
  });

  it("two tables, and too much text", async () => {
    expect(
      await call("chat.postMessage", { channel: "C0TRAINING", text, blocks: [table, table] }),
    ).toMatchObject({ error: "only_one_table_allowed" });
    const long = Array.from({ length: 5 }, () => section("x".repeat(3_000)));
    expect(await call("chat.postMessage", { channel: "C0TRAINING", text, blocks: long })).toMatchObject({
      error: "msg_blocks_too_long",
    });
  });

  it("tokens by their kind, unknown ones, none, and scopes that are not granted", async () => {
    const { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app } = slack.env;
    expect(await call("apps.connections.open", {}, bot)).toMatchObject({ error: "not_allowed_token_type" });
    expect(await call("chat.postMessage", { channel: "C0TRAINING", text }, app)).toMatchObject({
      error: "not_allowed_token_type",
    });
    expect(await call("auth.test", {}, "xoxb-other")).toMatchObject({ error: "invalid_auth" });
    expect(await call("auth.test", {}, "")).toMatchObject({ error: "not_authed" });
    await slack.stop();
    await open({ scopes: ["chat:write"] });
    expect(await call("files.info", { file: "F0123456789" })).toMatchObject({
      error: "missing_scope",
      needed: "files:read",
      provided: "chat:write",
    });
  });

  it("edits that are too long, of nothing, or of somebody else's words; and notes the careless ones", async () => {
    const { ts } = await ok("chat.postMessage", { channel: "C0TRAINING", text });
    const edit = { channel: "C0TRAINING", ts, text, parse: "none" };
    expect(await call("chat.update", { ...edit, text: "x".repeat(4_001) })).toMatchObject({
      error: "msg_too_long",
    });
    expect(await call("chat.update", { ...edit, ts: "1795000000.000001" })).toMatchObject({
      error: "message_not_found",
    });
    await ok("chat.update", edit);
    expect(slack.problems).toEqual([]);
    await ok("chat.update", { channel: "C0TRAINING", ts, text });
    expect(slack.problems).toEqual([expect.stringContaining("parse none")]);
  });

  it("a ticket that was used", async () => {
    const { url } = await ok("apps.connections.open", {}, slack.env.SLACK_APP_TOKEN);
    const first = new WebSocket(str(url));
    await new Promise((resolve) => first.once("message", resolve));
    const second = new WebSocket(str(url));
    const refused = await new Promise((resolve) => second.once("error", resolve));
    expect(String(refused)).toContain("408");
    first.terminate();
  });

  it("a picture before it is processed, then shows it", async () => {
    await slack.stop();
    await open({ fileReadyAfterPolls: 2 });
    const { upload_url: url, file_id: id } = await ok("files.getUploadURLExternal", {
      filename: "a.png",
      length: 4,
    });
    expect(await call("files.completeUploadExternal", { files: [{ id: str(id) }] })).toMatchObject({
      error: "file_update_failed",
    });
    expect((await fetch(str(url), { method: "POST", body: "abc" })).status).toBe(400);
    expect((await fetch(str(url), { method: "POST", body: "abcd" })).status).toBe(200);
    expect((await fetch(str(url), { method: "POST", body: "abcd" })).status).toBe(404);
    await ok("files.completeUploadExternal", { files: [{ id: str(id) }] });
    const show = {
      channel: "C0TRAINING",
      text,
      blocks: [{ type: "image", slack_file: { id: str(id) }, alt_text: "a" }],
    };
    expect(JSON.stringify(await call("chat.postMessage", show))).toContain("invalid slack file");
    expect(await ok("files.info", { file: id })).toMatchObject({ file: { mimetype: "" } });
    expect(await ok("files.info", { file: id })).toMatchObject({ file: { mimetype: "image/png" } });
    await ok("chat.postMessage", show);
  });

  it("methods it does not know, or is told not to have", async () => {
    expect(await call("chat.delete", {})).toMatchObject({ error: "unknown_method" });
    await slack.stop();
    await open({ missing: ["chat.update"] });
    expect(await call("chat.update", { channel: "C0TRAINING", ts: "1795000000.000001", text })).toMatchObject(
      { error: "unknown_method" },
    );
  });
});

it("keeps what is asked for with metadata to those who ask for it, page by page", async () => {
  for (const word of ["one", "two", "three"]) {
    await ok("chat.postMessage", {
      channel: "C0TRAINING",
      text: word,
      metadata: { event_type: "tb_post", event_payload: { entry: word } },
    });
  }
  const bare = await ok("conversations.history", { channel: "C0TRAINING", limit: 2 });
  expect(JSON.stringify(bare)).not.toContain("tb_post");
  expect(texts(bare)).toEqual(["three", "two"]);
  const cursor = isObject(bare["response_metadata"]) ? str(bare["response_metadata"]["next_cursor"]) : "";
  const rest = await ok("conversations.history", {
    channel: "C0TRAINING",
    limit: 2,
    cursor,
    include_all_metadata: true,
  });
  expect(texts(rest)).toEqual(["one"]);
  expect(JSON.stringify(rest)).toContain("tb_post");
});

async function open(options: FakeSlackOptions = {}): Promise<void> {
  slack = await startFakeSlack(options);
}

async function call(
  method: string,
  args: JsonObject,
  token: string = slack.env.SLACK_BOT_TOKEN,
): Promise<JsonObject> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(args))
    form.set(name, typeof value === "string" ? value : JSON.stringify(value));
  const headers: Record<string, string> = token === "" ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${slack.url}${method}`, { method: "POST", body: form, headers });
  const answer: unknown = await response.json();
  return isObject(answer) ? answer : {};
}

async function ok(method: string, args: JsonObject, token?: string): Promise<JsonObject> {
  const answer = await call(method, args, token);
  expect(answer).toMatchObject({ ok: true });
  return answer;
}

function texts(answer: JsonObject): readonly string[] {
  const { messages } = answer;
  return Array.isArray(messages)
    ? (messages as readonly unknown[]).filter(isObject).map((message) => str(message["text"]))
    : [];
}
