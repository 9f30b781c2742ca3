import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Command } from "../../src/commands/command.js";
import { commandNamed, commandRegistry } from "../../src/commands/command-registry.js";
import { dispatch } from "../../src/commands/dispatch.js";
import { parseLine } from "../../src/commands/grammar.js";
import { locales } from "../../src/lib/locale.js";
import { admin, asks, episode, guest, heldRun, member, operator, world } from "../support/command-ports.js";
import { messageText } from "../support/message-text.js";

const commands = Object.entries<Command>(commandRegistry);

/** Lines that change something when an admin says them. */
const changes = [
  "mute run42 2h",
  "mute stalled 1d",
  "unmute run42",
  "ack run42",
  "unack run42",
  "threshold loss 0.05",
  "threshold loss > 2.5 for 3 run42",
  "threshold reset loss",
  "watch add /logs/new",
  "watch remove /logs",
];

function busyWorld() {
  const run = heldRun("team/run42", [
    ["train", "loss", 3, 2, 1],
    ["validation", "accuracy", 0.5, 0.7],
  ]);
  const made = world([run, heldRun("team/other", [["", "Loss/train", 1, 2]])]);
  made.alerts.episodes = [episode(run.summary.id, "consecutive_rise", { split: "train" })];
  void made.overrides.put({
    id: "t0",
    scope: { kind: "everyone" },
    rule: "consecutive_rise",
    tags: ["loss"],
    settings: { min_total: 0.2 },
    author: "Ada (slack:UADMIN)",
    at: made.clock.at,
  });
  return made;
}

describe.each(commands)("/tb %s", (name, command) => {
  it("is called by its key, in lower case", () => {
    expect(command.name).toBe(name);
    expect(name).toMatch(/^[a-z]+$/);
  });

  it("has usage and a sentence in both languages, and usage that reads back as itself", () => {
    for (const locale of locales) {
      expect(command.summary[locale]).toMatch(/[.。]$/);
      const line = parseLine(command.usage[locale]);
      expect(line.kind === "words" && commandNamed(line.words[0] ?? "")).toBe(command);
    }
    expect(command.summary.zh).toMatch(/\p{Script=Han}/u);
    expect(command.usage.zh).toMatch(/\p{Script=Han}/u);
  });

  it("has a Chinese alias, and no word that another command has", () => {
    expect(command.aliases.some((alias) => /\p{Script=Han}/u.test(alias))).toBe(true);
    for (const word of [command.name, ...command.aliases]) expect(commandNamed(word)).toBe(command);
  });

  it.each(locales)("answers without words in %s, alone and in a thread", async (locale) => {
    const ports = busyWorld();
    ports.runs.openThread(
      asks(operator, "", { thread: { channel: "C1", id: "1.1" } }),
      [...ports.runs.held.keys()][0]!,
    );
    for (const place of [{}, { thread: { channel: "C1", id: "1.1" } }]) {
      const reply = await dispatch(asks(operator, name, { locale, ...place }), ports);
      expect(reply.message.headline).not.toBe("");
      expect(/\p{Script=Han}/u.test(messageText(reply.message))).toBe(locale === "zh");
    }
    expect(ports.errors).toEqual([]);
  });

  it("survives any words, and what it says stays bounded and names no untrusted control character", async () => {
    const hostile = fc.oneof(
      fc.string({ maxLength: 40, unit: "binary" }),
      fc.constantFrom(
        "<!channel>",
        "__proto__",
        "constructor",
        "\u001b[31mred",
        "\u202egnp.exe",
        "*bold*",
        "run42",
        "loss",
        ">",
        "NaN",
        "-1",
        "9e999",
        "x".repeat(500),
        "reset",
        "2h",
        "for",
        "",
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 6 }), async (words) => {
        const ports = busyWorld();
        const reply = await dispatch(asks(operator, [name, ...words].join(" ")), ports);
        const said = messageText(reply.message);
        expect(ports.errors).toEqual([]);
        expect(said.length).toBeLessThan(6_000);
        expect(reply.message.headline.length).toBeLessThan(600);
        expect(said.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
      { numRuns: 60 },
    );
  });
});

describe("who may change", () => {
  async function isRefused(ports: ReturnType<typeof busyWorld>, request: ReturnType<typeof asks>) {
    const before = await stateOf(ports);
    const reply = await dispatch(request, ports);
    const same = before === (await stateOf(ports));
    return { same, visibility: reply.visibility, said: messageText(reply.message) };
  }

  async function stateOf({ alerts, mutes, overrides, watches }: ReturnType<typeof busyWorld>) {
    return JSON.stringify([
      alerts.episodes,
      await mutes.list(),
      await overrides.list(),
      await watches.list(),
    ]);
  }

  it.each(changes)("guests, strangers and bots cannot: %s", async (line) => {
    for (const kind of ["guest", "stranger", "bot"] as const) {
      const outcome = await isRefused(busyWorld(), asks({ ...guest, kind }, line));
      expect(outcome).toMatchObject({ same: true, visibility: "asker" });
      expect(outcome.said).toContain("can look, but not change anything");
    }
  });

  it.each(changes.filter((line) => /^(threshold|watch)/.test(line)))(
    "members cannot for everyone, and are told the lines for the config: %s",
    async (line) => {
      const outcome = await isRefused(busyWorld(), asks(member, line));
      expect(outcome).toMatchObject({ same: true, visibility: "asker" });
      expect(outcome.said).toContain('    permissions:\n      admins:\n        - "slack:U1"');
    },
  );

  it("members can mute, acknowledge, and set the thresholds of a run in its own thread", async () => {
    const ports = busyWorld();
    const [run] = [...ports.runs.held.keys()];
    ports.runs.openThread(asks(member, "", { thread: { channel: "C1", id: "1.1" } }), run!);
    const inThread = { thread: { channel: "C1", id: "1.1" } };
    for (const line of ["mute 2h", "ack", "threshold loss 0.05", "threshold loss > 3"]) {
      const reply = await dispatch(asks(member, line, inThread), ports);
      expect([line, reply.visibility]).toEqual([line, "everybody"]);
    }
    const elsewhere = await dispatch(asks(member, "threshold loss 0.05 other", inThread), ports);
    expect(elsewhere.message.headline).toBe("This needs an admin of TensorBell.");
  });

  it.each(changes)("an admin and the operator can: %s", async (line) => {
    for (const actor of [admin, operator]) {
      expect((await dispatch(asks(actor, line), busyWorld())).message.headline).not.toMatch(/needs an admin/);
    }
  });
});
