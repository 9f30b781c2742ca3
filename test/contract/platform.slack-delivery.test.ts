import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { ChatPlatform } from "../../src/chat/platform.js";
import type { Message } from "../../src/message/message.js";
import type { MessageRef, Post } from "../../src/message/post.js";
import type { Fault } from "../support/fake-slack/fault-book.js";
import type { FakeSlack } from "../support/fake-slack/fake-slack.js";
import { startFakeSlack } from "../support/fake-slack/fake-slack.js";
import type { FakeSlackOptions } from "../support/fake-slack/create-world.js";
import { slackPlatformAt } from "../support/slack-rig.js";
import type { LogLine } from "../support/slack-rig.js";

let slack: FakeSlack;
let platform: ChatPlatform & { readonly lines: readonly LogLine[] };

beforeEach(() => open());
afterEach(async () => {
  await platform.stop();
  await slack.stop();
});

const to = { platform: "slack", address: "C0TRAINING" };
const second = { platform: "slack", address: "C0SECOND" };

describe("what became of a post", () => {
  const rows: readonly (readonly [why: string, fault: Fault, outcome: object])[] = [
    ["a 429 says when", { kind: "rate-limited", seconds: 7 }, { kind: "retry", afterMs: 7_000 }],
    [
      "a 429 without a time counts as half a minute",
      { kind: "rate-limited", seconds: undefined },
      { kind: "retry", afterMs: 30_000 },
    ],
    ["a 500 may have stored it", { kind: "http", status: 500 }, { kind: "unclear" }],
    ["a 503 may have stored it", { kind: "http", status: 503 }, { kind: "unclear" }],
    ["a cut line may have stored it", { kind: "cut" }, { kind: "unclear" }],
    ["no answer in time may have stored it", { kind: "hang" }, { kind: "unclear" }],
    ["an answer that is no JSON is a proxy's", { kind: "garbage" }, { kind: "unclear" }],
    ["a fatal_error may have stored it", { kind: "error", error: "fatal_error" }, { kind: "unclear" }],
    ["ratelimited in the body is a 429", { kind: "error", error: "ratelimited" }, { kind: "retry" }],
    [
      "a service that is not there is asked later",
      { kind: "error", error: "service_unavailable" },
      { kind: "retry" },
    ],
    [
      "a token that lost a scope may get it again",
      { kind: "error", error: "missing_scope", more: { needed: "chat:write" } },
      { kind: "retry" },
    ],
    ["a refused token may be replaced", { kind: "error", error: "token_revoked" }, { kind: "retry" }],
    ["a missing method is a wrong address", { kind: "http", status: 404 }, { kind: "retry" }],
    ["a place without the bot is final", { kind: "error", error: "not_in_channel" }, { kind: "rejected" }],
    ["a policy is final", { kind: "error", error: "restricted_action" }, { kind: "rejected" }],
    ["an unknown refusal is final", { kind: "error", error: "some_new_error" }, { kind: "rejected" }],
  ];
  it.each(rows)("%s", async (_why, fault, outcome) => {
    slack.faults.next("chat.postMessage", fault);
    expect(await platform.deliver(post("one"), to)).toMatchObject(outcome);
    expect(slack.faults.met()).toBe(true);
    expect(slack.calls.filter((call) => call.method === "chat.postMessage")).toHaveLength(1);
  });

  it.each([
    ["C0NOTIN", "not_in_channel"],
    ["C0ARCHIVED", "is_archived"],
    ["C0UNKNOWN", "channel_not_found"],
  ])("names why %s takes no posts", async (address, error) => {
    const outcome = await platform.deliver(post("one"), { platform: "slack", address });
    expect(outcome).toEqual({ kind: "rejected", reason: `Slack answers ${error}` });
  });

  it("is a later try, not a doubt, when Slack cannot be reached at all", async () => {
    await slack.outage();
    // The first may meet a connection that was kept open, and cannot know how far it came.
    await platform.deliver(post("one"), to);
    expect(await platform.deliver(post("one"), to)).toMatchObject({ kind: "retry" });
    await slack.back();
    expect(await platform.deliver(post("one"), to)).toMatchObject({ kind: "delivered" });
  });

  it("shows a refused token in the health, in words, and shows it gone when a post succeeds", async () => {
    slack.faults.next("chat.postMessage", { kind: "error", error: "account_inactive" });
    await platform.deliver(post("one"), to);
    expect(platform.health()).toMatchObject({ state: "unauthorised" });
    expect(platform.health().detail).toContain("SLACK_BOT_TOKEN");
    await platform.deliver(post("one"), to);
    expect(platform.health()).toMatchObject({ state: "up" });
  });

  it("finds by its entry a post that was stored although the answer was lost, so nothing is said twice", async () => {
    for (const kind of ["lost", "lost-500"] as const) {
      slack.faults.next("chat.postMessage", { kind });
      const root = await platform.deliver(post(kind), to);
      expect(root.kind).toBe("unclear");
      const found = await platform.find?.(`entry-${kind}`, to);
      expect(found?.id).toBe(slack.messages().at(-1)?.ts);
    }
    expect(slack.messages()).toHaveLength(2);
  });

  it("does not believe another app's bot that claims an entry", async () => {
    const { ref } = await delivered(post("mine"));
    const stored = slack.messages()[0]!;
    const claim = { event_type: "tb_post", event_payload: { v: 1, entry: "entry-claimed" } };
    slack.world.messages.push({ ...stored, ts: "1795000000.000001", botId: "B0OTHER", metadata: claim });
    expect(await platform.find?.("entry-claimed", to)).toBeUndefined();
    expect((await platform.find?.("entry-mine", to))?.id).toBe(ref.id);
  });

  it("finds a post behind several pages, and tells a question that failed from a post that is missing", async () => {
    const { ref } = await delivered(post("old"));
    const { ref: inThread } = await delivered({ ...post("reply"), replyTo: ref });
    const other = { ...slack.messages()[0]!, metadata: undefined };
    for (let at = 0; at < 450; at += 1)
      slack.world.messages.push({ ...other, ts: `${1_799_000_000 + at}.000001` });
    expect((await platform.find?.("entry-old", to))?.id).toBe(ref.id);
    expect((await platform.find?.("entry-reply", to, ref))?.id).toBe(inThread.id);
    slack.faults.next("conversations.history", { kind: "rate-limited", seconds: 3 });
    await expect(platform.find?.("entry-old", to)).rejects.toThrow("could not be asked");
  });
});

