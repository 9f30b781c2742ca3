import type { Command } from "commander";
import { configJsonSchema } from "../app/config-json-schema.js";

/** `tensorbell schema`: the JSON Schema of tensorbell.yaml, for editors. */
export function registerSchema(program: Command): void {
  program
    .command("schema")
    .description("print the JSON Schema of tensorbell.yaml, for editors")
    .addHelpText("after", `\n  tensorbell schema > tensorbell.schema.json`)
    .action(() => {
      process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    });
}
