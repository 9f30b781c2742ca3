import type { Command } from "commander";
import type { Check } from "./doctor-check.js";
import { exitCodes } from "./exit-codes.js";

/** `tensorbell doctor`: every part looked at, each fault with its remedy; exit code 1 where there is one. */
export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("check the set-up: Node.js, configuration, Redis, watched directories, chat platforms")
    .option("--config <file>", "configuration file (default: ./tensorbell.yaml where it exists)")
    .option("--json", "machine-readable: one object a check")
    .action(async ({ config, json }: { readonly config?: string; readonly json?: boolean }) => {
      const { examine } = await import("./doctor-checks.js");
      const checks = await examine(config);
      const healthy = checks.every(({ state }) => state !== "fault");
      process.stdout.write(
        json === true ? `${JSON.stringify({ healthy, checks }, null, 2)}\n` : table(checks),
      );
      process.exitCode = healthy ? exitCodes.done : exitCodes.badNews;
    });
}

function table(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, state, found, remedy }) => {
    const line = `${state.toUpperCase().padEnd(5)}  ${name.padEnd(width)}  ${found}`;
    return remedy === undefined ? [line] : [line, `${" ".repeat(width + 9)}→ ${remedy}`];
  });
  return `${lines.join("\n")}\n`;
}
