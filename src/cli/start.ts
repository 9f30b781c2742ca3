import { statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { absolute } from "../app/environment.js";
import { readDingTalkOptions } from "../chat/dingtalk/dingtalk-config.js";
import { readSlackOptions } from "../chat/slack/slack-config.js";
import { isRemoteAddress } from "../lib/remote-address.js";
import { UsageError } from "./exit-codes.js";
import { nothingToWatch } from "./demo/demo-words.js";
import { openLogDirectory } from "./log-directory.js";
import { prepare, type Prepared } from "./prepare.js";

/** `tensorbell start [logs…]`: watch, judge and talk until stopped. */
export function registerStart(program: Command): void {
  program
    .command("start")
    .description("watch log directories, judge every run and talk about it, until stopped")
    .argument("[logs...]", "log directories to watch, instead of those of the configuration")
    .option("--config <file>", "configuration file (default: ./tensorbell.yaml where it exists)")
    .addHelpText(
      "after",
      "\nWithout directories and configuration, ./logs is watched; where that does not exist, the demo runs,\nunless Slack or DingTalk is set up, where watches can be added in chat.\n\n  tensorbell start ~/logs s3://bucket/logs",
    )
    .action((logs: string[], options: { readonly config?: string }) => start(logs, prepare(options.config)));
}

async function start(logs: readonly string[], prepared: Prepared): Promise<void> {
  const { config, environment, folder } = prepared;
  const watches = logs.length > 0 ? logs.map((path) => ({ root: absolute(path, folder) })) : config.watches;
  for (const { root } of logs.length > 0 ? watches : []) {
    if (!isRemoteAddress(root) && !isDirectory(root))
      throw new UsageError(`${root}: expected a directory with TensorBoard logs, found none`);
  }
  for (const { root } of watches.filter((watch) => isRemoteAddress(watch.root))) {
    openLogDirectory(root);
  }
  const idle =
    watches.length === 0 &&
    config.roots.length === 0 &&
    readSlackOptions(environment.variables).kind === "off" &&
    readDingTalkOptions(environment.variables).kind === "off";
  const fallback = join(folder, "logs");
  if (idle && !isDirectory(fallback)) {
    process.stdout.write(nothingToWatch(fallback, config.language));
    const { runDemo } = await import("./run-demo.js");
    await runDemo(prepared, { slack: false });
    return;
  }
  const { openLog } = await import("./open-log.js");
  const { runApp } = await import("./run-app.js");
  const chosen = idle ? [{ root: fallback }] : watches;
  await runApp({ config: { ...config, watches: chosen }, environment, log: openLog(environment) });
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
