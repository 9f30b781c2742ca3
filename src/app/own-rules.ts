import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { shortHash } from "../lib/short-hash.js";
import type { RuleSettings } from "../rules/effective-settings.js";
import { rulesOfModule } from "../rules/module-rules.js";
import { nearest } from "../commands/nearest.js";
import { ownRule } from "../rules/own-rules.js";
import type { Rule } from "../rules/rule.js";
import { isRuleId, ruleIds } from "../rules/rule-registry.js";
import { type RulesConfig, writtenSettings } from "../rules/rules-config.js";
import type { Config } from "./config.js";
import { absolute } from "./environment.js";
import { StartProblem } from "./start-problem.js";

/** Where rules of one's own come from; plain data, which threads can pass on. */
export type OwnRuleSources = Pick<Config, "own_rules" | "rule_modules" | "rules">;

const loaded = new WeakMap<OwnRuleSources, Promise<readonly Rule[]>>();

/** Every rule of one's own that the configuration names: those written there, and those of its modules, loaded once. Rejects with a StartProblem. */
export function ownRules(sources: OwnRuleSources): Promise<readonly Rule[]> {
  const known = loaded.get(sources) ?? load(sources);
  loaded.set(sources, known);
  return known;
}

/** Settings with which a judge judges by rules of one's own too. */
export async function withOwnRules(settings: RuleSettings, sources: OwnRuleSources): Promise<RuleSettings> {
  const extra = await ownRules(sources);
  return extra.length === 0 ? settings : { ...settings, extra };
}

async function load(config: OwnRuleSources): Promise<readonly Rule[]> {
  const rules = Object.entries(config.own_rules).map(([id, written]) => ownRule(id, written));
  for (const file of config.rule_modules) {
    for (const rule of await rulesOfFile(file)) {
      if (rules.some(({ id }) => id === rule.id))
        throw new StartProblem(`${file}: rule ${rule.id}: there is another one of this id`);
      rules.push(rule);
    }
  }
  const problems = settingsProblems(config.rules, rules);
  if (problems.length > 0) throw new StartProblem(problems.join("\n  "));
  return rules;
}

/** What `rules:` says of rules of one's own that they do not know; a sentence each. */
function settingsProblems(written: RulesConfig, own: readonly Rule[]): readonly string[] {
  return Object.entries(written).flatMap(([id, entries = []]) => {
    if (isRuleId(id)) return [];
    const rule = own.find((one) => one.id === id);
    if (rule === undefined) {
      const [near] = nearest(id, [...ruleIds, ...own.map((one) => one.id)], 1);
      return [`rules.${id}: there is no such rule${near === undefined ? "" : `; did you mean ${near}?`}`];
    }
    const schema = writtenSettings(rule.settings);
    return entries.flatMap(({ settings }, place) =>
      (schema.safeParse(settings).error?.issues ?? []).map((issue) => {
        const where = `rules.${id}${entries.length > 1 ? `[${place}]` : ""}`;
        const known = Object.keys(rule.settings.shape).join(", ");
        if (issue.code === "unrecognized_keys")
          return `${where}: unknown setting ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}; it has ${known}`;
        return `${where}.${issue.path.join(".")}: ${issue.message}`;
      }),
    );
  });
}

/** The rules of one module; it runs with all rights of this process. Throws a StartProblem that says what is wrong with it. */
export async function rulesOfFile(file: string): Promise<readonly Rule[]> {
  let exported: Readonly<Record<string, unknown>>;
  let code: string;
  try {
    const path = absolute(file, process.cwd());
    exported = (await import(pathToFileURL(path).href)) as typeof exported;
    code = shortHash(await readFile(path, "utf8"), 8);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new StartProblem(`${file}: cannot be loaded as a module: ${said}`);
  }
  const read = rulesOfModule(exported, code);
  if (read.kind === "rules") return read.rules;
  throw new StartProblem(read.problems.map((problem) => `${file}: ${problem}`).join("\n  "));
}
