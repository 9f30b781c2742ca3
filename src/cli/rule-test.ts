import type { Command } from "commander";
import { rulesOfFile } from "../app/own-rules.js";
import { checkRule } from "../rules/check-rule.js";
import { absolute } from "../app/environment.js";
import { exitCodes } from "./exit-codes.js";
import { userFolder } from "./prepare.js";
import { print } from "./print.js";

/** `tensorbell rule-test FILE`: holds the rules of a module to the contract; 1 where one breaks it, 2 where the module cannot be used. */
export function registerRuleTest(program: Command): void {
  program
    .command("rule-test")
    .description("check a module of rules of your own against the contract of rules")
    .argument("<file>", "module that exports rules: ./my-rule.js")
    .option("--json", "machine-readable: every check with its problem, if any")
    .addHelpText(
      "after",
      `\n  tensorbell rule-test ./my-rule.js   (docs/own-rules.md shows how to write one)`,
    )
    .action(async (file: string, { json = false }: { json?: boolean }) => {
      const rules = await rulesOfFile(absolute(file, userFolder(process.env, process.cwd())));
      const checks = rules.flatMap((rule) =>
        checkRule(rule).map(({ name, problem }) => ({
          rule: rule.id,
          check: name,
          problem: problem ?? null,
        })),
      );
      const broken = checks.filter(({ problem }) => problem !== null).length;
      await print(json ? `${JSON.stringify({ checks, broken })}\n` : textOf(checks, broken));
      if (broken > 0) process.exitCode = exitCodes.badNews;
    });
}

interface Checked {
  readonly rule: string;
  readonly check: string;
  readonly problem: string | null;
}

function textOf(checks: readonly Checked[], broken: number): string {
  const lines = checks.map(({ rule, check, problem }) =>
    problem === null ? `ok     ${rule}: ${check}` : `BROKEN ${rule}: ${check}: ${problem}`,
  );
  return `${[...lines, `${checks.length - broken} of ${checks.length} checks hold`].join("\n")}\n`;
}
