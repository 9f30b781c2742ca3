import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Command } from "../../../src/commands/command.js";
import { commandNamed, commandRegistry } from "../../../src/commands/command-registry.js";
import { dispatch } from "../../../src/commands/dispatch.js";
import { parseLine } from "../../../src/commands/grammar.js";
import { offer, ownWord } from "../../../src/commands/offer.js";
import type { Locale } from "../../../src/lib/locale.js";
import { touchesOf } from "../../../src/commands/touch.js";
import { messageSamples } from "../chat/message-samples.js";
import { chinese, english, run42 } from "../alerts/compose-support.js";
import { asks, episode, heldRun, noon, operator, type World, world } from "../../support/command-ports.js";
import { messageText } from "../../support/message-text.js";

/** Falls, then climbs by so much: good ones a little, bad ones much; for a suggestion. */
function past(name: string, climb: number) {
  const values = Array.from({ length: 60 }, (_, at) => {
    const up = at < 30 ? 0 : (climb * Math.min(at - 29, 5)) / 5;
    return 3 - Math.min(at, 30) / 30 + (at < 35 || climb > 1 ? up : -at / 60);
  });
  const run = heldRun(name, [["", "fid", ...values]], { state: "finished" });
  const step = Float64Array.from(values, (_, at) => at);
  const points = { step, wallTime: step, value: Float64Array.from(values) };
  return { ...run, points: new Map(run.series.map(({ key }) => [key, points])) };
}

const run = heldRun(
  "fit/run42",
  [
    ["", "loss", 3, 2, 1],
    ["", "learning_rate", 0.1, 0.01],
  ],
  { openEpisodes: 20 },
);
const many = Array.from({ length: 20 }, (_, at) => heldRun(`many/${at}`, [["", "loss", 1]]));

/** Something of everything: open alerts, more than a list shows, a mute, settings, past runs. */
async function busy(): Promise<World> {
  const ports = world([run, ...many, ...[0.2, 0.3, 0.25].map((c) => past(`good${c}`, c)), past("bad", 3)]);
  ports.runs.openThread(asks(operator, "", inThread), run.summary.id);
  ports.alerts.episodes = Array.from({ length: 20 }, (_, at) =>
    episode(run.summary.id, "consecutive_rise", { id: `e${at}` }),
  );
  await ports.mutes.put({
    id: "m1",
    target: { kind: "rule", rule: "stalled" },
    until: noon + 5_400_000,
    author: "Ada (slack:UADMIN)",
    at: noon,
  });
  const set = { author: "Ada (slack:UADMIN)", at: noon, tags: ["loss"] };
  await ports.overrides.put({
    ...{ id: "t0", scope: { kind: "everyone" }, rule: "consecutive_rise", ...set },
    settings: { min_total: 0.2, count: 4 },
  });
  await ports.overrides.put({
    ...{ id: "t1", scope: { kind: "watch", watch: run.summary.run.watch }, rule: "threshold", ...set },
    settings: { value: 2.5, op: ">", for: 3 },
  });
  ports.rehearsal = { ...ports.rehearsal, runs: 3, shadowed: 1 };
  return ports;
}

const inThread = { thread: { channel: "C1", id: "1.1" } };

/** Lines that between them reach every reply that offers a command; with and without a conversation around them. */
const lines = [
  ...Object.keys(commandRegistry),
  ...Object.keys(commandRegistry).map((name) => `help ${name}`),
  ...["statsu", "x".repeat(3_000), "status nowhere", "status this", "status qqqqqqqqqqqq", "status run42"],
  ...["runs all", "runs zzz", "chart nowhere", "chart run42 nothing", "alerts run42", "alerts nowhere"],
  ...[
    "rules run42",
    "rules stalled",
    "rules stalledd",
    "ack run42",
    "unack run42",
    "mute run42",
    "mute run42 2h",
  ],
  ...["mute stalled", "mute 2h", "unmute stalled", "unmute run42", "threshold run42", "threshold loss nan"],
  ...["threshold 0.05", "threshold loss 0.05", "threshold loss > 2.5 for 3", "threshold learning_rate 2"],
  ...["threshold loss -1", "threshold loss > 3 watch:logs", "threshold loss > 3 for 2 watch:logs"],
  ...["threshold loss 0.05 watch:nowhere", "threshold fit 1", "threshold reset loss", "threshold reset fid"],
  ...["threshold reset t1", "threshold loss 0.5 nightly/*", "suggest fid", "suggest fid threshold"],
  ...["suggest fid consecutive_rise", "suggest nothing", "suggest loss stalledd", "watch add /logs/new"],
  ...["watch remove /logs", "watch add /elsewhere", "watch remove /nowhere", "watch what"],
];

async function saidTo(line: string, locale: Locale, place: object = {}): Promise<string> {
  return messageText((await dispatch(asks(operator, line, { locale, ...place }), await busy())).message);
}

