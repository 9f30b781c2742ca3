import { expect, test } from "vitest";
import { ruleIds, ruleOf } from "../../../src/rules/rule-registry.js";
import type { RulesConfig } from "../../../src/rules/rules-config.js";
import { wantsHistograms } from "../../../src/rules/wants-histograms.js";

const ids = ruleIds.filter((id) => ruleOf(id).input === "histograms");
const off: RulesConfig = Object.fromEntries(ids.map((id) => [id, [{ settings: { enabled: false } }]]));
const settings = (rules: RulesConfig) => ({ rules, metrics: {}, overrides: [] });

test("histograms are read by default, and not where all their rules are off", () => {
  expect(wantsHistograms(settings({}))).toBe(true);
  expect(wantsHistograms(settings(off))).toBe(false);
});

test("one rule on for one run is enough", () => {
  const dead_relu = [...(off["dead_relu"] ?? []), { runs: ["a"], settings: { enabled: true } }];
  expect(wantsHistograms(settings({ ...off, dead_relu }))).toBe(true);
});
