import type { Command } from "commander";
import { stringify } from "yaml";

import { slackManifest } from "../chat/slack/slack-manifest.js";

/** `tensorbell manifest`: prints the Slack app's manifest, ready to paste when the app is created. */
export function registerManifest(program: Command): void {
  program
    .command("manifest")
    .description("print the manifest to create the Slack app from")
    .option("--yaml", "as YAML (the default)")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nOpen https://api.slack.com/apps, choose Create New App, From a manifest, and paste it.",
    )
    .action((options: { readonly json?: true }) => {
      process.stdout.write(manifestText(options.json === true ? "json" : "yaml"));
    });
}

function manifestText(format: "json" | "yaml"): string {
  const manifest = slackManifest();
  return format === "json" ? `${JSON.stringify(manifest, null, 2)}\n` : stringify(manifest, { lineWidth: 0 });
}
