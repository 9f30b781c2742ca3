import { type Command, Option } from "commander";

/** `tensorbell manifest`: prints the Slack app's manifest, ready to paste when the app is created. */
export function registerManifest(program: Command): void {
  program
    .command("manifest")
    .description("print the manifest to create the Slack app from")
    .option("--yaml", "as YAML (the default)")
    .addOption(new Option("--json", "as JSON").conflicts("yaml"))
    .addHelpText(
      "after",
      "\nOpen https://api.slack.com/apps, choose Create New App, From a manifest, and paste it.",
    )
    .action(async (options: { readonly json?: true }) => {
      const { print } = await import("./print.js");
      await print(await manifestText(options.json === true ? "json" : "yaml"));
    });
}

async function manifestText(format: "json" | "yaml"): Promise<string> {
  const { slackManifest } = await import("../chat/slack/slack-manifest.js");
  const manifest = slackManifest();
  if (format === "json") return `${JSON.stringify(manifest, null, 2)}\n`;
  const { stringify } = await import("yaml");
  return stringify(manifest, { lineWidth: 0 });
}