describe("pace", () => {
  it("keeps a 429 of one channel from every other, and asks the held channel nothing until the time is over", async () => {
    slack.faults.next("chat.postMessage", { kind: "rate-limited", seconds: 5 }, { channel: to.address });
    expect(await platform.deliver(post("a"), to)).toMatchObject({ kind: "retry", afterMs: 5_000 });
    expect(await platform.deliver(post("b"), second)).toMatchObject({ kind: "delivered" });
    const held = await platform.deliver(post("a"), to);
    expect(held).toMatchObject({ kind: "retry" });
    expect(slack.calls.filter((call) => call.method === "chat.postMessage")).toHaveLength(2);
  });

  it("keeps a 429 of edits from new posts", async () => {
    const { ref } = await delivered(post("root"));
    slack.faults.next("chat.update", { kind: "rate-limited", seconds: 5 });
    expect(await platform.deliver({ ...post("edit"), edits: ref }, to)).toMatchObject({
      kind: "retry",
      afterMs: 5_000,
    });
    expect(await platform.deliver(post("other"), to)).toMatchObject({ kind: "delivered" });
  });
});

describe("edits", () => {
  it("are asked for again after a lost answer, because saying them twice says nothing new", async () => {
    const { ref } = await delivered(post("root"));
    slack.faults.next("chat.update", { kind: "lost" });
    expect(await platform.deliver({ ...post("edit"), edits: ref }, to)).toMatchObject({ kind: "retry" });
    expect(await platform.deliver({ ...post("edit"), edits: ref }, to)).toMatchObject({ kind: "delivered" });
  });

  it("keep the entry that the message is found by", async () => {
    const { ref } = await delivered(post("root"));
    await delivered({ ...post("edit"), edits: ref });
    expect(slack.messages()[0]).toMatchObject({
      edits: 1,
      metadata: { event_type: "tb_post", event_payload: { v: 1, entry: "entry-root" } },
    });
  });

  it("of a message that a person deleted are given up", async () => {
    const { ref } = await delivered(post("root"));
    slack.world.messages.length = 0;
    expect(await platform.deliver({ ...post("edit"), edits: ref }, to)).toMatchObject({
      kind: "rejected",
      gone: true,
    });
  });

  it("stay within what an edit may hold", async () => {
    const { ref } = await delivered(post("root"));
    await delivered({
      entryId: "long",
      message: { tone: "info", headline: "<&>".repeat(5_000), blocks: [] },
      edits: ref,
    });
    expect(slack.messages()[0]?.text.length).toBeLessThanOrEqual(4_000);
    expect(slack.messages()[0]?.text).toMatch(/^(?:&lt;|&amp;|&gt;)+…$/);
  });
});

