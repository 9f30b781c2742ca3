import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  candidatesOf,
  firesUpTo,
  knobOf,
  limitsBetween,
  reachedBy,
} from "../../../src/alerts/suggest-knob.js";
import { configLines } from "../../../src/alerts/suggest-config.js";
import { suggestPicture } from "../../../src/alerts/suggest-picture.js";
import { SuggestStudy } from "../../../src/alerts/suggest-study.js";
import { adviceWords, settingWords, tradeOffTable } from "../../../src/alerts/suggest-words.js";
import { judgeKnown } from "../../../src/alerts/rehearse.js";
import { defaultRuleSettings } from "../../../src/rules/effective-settings.js";
import { ruleOf } from "../../../src/rules/rule-registry.js";
import { watchIdOf } from "../../../src/series/run.js";

const watch = watchIdOf("/logs");

function known(name: string, values: readonly number[], tag = "loss") {
  const value = Float64Array.from(values);
  const steps = Float64Array.from(values, (_, i) => i);
  return {
    run: { watch, name },
    series: [{ split: "", tag, points: { step: steps, wallTime: steps, value } }],
  };
}

/** Falls from 3, with a climb of so much over five points in its middle; a bad one never comes down again. */
function falling(climb: number, bad: boolean): readonly number[] {
  return Array.from({ length: 60 }, (_, i) => {
    const base = 3 - (2 * Math.min(i, 30)) / 60;
    if (i < 30) return base;
    if (i < 35) return base + (climb * (i - 29)) / 5;
    return bad ? base + climb : base - (2 * (i - 34)) / 60;
  });
}

const rise = knobOf("consecutive_rise", "lower")!;

describe("a study of past runs", () => {
  const study = new SuggestStudy(rise, defaultRuleSettings);
  for (const climb of [0.2, 0.25, 0.35, 0.3]) study.add(known(`good${climb}`, falling(climb, false)));
  for (const climb of [2, 3]) study.add(known(`bad${climb}`, falling(climb, true)));
  study.add(known("short", [1, 2]));
  const found = study.result();

  test("finds the setting between what healthy and bad runs did", () => {
    const { advice, chosen, well, badly, unclear } = found.suggestion;
    expect({ advice, value: found.candidates[chosen!], well, badly, unclear }).toEqual({
      advice: "change",
      value: 0.7,
      well: 4,
      badly: 2,
      unclear: 1,
    });
  });

  test("says so in both languages, with the lines to write", () => {
    expect(adviceWords(found, "en")).toBe(
      "Suggested: consecutive_rise min_total 0.7: quiet on 4/4 healthy runs, catches 2/2 bad ones.",
    );
    expect(adviceWords(found, "zh")).toContain("建议 consecutive_rise min_total 0.7");
    expect(tradeOffTable(found, "en").rows).toContainEqual(["min_total 0.7", "4/4", "2/2", "suggested"]);
    expect(tradeOffTable(found, "en").rows).toContainEqual(["min_total 0.1", "0/4", "2/2", "now"]);
    expect(configLines(found, 0.7, [`a"b`])).toBe(
      `rules:\n  consecutive_rise: { tags: "a\\"b", min_total: 0.7 }`,
    );
  });

  test("draws healthy and bad runs on either side of the suggestion", () => {
    const spec = suggestPicture(found, "loss", "en");
    expect(spec.across).toBe("%");
    const level = spec.marks.find((mark) => mark.kind === "level" && mark.label.startsWith("suggested"));
    const [bad, good] = spec.lines;
    expect(level).toMatchObject({ value: 0.7 });
    expect(Math.min(...bad!.value)).toBeGreaterThan(0.7);
    expect(Math.max(...good!.value)).toBeLessThan(0.7);
  });
});

describe("a knob", () => {
  test("of a total alarms with every candidate up to a place and with none after it", () => {
    const candidates = candidatesOf(rise, 0.1);
    const run = known("r", falling(0.3, false));
    const place = firesUpTo(run, rise, { candidates, settings: defaultRuleSettings });
    expect(candidates[place - 1]).toBeLessThan(0.3);
    expect(candidates[place]).toBeGreaterThanOrEqual(0.3);
  });

  test("of a limit reaches exactly as far as the rule itself", () => {
    const value = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(NaN));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 12 }), fc.constantFrom(1, 2, 3), (values, points) => {
        const run = known("r", values);
        const reached = reachedBy(run, ">", points);
        for (const limit of [-6.5, -3, 0, 0.5, 2, 4.5]) {
          const entry = { tags: ["loss"], settings: { op: ">", value: limit, for: points } };
          const settings = { ...defaultRuleSettings, rules: { threshold: [entry] } };
          const fired = judgeKnown({ ...run, settings, rules: [ruleOf("threshold")] }).length > 0;
          expect(fired).toBe(reached > limit);
        }
      }),
    );
  });

  test.each([
    { reached: [1.2345, 7.5, 2.1], op: ">", limits: [2, 5, 8] },
    { reached: [1.2345, 7.5, 2.1], op: "<", limits: [5, 2, 1.2] },
    { reached: [Infinity, 3, 3], op: ">", limits: [3] },
    { reached: [], op: ">", limits: [] },
  ] as const)("of a limit lies between what the runs reached: $reached $op", ({ reached, op, limits }) => {
    expect(limitsBetween(reached, op)).toEqual(limits);
  });

  test.each([
    ["consecutive_drop", "higher", "total"],
    ["threshold", "lower", "limit"],
    ["threshold", "unknown", undefined],
    ["stalled", "lower", undefined],
  ] as const)("of %s where %s is better is %s", (rule, direction, kind) => {
    expect(knobOf(rule, direction)?.kind).toBe(kind);
  });
});

test("a limit is named to its last digit: rounded it could lie on the other side of a run", () => {
  const knob = { kind: "limit", rule: "threshold", setting: "value", op: ">" } as const;
  expect(settingWords({ knob, points: 3 }, 6.9077524)).toBe("> 6.9077524 for 3");
});
