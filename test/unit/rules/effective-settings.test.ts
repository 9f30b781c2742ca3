import { describe, expect, test } from "vitest";
import {
  closestOrigin,
  effectiveSettings,
  type RuleSettings,
} from "../../../src/rules/effective-settings.js";
import type { SettingsOverride } from "../../../src/rules/override.js";
import type { RuleId } from "../../../src/rules/rule-registry.js";
import { metricsSchema, rulesSchema } from "../../../src/rules/rules-config.js";
import { labelSeries } from "../../../src/series/label-series.js";
import { type RunId, runIdOf } from "../../../src/series/run.js";
import { testRun } from "../../support/judge-curve.js";

const run = runIdOf(testRun);

interface Place {
  readonly config?: unknown;
  readonly overrides?: readonly Partial<SettingsOverride>[];
  readonly rule?: RuleId;
  readonly tag?: string;
  readonly split?: string;
}

function found({ config = {}, overrides = [], rule = "consecutive_rise", tag = "loss", split = "" }: Place) {
  const settings: RuleSettings = {
    rules: rulesSchema.parse(config),
    metrics: {},
    overrides: overrides.map((given, i) => {
      return { id: `o${i}`, scope: { kind: "everyone" }, rule, settings: {}, author: "a", at: i, ...given };
    }),
  };
  const labels = labelSeries({ run: testRun, split, tag });
  const answer = effectiveSettings({ settings, run, labels }, rule);
  const { settings: effective, enabled } = answer;
  const closest = closestOrigin(answer);
  const origin = closest.kind === "chat" ? closest.override.scope.kind : closest.kind;
  return { total: effective["min_total"], value: effective["value"], enabled, origin };
}

const everyone = { kind: "everyone" } as const;
const own = { kind: "run", run } as const;

describe("settings in force", () => {
  test.each<[string, Place, object]>([
    ["defaults", {}, { total: 0.1, enabled: true, origin: "default" }],
    ["the config", { config: { consecutive_rise: { min_total: 0.2 } } }, { total: 0.2, origin: "config" }],
    [
      "the config switches off",
      { config: { consecutive_rise: { enabled: false } } },
      { enabled: false, origin: "config" },
    ],
    [
      "of several entries the later wins field by field",
      {
        config: {
          consecutive_rise: [{ min_total: 0.2 }, { tags: "lo*", count: 4 }, { tags: "other", min_total: 9 }],
        },
      },
      { total: 0.2, enabled: true },
    ],
    [
      "an entry for another split",
      { config: { consecutive_rise: { splits: ["train"], min_total: 9 } } },
      { total: 0.1 },
    ],
    [
      "an entry for another run",
      { config: { consecutive_rise: { runs: "x*", min_total: 9 } } },
      { total: 0.1, origin: "default" },
    ],
    ["an entry for this run", { config: { consecutive_rise: { runs: "r*", min_total: 9 } } }, { total: 9 }],
    [
      "everyone's wish over the config",
      { config: { consecutive_rise: { min_total: 0.2 } }, overrides: [{ settings: { min_total: 0.3 } }] },
      { total: 0.3, origin: "everyone" },
    ],
    [
      "the run's own over everyone's, however old",
      { overrides: [{ scope: own, settings: { min_total: 0.4 } }, { settings: { min_total: 0.3 } }] },
      { total: 0.4, origin: "run" },
    ],
    [
      "another run's is not ours",
      { overrides: [{ scope: { kind: "run", run: "other" as RunId }, settings: { min_total: 0.4 } }] },
      { total: 0.1, origin: "default" },
    ],
    [
      "one that names the tag over one that does not",
      { overrides: [{ tags: ["loss"], settings: { min_total: 0.5 } }, { settings: { min_total: 0.3 } }] },
      { total: 0.5 },
    ],
    [
      "the newer of two of a kind",
      {
        overrides: [
          { at: 9, settings: { min_total: 0.5 } },
          { at: 3, settings: { min_total: 0.3 } },
        ],
      },
      { total: 0.5 },
    ],
    [
      "another tag's is not ours",
      { overrides: [{ tags: ["lossy"], settings: { min_total: 0.5 } }] },
      { total: 0.1 },
    ],
    [
      "another split's is not ours",
      { split: "a", overrides: [{ split: "b", settings: { min_total: 0.5 } }] },
      { total: 0.1 },
    ],
    [
      "another rule's is not ours",
      { overrides: [{ rule: "stalled", settings: { min_total: 0.5 } }] },
      { total: 0.1 },
    ],
    [
      "naming a tag switches the rule on there",
      { tag: "x", overrides: [{ tags: ["x"] }] },
      { enabled: true },
    ],
    ["so does the config", { tag: "x", config: { consecutive_rise: { tags: ["x"] } } }, { enabled: true }],
    [
      "not naming it does not",
      { tag: "x", overrides: [{ settings: { min_total: 0.5 } }] },
      { enabled: false, total: 0.5 },
    ],
    ["off is off", { tag: "x", overrides: [{ tags: ["x"], enabled: false }] }, { enabled: false }],
    [
      "on again for one run",
      { config: { consecutive_rise: { enabled: false } }, overrides: [{ scope: own, enabled: true }] },
      { enabled: true, origin: "run" },
    ],
    [
      "an override that no longer parses has no say",
      {
        overrides: [
          { settings: { min_total: 0.3 } },
          { settings: { min_total: "much" } },
          { settings: { gone: 1 } },
        ],
      },
      { total: 0.3, origin: "everyone" },
    ],
    [
      "a limit for a metric",
      { rule: "threshold", overrides: [{ tags: ["loss"], settings: { op: ">", value: 2.5 } }] },
      { enabled: true, value: 2.5 },
    ],
    ["no limit, no rule", { rule: "threshold" }, { enabled: false, value: undefined }],
    [
      "scope everyone by name",
      { overrides: [{ scope: everyone, settings: { min_total: 1 } }] },
      { origin: "everyone" },
    ],
  ])("%s", (_, place, expected) => {
    expect(found(place)).toMatchObject(expected);
  });
});

describe("the rules section of the config", () => {
  test.each([
    ["an unknown setting", { consecutive_rise: { total: 1 } }, ["total"]],
    ["a wrong type", { consecutive_rise: { count: "five" } }, ["count"]],
    ["a value out of range", { consecutive_rise: { count: 1_000 } }, ["count"]],
    ["a wrong operator", { threshold: { op: "=" } }, ["op"]],
  ])("refuses %s and says where", (_, given, words) => {
    const parsed = rulesSchema.safeParse(given);
    expect(parsed.success).toBe(false);
    for (const word of words) expect(JSON.stringify(parsed.error?.issues)).toContain(word);
  });

  test("fills in no defaults: what nobody wrote has no say", () => {
    expect(rulesSchema.parse({ consecutive_rise: { gate: 0 } })).toEqual({
      consecutive_rise: [{ settings: { gate: 0 } }],
    });
    expect(rulesSchema.parse(undefined)).toEqual({});
  });

  test("metrics take patterns of tags", () => {
    expect(metricsSchema.parse({ "my_*": { kind: "loss" } })).toEqual({ "my_*": { kind: "loss" } });
    expect(metricsSchema.safeParse({ x: { kind: "lossy" } }).success).toBe(false);
  });
});