/** The commands that a text names, in the order they stand there; placeholders of usages stay in. */
function offeredIn(text: string): readonly string[] {
  const usages = Object.values<Command>(commandRegistry).flatMap(({ usage }) => [usage.en, usage.zh]);
  const names = text.matchAll(/(?:\/tb|@TensorBell) [^\n，；：。、）？;,)]+/gu);
  return [...names].map(
    ([name]) => usages.find((usage) => name.startsWith(usage)) ?? name.replace(/[.\s]+$/, ""),
  );
}

const englishWords: ReadonlySet<string> = new Set([
  ...Object.values<Command>(commandRegistry).flatMap(({ name, aliases }) =>
    [name, ...aliases].filter((word) => /^[a-z]/.test(word)),
  ),
  ...["add", "list", "remove", "reset", "all", "for", "this"],
]);

/** English words of ours in a command that is offered; names of runs and tags are nobody's words. */
function englishIn(command: string): readonly string[] {
  return command.split(/[ :|]/).filter((word) => englishWords.has(word) || /^<[a-z ]+>$/.test(word));
}

async function stateAfter(command: string) {
  const ports = await busy();
  const reply = await dispatch(asks(operator, command.replace("@TensorBell", "/tb")), ports);
  return {
    state: [
      ports.alerts.episodes,
      await ports.mutes.list(),
      await ports.overrides.list(),
      await ports.watches.list(),
    ],
    said: [reply.visibility, reply.message.tone, reply.message.blocks.map(({ kind }) => kind)],
    errors: ports.errors,
  };
}

const places = [{}, inThread];

describe("a command that a reply offers", () => {
  it.each(lines.flatMap((line) => places.map((place) => [line.slice(0, 60), line, place] as const)))(
    "after %j, is offered in Chinese to who reads Chinese, and does what the English one does",
    async (_shown, line, place) => {
      const inChinese = offeredIn(await saidTo(line, "zh", place));
      const inEnglish = offeredIn(await saidTo(line, "en", place));
      expect(inChinese.flatMap(englishIn)).toEqual([]);
      expect(inChinese).toHaveLength(inEnglish.length);
      for (const [at, zh] of inChinese.entries()) {
        const en = inEnglish[at] ?? "";
        expect(wordOf(zh)).toBe(wordOf(en));
        if (/[<[]/.test(zh.replace(" < ", " "))) continue;
        const { state, said, errors } = await stateAfter(zh);
        expect(errors).toEqual([]);
        expect({ command: zh, state, said }).toEqual({ command: zh, ...(await only(en)) });
      }
    },
  );

  it("is reached by these lines wherever the source offers one", async () => {
    const said = new Set<string>();
    for (const line of lines) for (const place of places) said.add(await saidTo(line, "zh", place));
    const reached = new Set([...said].flatMap(offeredIn).map((command) => command.split(" ")[1]));
    const commands = Object.values<Command>(commandRegistry).map(({ usage }) => usage.zh.split(" ")[1]);
    expect(commands.filter((word) => !reached.has(word))).toEqual([]);
  });

  it.each(Object.entries(messageSamples))("in a message of the kind %s, too", (_kind, compose) => {
    const [zh, en] = ([chinese, english] as const).map((manner) =>
      compose({
        ...manner,
        act: offer(manner.locale, "mute", "run42", ownWord(manner.locale, "2h")),
        touches: touchesOf(run42, manner.locale),
      }),
    );
    const [inChinese, inEnglish] = [zh, en].map((message) => [
      ...offeredIn(messageText(message!)),
      ...touchedIn(message!),
    ]);
    expect(inChinese!.flatMap(englishIn)).toEqual([]);
    expect(inChinese!.map(wordOf)).toEqual(inEnglish!.map(wordOf));
  });

  it("is written in one place only: no text of the source spells one out beside the usages", () => {
    const source = ["commands", "alerts", "app", "chat", "jobs"].flatMap((d) =>
      readdirSync(`src/${d}`, { recursive: true, encoding: "utf8" })
        .filter((f) => f.endsWith(".ts"))
        .map((f) => `src/${d}/${f}`),
    );
    const spelled = source.flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) =>
          /["'`(（ ]\/tb [a-z<$\p{Script=Han}]/u.test(line.replace(/^\s*(?:\/\*\*|\*|\/\/).*/, "")),
        )
        .filter((line) => !/^\s*(?:usage: \{ )?(?:en|zh): "\/tb /.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(source.length).toBeGreaterThan(100);
    expect(spelled).toEqual([]);
  });

  it("has every command's word, and it is the one that its usage shows", () => {
    for (const { name, usage } of Object.values<Command>(commandRegistry)) {
      for (const locale of ["en", "zh"] as const) {
        expect(usage[locale].split(" ")[1]).toBe(ownWord(locale, name as "help"));
      }
    }
  });
});

function wordOf(command: string): Command | undefined {
  const line = parseLine(command);
  return line.kind === "words" ? commandNamed(line.words[0] ?? "") : undefined;
}

async function only(command: string) {
  const { state, said } = await stateAfter(command);
  return { state, said };
}

function touchedIn(message: { readonly blocks: readonly unknown[] }): readonly string[] {
  return [...JSON.stringify(message.blocks).matchAll(/"command":"([^"]+)"/g)].map(
    ([, command = ""]) => command,
  );
}
