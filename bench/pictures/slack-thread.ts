import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startBot, throwAwayFolder } from "../../test/support/bot-process.js";
import { startFakeSlack } from "../../test/support/fake-slack/fake-slack.js";
import { lossThatRises } from "./loss-that-rises.js";
import { photograph } from "./photograph.js";
import { slackPage } from "./slack-page.js";

/** A run's thread in Slack: the real process posts it, the fake channel receives it, a browser draws it. */
export async function pictureOfSlack(file: string): Promise<void> {
  const folder = throwAwayFolder();
  const logs = join(folder.path, "logs");
  mkdirSync(logs);
  const slack = await startFakeSlack();
  writeFileSync(join(folder.path, "tensorbell.yaml"), "watches: [logs]\n");
  const env = { ...slack.env, SLACK_CHANNEL: slack.channel, TENSORBOARD_URL: "http://tensorboard:6006" };
  const bot = startBot({ words: ["start"], env, home: folder.path });
  try {
    await slack.until(() => slack.sockets.open > 0 && bot.log().includes("watch_live"), 60_000);
    lossThatRises(join(logs, "cifar10", "run42"), Date.now()).rise();
    const thread = () => slack.messages().flatMap((root) => [root, ...slack.thread(slack.channel, root.ts)]);
    await slack.until(() => JSON.stringify(thread()).includes("slack_file"), 60_000);
    const asked = await slack.mention({ text: "mute 2h", thread: thread()[0]?.ts ?? "" });
    await asked.first(20_000);
    await photograph(slackPage(thread(), { files: slack.files, who: "ana" }), file, 1);
  } finally {
    await bot.stop();
    await slack.stop();
    folder.remove();
  }
}
