import { pathToFileURL } from "node:url";
import { rulesOfModule } from "../rules/module-rules.js";
import type { Rule } from "../rules/rule.js";
import type { Config } from "./config.js";
import { absolute } from "./environment.js";
import { StartProblem } from "./start-problem.js";

/** Every rule of one's own that the configuration names: those written there, and those of its modules. Throws a StartProblem. */
export async function ownRules(config: Pick<Config, "own_rules" | "rule_modules">): Promise<readonly Rule[]> {
  const rules = [...config.own_rules];
  for (const file of config.rule_modules) {
    for (const rule of await rulesOfFile(file)) {
      if (rules.some(({ id }) => id === rule.id))
        throw new StartProblem(`${file}: rule ${rule.id}: there is another one of this id`);
      rules.push(rule);
    }
  }
  return rules;
}

/** The rules of one module; it runs with all rights of this process. Throws a StartProblem that says what is wrong with it. */
export async function rulesOfFile(file: string): Promise<readonly Rule[]> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(absolute(file, process.cwd())).href)) as typeof exported;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new StartProblem(`${file}: cannot be loaded as a module: ${said}`);
  }
  const read = rulesOfModule(exported);
  if (read.kind === "rules") return read.rules;
  throw new StartProblem(read.problems.map((problem) => `${file}: ${problem}`).join("\n  "));
}
