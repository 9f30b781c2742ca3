import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { effectiveSettings, originOf, type RuleSettings } from "../../../src/rules/effective-settings.js";
import type { OverrideScope, SettingsOverride } from "../../../src/rules/override.js";
import { type RuleEntry, rulesSchema, withWatchIds } from "../../../src/rules/rules-config.js";
import { labelSeries } from "../../../src/series/label-series.js";
import { runIdOf, watchIdOf } from "../../../src/series/run.js";

const watch = watchIdOf("/logs");
const run = { watch, name: "nightly/fp16/r1" };
const labels = labelSeries({ run, split: "train", tag: "epoch_loss" });

const everyone: OverrideScope = { kind: "everyone" };
const ours: OverrideScope = { kind: "watch", watch };
const nightly: OverrideScope = { kind: "group", runs: "nightly/*" };
const own: OverrideScope = { kind: "run", run: runIdOf(run) };

type Entry = Record<string, unknown>;
type Chat = Partial<SettingsOverride>;

/** The winner of `min_total` for epoch_loss of the split train of run nightly/fp16/r1 in the watch /logs (called team). */
function winner(entries: readonly Entry[], chat: readonly Chat[] = []): unknown {
  return decided(entries, chat).settings["min_total"];
}

function decided(entries: readonly Entry[], chat: readonly Chat[] = []) {
  const written = rulesSchema.parse({ consecutive_rise: entries });
  const settings: RuleSettings = {
    rules: withWatchIds(written, (word) => watchIdOf(word === "team" ? "/logs" : word)),
    metrics: {},
    overrides: chat.map((more, i): SettingsOverride => ({
      id: `o${i}`,
      scope: everyone,
      rule: "consecutive_rise",
      settings: {},
      author: "Ann",
      at: i,
      ...more,
    })),
  };
  return effectiveSettings({ settings, run: runIdOf(run), labels }, "consecutive_rise");
}

const win = 1;
const lose = 2;

const config: readonly [reason: string, ...entries: Entry[]][] = [
  [
    "a pattern of runs over none: it speaks of fewer",
    { runs: "nightly/*", min_total: win },
    { min_total: lose },
  ],
  [
    "the run itself over a pattern",
    { runs: "nightly/fp16/r1", min_total: win },
    { runs: "nightly/*", min_total: lose },
  ],
  [
    "of two patterns the one that says more of the name: whatever fits it fits fewer runs",
    { runs: "nightly/fp16/*", min_total: win },
    { runs: "nightly/*", min_total: lose },
  ],
  [
    "of two that say as much the later one: the file's reader reads downwards",
    { runs: "*nightly/*", min_total: lose },
    { runs: "nightly/*", min_total: win },
  ],
  [
    "of a list of patterns the one that says most of this run",
    { runs: ["x*", "nightly/fp16/r1"], min_total: win },
    { runs: "nightly/fp16/*", min_total: lose },
  ],
  [
    "? says nothing of the name, like *",
    { runs: "nightly/fp16/??", min_total: lose },
    { runs: "nightly/fp16/r*", min_total: win },
  ],
  ["the watch over none", { watches: "team", min_total: win }, { min_total: lose }],
  ["a watch by its path", { watches: "/logs", min_total: win }, { min_total: lose }],
  ["another watch's is not ours", { watches: "/other", min_total: lose }, { min_total: win }],
  [
    "a group of runs over a watch",
    { runs: "nightly/*", min_total: win },
    { watches: "team", min_total: lose },
  ],
  [
    "of two equal patterns the one that names the watch too",
    { runs: "nightly/*", watches: "team", min_total: win },
    { runs: "nightly/*", min_total: lose },
  ],
  ["a tag over none", { tags: "epoch_*", min_total: win }, { min_total: lose }],
  [
    "the tag itself over a pattern",
    { tags: "epoch_loss", min_total: win },
    { tags: "*loss*", min_total: lose },
  ],
  [
    "of two patterns of tags the one that says more",
    { tags: "epoch_*", min_total: win },
    { tags: "*loss", min_total: lose },
  ],
  [
    "a tag over a split: it says what is judged",
    { tags: "*loss", min_total: win },
    { splits: "train", min_total: lose },
  ],
  ["a split over none", { splits: "train", min_total: win }, { min_total: lose }],
  [
    "whose run over what of it",
    { runs: "nightly/*", min_total: win },
    { tags: "epoch_loss", splits: "train", min_total: lose },
  ],
];

