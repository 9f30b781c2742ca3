import { describe, expect, it } from "vitest";
import { dispatch } from "../../../src/commands/dispatch.js";
import { asks, heldRun, member, operator, world } from "../../support/command-ports.js";
import { messageText } from "../../support/message-text.js";

describe("dispatch", () => {
  it("answers an empty line with help, to the asker", async () => {
    const reply = await dispatch(asks(member, ""), world());
    expect(reply.visibility).toBe("asker");
    expect(messageText(reply.message)).toContain("/tb status [run]");
  });

  it("names the nearest command where there is none of that name", async () => {
    const reply = await dispatch(asks(member, "/tb statsu run42"), world());
    expect(reply.visibility).toBe("asker");
    expect(messageText(reply.message)).toContain('There is no command "statsu".');
    expect(messageText(reply.message)).toContain("Did you mean /tb status [run]?");
  });

  it("answers a Chinese command in Chinese where the place is English", async () => {
    const reply = await dispatch(asks(member, "运行"), world([heldRun("a", [["", "loss", 1]])]));
    expect(reply.message.headline).toBe("1 个运行：1 个进行中，0 条未恢复告警");
  });

  it("uses the place's language, else the default", async () => {
    const here = { ...world(), locale: "zh" as const };
    expect((await dispatch(asks(member, "runs"), here)).message.headline).toBe("还没有运行。");
    const english = asks(member, "runs", { locale: "en" });
    expect((await dispatch(english, here)).message.headline).toBe("No runs yet.");
  });

  it("a failure is one reply with an incident id that the log has too, and no word of its cause", async () => {
    const broken = world();
    broken.runs.list = () => Promise.reject(new Error("redis://secret@host is gone"));
    const reply = await dispatch(asks(operator, "runs"), broken);
    const incident = /incident ([0-9a-f]{8})/.exec(reply.message.headline)?.[1];
    expect(reply.visibility).toBe("asker");
    expect(broken.errors).toMatchObject([{ incident, command: "runs", err: expect.any(Error) as Error }]);
    expect(messageText(reply.message)).not.toContain("secret");
  });

  it("refuses a line that is too long", async () => {
    const reply = await dispatch(asks(member, `status ${"x".repeat(3_000)}`), world());
    expect(reply.message.headline).toBe("That is too long to be a command: 3007 characters, at most 2000.");
  });

  it.each([
    ["quoted", "Run exp/run42: the message you quoted is about it.", "运行 exp/run42：所引用的消息属于它。"],
    [
      "marked",
      "Run exp/run42: the message you quoted carries its mark.",
      "运行 exp/run42：所引用的消息带有它的标记。",
    ],
    [
      "only",
      "Run exp/run42: the only one talked about here in the last hour.",
      "运行 exp/run42：最近一小时这里只谈到它。",
    ],
  ] as const)(
    "says which run it took where a message was %s, and only where it took it",
    async (gathered, en, zh) => {
      const run42 = heldRun("exp/run42", [["", "loss", 1, 0.5]]);
      const ports = world([run42, heldRun("exp/run7", [["", "loss", 1]])]);
      ports.runs.ofThread = () => Promise.resolve(run42.summary.id);
      const say = async (text: string, locale: "en" | "zh"): Promise<string> =>
        messageText((await dispatch(asks(member, text, { gathered, locale }), ports)).message);
      for (const text of ["mute 2h", "status", "chart loss", "alerts", "threshold loss 0.5", "rules"])
        expect(await say(text, "en")).toContain(en);
      expect(await say("mute 2h", "zh")).toContain(zh);
      for (const text of ["mute run7 2h", "status run7", "chart run7 loss", "runs", "help", "whoami"])
        expect(await say(text, "en")).not.toContain(en);
    },
  );

  it("says no such thing in a thread, where the run is plain to see", async () => {
    const run42 = heldRun("exp/run42", [["", "loss", 1]]);
    const ports = world([run42]);
    ports.runs.ofThread = () => Promise.resolve(run42.summary.id);
    expect(messageText((await dispatch(asks(member, "mute 2h"), ports)).message)).not.toContain("quoted");
  });
});
