import type { Command } from "commander";
import { prepare } from "./prepare.js";

/** `tensorbell demo`: the whole job on five small models that train while you watch. */
export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description("train five small models, most of which go wrong, and talk about them")
    .option("--slack", "talk in the configured Slack channel too (default: on the terminal alone)")
    .addHelpText("after", `\nIt keeps no files, leaves REDIS_URL alone and never talks to DingTalk.`)
    .action(async (options: { readonly slack?: boolean }) => {
      const { runDemo } = await import("./run-demo.js");
      await runDemo(prepare(), { slack: options.slack === true });
    });
}