describe("content that is refused", () => {
  it("is sent once more in the oldest block types, then as plain text, then given up", async () => {
    slack.faults.next("chat.postMessage", { kind: "error", error: "invalid_blocks" });
    await delivered(post("base"));
    expect(
      slack
        .messages()
        .at(-1)
        ?.blocks.map((block) => block["type"]),
    ).toEqual(["section", "section"]);
    slack.faults.next("chat.postMessage", { kind: "error", error: "invalid_blocks" }, { times: 2 });
    await delivered(post("text"));
    expect(slack.messages().at(-1)).toMatchObject({ blocks: [], text: "headline text\nbody" });
    slack.faults.next("chat.postMessage", { kind: "error", error: "invalid_blocks" }, { times: 3 });
    expect(await platform.deliver(post("never"), to)).toMatchObject({ kind: "rejected" });
    expect(slack.faults.met()).toBe(true);
  });

  it("for its metadata goes without", async () => {
    slack.faults.next("chat.postMessage", { kind: "error", error: "metadata_must_be_sent_from_app" });
    await delivered(post("bare"));
    expect(slack.messages()[0]?.metadata).toBeUndefined();
  });

  it("because the thread's root is gone says so, for edits and for replies", async () => {
    const gone: MessageRef = { channel: to.address, id: "1795000000.000001" };
    expect(await platform.deliver({ ...post("reply"), replyTo: gone }, to)).toMatchObject({
      kind: "rejected",
      gone: true,
    });
    expect(await platform.deliver({ ...post("edit"), edits: gone }, to)).toMatchObject({
      kind: "rejected",
      gone: true,
    });
  });
});

describe("pictures", () => {
  it("are waited for until Slack has processed them, and shown without ever being refused", async () => {
    await reopen({ fileReadyAfterPolls: 3 });
    const picture = await uploaded();
    await delivered({ ...post("chart"), picture });
    const image = slack.messages()[0]?.blocks.at(-1);
    expect(image).toMatchObject({ type: "image", alt_text: "loss, last 0.31" });
    expect(slack.files[0]).toMatchObject({ filename: "loss.png", length: 8, polls: 3 });
    expect(slack.problems).toEqual([]);
  });

  it("that take too long are asked for again later, without a second upload", async () => {
    await reopen({ fileReadyAfterPolls: 25 });
    const first = await platform.upload?.(png, to);
    expect(first).toMatchObject({ kind: "retry" });
    let outcome = first;
    for (let tries = 0; tries < 5 && outcome?.kind === "retry"; tries += 1)
      outcome = await platform.upload?.(png, to);
    expect(outcome).toMatchObject({ kind: "uploaded" });
    expect(slack.files).toHaveLength(1);
  });

  it("that Slack refuses after calling them ready are tried later, at last the text goes without", async () => {
    const picture = await uploaded();
    const messages = ["[ERROR] invalid slack file [json-pointer:/blocks/2/slack_file]"];
    const refused: Fault = {
      kind: "error",
      error: "invalid_blocks",
      more: { response_metadata: { messages } },
    };
    slack.faults.next("chat.postMessage", refused);
    expect(await platform.deliver({ ...post("once"), picture }, to)).toMatchObject({
      kind: "retry",
      afterMs: 1_000,
    });
    await delivered({ ...post("once"), picture });
    expect(slack.messages()[0]?.blocks.at(-1)).toMatchObject({ type: "image" });
    const other = await uploaded({ ...png, name: "other.png" });
    slack.faults.always("chat.postMessage", refused);
    const outcomes: string[] = [];
    for (let tries = 0; tries < 6; tries += 1)
      outcomes.push((await platform.deliver({ ...post("never"), picture: other }, to)).kind);
    expect(outcomes.slice(0, 5)).toEqual(["retry", "retry", "retry", "retry", "retry"]);
    const bodies = slack.calls.filter((call) => call.method === "chat.postMessage");
    expect(JSON.stringify(bodies.at(-1)?.args["blocks"] ?? "")).not.toContain("slack_file");
  });

  const uploadRows: readonly { why: string; method: string; fault: Fault; outcome: string }[] = [
    {
      why: "a full pace is waited for",
      method: "files.getUploadURLExternal",
      fault: { kind: "rate-limited", seconds: 3 },
      outcome: "retry",
    },
    {
      why: "a failed upload is tried again",
      method: "upload",
      fault: { kind: "http", status: 500 },
      outcome: "retry",
    },
    { why: "a cut upload is tried again", method: "upload", fault: { kind: "cut" }, outcome: "retry" },
    {
      why: "a lost completion is tried again",
      method: "files.completeUploadExternal",
      fault: { kind: "lost" },
      outcome: "retry",
    },
    {
      why: "forbidden uploads are final",
      method: "files.getUploadURLExternal",
      fault: { kind: "error", error: "file_uploads_disabled" },
      outcome: "rejected",
    },
    {
      why: "full storage is final",
      method: "files.completeUploadExternal",
      fault: { kind: "error", error: "storage_limit_reached" },
      outcome: "rejected",
    },
  ];
  it.each(uploadRows)("$why", async ({ method, fault, outcome }) => {
    slack.faults.next(method, fault);
    expect((await platform.upload?.(png, to))?.kind).toBe(outcome);
    expect(slack.faults.met()).toBe(true);
    if (outcome === "retry") expect((await platform.upload?.(png, to))?.kind).toBe("uploaded");
  });
});