const chat: readonly [reason: string, entries: readonly Entry[], chat: readonly Chat[]][] = [
  [
    "chat over the file where both speak of all runs: said later, and undone there",
    [{ min_total: lose }],
    [{ settings: { min_total: win } }],
  ],
  [
    "even where the file names the tag: everyone's word in chat names its tags too",
    [{ tags: "epoch_loss", splits: "train", min_total: lose }],
    [{ tags: ["epoch_loss"], settings: { min_total: win } }],
  ],
  [
    "the file's group of runs over everyone's in chat",
    [{ runs: "nightly/*", min_total: win }],
    [{ settings: { min_total: lose } }],
  ],
  [
    "the file's watch over everyone's in chat",
    [{ watches: "team", min_total: win }],
    [{ settings: { min_total: lose } }],
  ],
  [
    "chat's watch over the file's watch",
    [{ watches: "team", min_total: lose }],
    [{ scope: ours, settings: { min_total: win } }],
  ],
  [
    "chat's group over the file's of the same pattern",
    [{ runs: "nightly/*", min_total: lose }],
    [{ scope: nightly, settings: { min_total: win } }],
  ],
  [
    "the file's closer group over chat's",
    [{ runs: "nightly/fp16/*", min_total: win }],
    [{ scope: nightly, settings: { min_total: lose } }],
  ],
  [
    "the run itself in the file over chat's group",
    [{ runs: "nightly/fp16/r1", min_total: win }],
    [{ scope: nightly, settings: { min_total: lose } }],
  ],
  [
    "the run in chat over all",
    [{ runs: "nightly/fp16/r1", watches: "team", min_total: lose }],
    [
      { scope: own, settings: { min_total: win } },
      { scope: nightly, settings: { min_total: lose } },
    ],
  ],
  [
    "chat: group over watch over everyone, however old",
    [],
    [
      { at: 0, scope: nightly, settings: { min_total: win } },
      { at: 5, scope: ours, settings: { min_total: lose } },
      { at: 9, settings: { min_total: lose } },
    ],
  ],
  [
    "chat: a tag over none",
    [],
    [
      { at: 0, tags: ["epoch_loss"], settings: { min_total: win } },
      { at: 9, settings: { min_total: lose } },
    ],
  ],
  [
    "chat: a split too over the tag alone",
    [],
    [
      { at: 0, tags: ["epoch_loss"], split: "train", settings: { min_total: win } },
      { at: 9, tags: ["epoch_loss"], settings: { min_total: lose } },
    ],
  ],
  [
    "chat: of equals the newer",
    [],
    [
      { at: 9, settings: { min_total: win } },
      { at: 0, settings: { min_total: lose } },
    ],
  ],
];

describe("who wins: run > group of runs > watch > all", () => {
  test.each(config)("in the file: %s", (_, ...entries) => {
    expect(winner(entries)).toBe(win);
  });

  test.each(config.filter(([reason]) => !reason.includes("later")))(
    "in the file, whatever the order: %s",
    (_, ...entries) => {
      expect(winner(entries.toReversed())).toBe(win);
    },
  );

  test.each(chat)("file and chat: %s", (_, entries, said) => {
    expect(winner(entries, said)).toBe(win);
    expect(winner(entries, said.toReversed())).toBe(win);
  });

  test("field by field: a closer entry that does not speak of a setting leaves it to the others", () => {
    const { settings } = decided(
      [
        { runs: "nightly/*", count: 7 },
        { min_total: 3, gate: 1 },
      ],
      [{ settings: { gate: 2 } }],
    );
    expect(settings).toMatchObject({ count: 7, min_total: 3, gate: 2 });
  });

  test("a limit without a sign is a ceiling, whatever sign a wider setting has", () => {
    const rules = rulesSchema.parse({
      threshold: [
        { op: "<", value: 1 },
        { runs: "nightly/*", value: 9 },
      ],
    });
    const settings: RuleSettings = { rules, metrics: {}, overrides: [] };
    const answer = effectiveSettings({ settings, run: runIdOf(run), labels }, "threshold");
    expect(answer.settings).toMatchObject({ op: ">", value: 9 });
  });

  test("a group that is switched off stays off whatever is set for everyone", () => {
    const off = [{ runs: "nightly/*", enabled: false }];
    expect(decided(off, [{ enabled: true }]).enabled).toBe(false);
    expect(decided(off, [{ scope: own, enabled: true }]).enabled).toBe(true);
  });

  test("the origin of each setting is the entry that won it", () => {
    const answer = decided(
      [
        { min_total: 3, gate: 1 },
        { runs: "nightly/*", min_total: 4 },
      ],
      [{ settings: { gate: 2 } }],
    );
    expect(originOf(answer, "min_total")).toMatchObject({ kind: "config", place: 1, of: 2 });
    expect(originOf(answer, "gate")).toMatchObject({ kind: "chat", override: { author: "Ann" } });
    expect(originOf(answer, "count")).toEqual({ kind: "default" });
  });

  test("entries that differ in how closely they speak give the same in any order", () => {
    const entry = fc.record(
      {
        runs: fc.constantFrom("*", "nightly/*", "nightly/fp16/*", "nightly/fp16/r1", "other/*"),
        watches: fc.constantFrom("team", "/other"),
        tags: fc.constantFrom("*", "*loss", "epoch_*", "epoch_loss", "acc"),
        splits: fc.constantFrom("*", "tr*", "train", "validation"),
        min_total: fc.integer({ min: 0, max: 9 }),
        gate: fc.integer({ min: 0, max: 9 }),
        count: fc.integer({ min: 1, max: 9 }),
      },
      { requiredKeys: [] },
    );
    const place = ({ runs, watches, tags, splits }: RuleEntry | Entry): string =>
      JSON.stringify([runs, watches, tags, splits]);
    const entries = fc.uniqueArray(entry, { maxLength: 8, selector: place });
    const shuffled = entries.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(decided(other).settings).toEqual(decided(one).settings);
      }),
      { numRuns: 300 },
    );
  });

  test("settings made in chat give the same in any order of the store", () => {
    const said = fc.record({
      scope: fc.constantFrom(everyone, ours, nightly, own),
      tags: fc.constantFrom(undefined, ["epoch_loss"], ["acc"]),
      split: fc.constantFrom(undefined, "train"),
      settings: fc.record({ min_total: fc.integer({ min: 0, max: 9 }) }),
      at: fc.integer({ min: 0, max: 3 }),
    });
    const all = fc.array(said, { maxLength: 8 }).map((many) =>
      many.map(({ tags, split, ...rest }, i) => ({
        ...rest,
        id: `t${i}`,
        ...(tags === undefined ? {} : { tags }),
        ...(split === undefined ? {} : { split }),
      })),
    );
    const shuffled = all.chain((many) =>
      fc.tuple(fc.constant(many), fc.shuffledSubarray(many, { minLength: many.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(decided([], other).settings).toEqual(decided([], one).settings);
      }),
      { numRuns: 300 },
    );
  });
});
