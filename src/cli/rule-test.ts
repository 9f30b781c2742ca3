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
    .addHelpText(
      "after",
      `\n  tensorbell rule-test ./my-rule.js   (docs/own-rules.md shows how to write one)`,
    )
    .action(async (file: string) => {
      const rules = await rulesOfFile(absolute(file, userFolder(process.env, process.cwd())));
      const lines: string[] = [];
      let broken = 0;
      for (const rule of rules) {
        for (const { name, problem } of checkRule(rule)) {
          if (problem !== undefined) broken += 1;
          lines.push(
            `${problem === undefined ? "ok    " : "BROKEN"} ${rule.id}: ${name}${problem === undefined ? "" : `: ${problem}`}`,
          );
        }
      }
      lines.push(`${lines.length - broken} of ${lines.length} checks hold`);
      await print(`${lines.join("\n")}\n`);
      if (broken > 0) process.exitCode = exitCodes.badNews;
    });
}