describe("a server that lacks methods", () => {
  it("still gets the alert: no uploads, no edits, no histories, each named once in the log", async () => {
    await reopen({
      missing: [
        "files.getUploadURLExternal",
        "chat.update",
        "conversations.history",
        "conversations.replies",
        "users.info",
        "conversations.info",
      ],
    });
    const { ref } = await delivered(post("alert"));
    for (let again = 0; again < 2; again += 1) {
      expect(await platform.upload?.(png, to)).toMatchObject({ kind: "rejected" });
      expect(await platform.deliver({ ...post("edit"), edits: ref }, to)).toMatchObject({ kind: "rejected" });
      expect(await platform.find?.("entry-alert", to)).toBeUndefined();
      expect(await platform.find?.("entry-alert", to, ref)).toBeUndefined();
    }
    const named = platform.lines
      .filter((line) => line.event === "slack_degraded")
      .map((line) => ("subject" in line.facts ? line.facts.subject : ""));
    expect(named).toEqual(["uploads", "edits", "find"]);
  });

  it("takes a picture on trust where it cannot be asked whether it is ready", async () => {
    await reopen({ missing: ["files.info"], fileReadyAfterPolls: 0 });
    await delivered({ ...post("chart"), picture: await uploaded() });
    expect(slack.messages()[0]?.blocks.at(-1)).toMatchObject({ type: "image" });
  });
});

async function open(options: FakeSlackOptions = {}): Promise<void> {
  slack = await startFakeSlack(options);
  platform = slackPlatformAt(slack);
  await platform.start(() => Promise.reject(new Error("nobody speaks here")));
}

async function reopen(options: FakeSlackOptions): Promise<void> {
  await platform.stop();
  await slack.stop();
  await open(options);
}

function post(word: string): Post {
  const message: Message = {
    tone: "info",
    headline: `headline ${word}`,
    blocks: [{ kind: "text", content: ["body"] }],
  };
  return { entryId: `entry-${word}`, message };
}

async function delivered(one: Post) {
  const outcome = await platform.deliver(one, to);
  if (outcome.kind !== "delivered") throw new Error(`not delivered: ${JSON.stringify(outcome)}`);
  return outcome;
}

async function uploaded(picture: typeof png = png) {
  const outcome = await platform.upload?.(picture, to);
  if (outcome?.kind !== "uploaded") throw new Error(`not uploaded: ${JSON.stringify(outcome)}`);
  return outcome.picture;
}

const png = {
  kind: "png" as const,
  png: Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
  name: "loss.png",
  alt: "loss, last 0.31",
};
