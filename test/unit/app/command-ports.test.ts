import { describe, expect, it } from "vitest";
import { effectiveRules, rehearseOverride } from "../../../src/app/command-ports.js";
import { withOwnRules } from "../../../src/app/own-rules.js";
import { ownRulesSchema } from "../../../src/rules/own-rules-schema.js";
import { rulesSchema } from "../../../src/rules/rules-config.js";
import type { RuleSettings } from "../../../src/rules/effective-settings.js";
import type { SettingsOverride } from "../../../src/rules/override.js";
import { heldRun } from "../../support/command-ports.js";
import { type HeldRun, MemoryOverrideStore, MemoryRunDirectory } from "../../support/memory-stores.js";

/** A run whose loss stands at 1 and crosses 2 as often as asked. */
function crossing(name: string, times: number): HeldRun {
  const values = Array.from({ length: 40 }, (_, i) => (i % 4 === 3 && i < times * 4 ? 3 : 1));
  const run = heldRun(name, [["", "loss", ...values]]);
  const points = {
    step: Float64Array.from(values.keys()),
    wallTime: Float64Array.from(values.keys()),
    value: Float64Array.from(values),
  };
  return { ...run, points: new Map([[run.series[0]!.key, points]]) };
}

const runs = [crossing("a", 2), crossing("sweep/b", 5), crossing("c", 0)];
const ids = runs.map(({ summary }) => summary.id);

async function ports(rules: unknown, held: readonly SettingsOverride[] = []) {
  const directory = new MemoryRunDirectory();
  for (const run of runs) directory.add(run);
  const overrides = new MemoryOverrideStore();
  for (const one of held) await overrides.put(one);
  const settings: RuleSettings = { rules: rulesSchema.parse(rules), metrics: {}, overrides: [] };
  const all = async (): Promise<RuleSettings> => ({ ...settings, overrides: await overrides.list() });
  return { directory, overrides, rules: all };
}

function limit(value: number, more: Partial<SettingsOverride> = {}): SettingsOverride {
  return {
    id: "t1",
    scope: { kind: "everyone" },
    rule: "threshold",
    tags: ["loss"],
    settings: { op: ">", value, for: 1 },
    enabled: true,
    author: "Ann",
    at: 1,
    ...more,
  };
}

describe("what a setting would have done", () => {
  it("counts alerts, and the runs that had any", async () => {
    expect(await rehearseOverride(await ports({}), ids, limit(2))).toEqual({
      runs: 3,
      before: { alerts: 0, runs: 0 },
      after: { alerts: 7, runs: 2 },
      partly: 0,
      shadowed: 0,
    });
  });

  it("before is what is in force now, the setting that it replaces too", async () => {
    const before = await ports({}, [limit(2)]);
    expect(await rehearseOverride(before, ids, limit(9))).toMatchObject({
      before: { alerts: 7, runs: 2 },
      after: { alerts: 0, runs: 0 },
    });
  });

  it("says in how many runs something more specific holds", async () => {
    const closer = await ports({ threshold: { runs: "sweep/*", tags: "loss", op: ">", value: 9 } });
    expect(await rehearseOverride(closer, ids, limit(2))).toMatchObject({
      after: { alerts: 2, runs: 1 },
      partly: 0,
      shadowed: 1,
    });
  });
});

describe("the rules in force for a run", () => {
  it("rules of one's own among them, those of the whole run once, and who wrote what", async () => {
    const given = await ports(
      { threshold: { runs: "a", tags: "loss", value: 9 }, gap: { severity: "info" } },
      [limit(2)],
    );
    const sources = {
      own_rules: ownRulesSchema.parse({ gap: { metric: "loss", condition: "value > 1" } }),
      rule_modules: [],
      rules: rulesSchema.parse({ gap: { severity: "info" } }),
    };
    const rules = async () => withOwnRules(await given.rules(), sources);
    const found = await effectiveRules({ directory: given.directory, rules }, ids[0]!);
    expect(found.filter(({ rule }) => rule === "stalled")).toHaveLength(1);
    expect(found.find(({ rule }) => rule === "gap")).toMatchObject({
      settings: { enabled: true, severity: "info" },
      written: { severity: { kind: "config" } },
    });
    expect(found.find(({ rule }) => rule === "threshold")).toMatchObject({
      settings: { value: 9 },
      written: { value: { kind: "config" }, for: { kind: "chat" } },
    });
  });
});

describe("settings of rules of one's own", () => {
  it.each([
    [{ gap: { count: 1 } }, 'rules.gap: unknown setting "count"; it has enabled, severity'],
    [{ gap: [{ severity: "info" }, { severity: "loud" }] }, "rules.gap[1].severity: Invalid option"],
    [{ gab: {} }, "rules.gab: there is no such rule; did you mean gap?"],
  ])("that they do not know are refused: %j", async (written, sentence) => {
    const sources = {
      own_rules: ownRulesSchema.parse({ gap: { metric: "loss", condition: "value > 1" } }),
      rule_modules: [],
      rules: rulesSchema.parse(written),
    };
    const settings: RuleSettings = { rules: {}, metrics: {}, overrides: [] };
    await expect(withOwnRules(settings, sources)).rejects.toThrow(sentence);
  });
});
