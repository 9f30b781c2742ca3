import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CommandRequest, Reply } from "../../src/commands/command.js";
import type { Message } from "../../src/message/message.js";
import type { MessageRef } from "../../src/message/post.js";
import { dingtalkLimits } from "../../src/chat/dingtalk/dingtalk-limits.js";
import { dingTalkPlatformAt } from "../support/dingtalk-rig.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";
import { liveMarkdown } from "../support/fake-dingtalk/live-markdown.js";
import { createManualTimers, type ManualTimers } from "../support/manual-timers.js";
import { hostileTexts } from "./platform-hostile.js";

const create = "/v1.0/card/instances/createAndDeliver";

/** The ways out beside the group's message, which the platform contract looks at: a name is as harmless on each. */
describe("a hostile name in DingTalk", () => {
  let fake: FakeDingTalk;
  let platform: ReturnType<typeof dingTalkPlatformAt>;
  let time: ManualTimers;
  let answer: (request: CommandRequest) => Promise<Reply>;
  const to = () => ({ platform: "dingtalk", address: fake.group });
  const named = (text: string): Message => ({
    tone: "critical",
    headline: text,
    blocks: [
      { kind: "text", content: [text, { kind: "strong", text }, { kind: "link", url: text, text }] },
      { kind: "facts", facts: [{ label: text, value: [{ kind: "code", text }] }] },
      { kind: "list", items: [[text]] },
      { kind: "table", columns: [text, text], rows: [[text, text]] },
      { kind: "note", content: [text] },
    ],
  });
  /** What a message of ours says to the person it is about is not the name's doing. */
  const told = (text: string): Message => ({
    ...named(text),
    blocks: [...named(text).blocks, { kind: "text", content: [{ kind: "mention", id: "u2" }] }],
  });
  beforeEach(async () => {
    fake = await startFakeDingTalk();
    time = createManualTimers();
    answer = () => Promise.reject(new Error("nobody asks"));
    platform = dingTalkPlatformAt(fake, {
      cardTemplateId: "fake-template.schema",
      clock: time,
      timers: time,
      ding: "app",
    });
    await platform.start((request) => answer(request));
  });
  afterEach(async () => {
    await platform.stop();
    expect(fake.problems()).toEqual([]);
    await fake.stop();
  });

  it("is inert on a card, made and updated, within the room that a value has, and mentions nobody", async () => {
    for (const [text, tries] of hostileTexts) {
      const outcome = await platform.deliver(
        { entryId: `card ${tries}`, message: named(text), opens: true, mention: [text] },
        to(),
      );
      if (outcome.kind !== "delivered") throw new Error(outcome.reason);
      const root: MessageRef = outcome.ref;
      const card = fake.world.cards.get(root.id);
      const inert = (): void => {
        for (const [name, value] of Object.entries(card?.values ?? {})) {
          expect(liveMarkdown(value), `${name}: ${tries}`).toEqual([]);
          expect(Buffer.byteLength(value)).toBeLessThanOrEqual(dingtalkLimits.cardValueBytes);
        }
      };
      inert();
      expect(card?.at).toEqual([]);
      expect(Buffer.byteLength(card?.values["body"] ?? "")).toBeGreaterThan(0);
      time.advance(60);
      const edit = { entryId: `edit ${tries}`, message: named(`${text}.`), edits: root };
      expect((await platform.deliver(edit, to())).kind).toBe("delivered");
      await fake.until(() => card?.updates === 1);
      inert();
    }
    // What a phone shows without opening the card.
    for (const { body } of fake.calls.filter(({ path }) => path === create)) {
      const { lastMessageI18n, notification } = body["imGroupOpenSpaceModel"] as {
        readonly lastMessageI18n: Readonly<Record<string, string>>;
        readonly notification: { readonly alertContent: string };
      };
      for (const value of [...Object.values(lastMessageI18n), notification.alertContent])
        expect(liveMarkdown(value)).toEqual([]);
    }
  });

  it("is inert in an answer, by the session and by the API, and names nobody but the asker", async () => {
    let asked = 0;
    answer = () =>
      Promise.resolve({ message: named(hostileTexts[asked++ >> 1]?.[0] ?? ""), visibility: "everybody" });
    for (const [, tries] of hostileTexts) {
      const before = fake.messages().length;
      await fake.says({ text: "status" });
      await fake.until(() => fake.messages().length === before + 1);
      await fake.says({ text: "status", more: { sessionWebhookExpiredTime: 1 } });
      await fake.until(() => fake.messages().length === before + 2);
      const [bySession, byApi] = fake.messages().slice(before);
      expect([bySession?.via, byApi?.via]).toEqual(["session", "group"]);
      expect([bySession?.at, byApi?.at], tries).toEqual([["u1"], []]);
      for (const { title = "", text = "" } of [bySession ?? {}, byApi ?? {}])
        expect([...liveMarkdown(title), ...liveMarkdown(text.replace(/\n\n@u1$/, ""))], tries).toEqual([]);
    }
  });

  it("is inert in what a person is told directly, and one line of a DING's plain text", async () => {
    for (const [at, [text, tries]] of hostileTexts.entries()) {
      await platform.deliver({ entryId: `alert ${tries}`, message: told(text) }, to());
      await fake.until(() => fake.messages("u2").length === at + 1);
      const note = fake.messages("u2")[at];
      expect([...liveMarkdown(note?.title ?? ""), ...liveMarkdown(note?.text ?? "")], tries).toEqual([]);
      const ding = { entryId: `ding ${tries}`, message: named(text), presses: ["u2", text] };
      expect(await platform.deliver(ding, to())).toMatchObject({ kind: "delivered" });
      const { receiverUserIdList, content } = fake.world.dings[at] ?? {};
      expect(receiverUserIdList).toEqual(["u2"]);
      // The headline and the one note.
      expect(String(content).split("\n").length, tries).toBeLessThanOrEqual(2);
      expect(String(content).replaceAll("\n", ""), tries).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });
});
