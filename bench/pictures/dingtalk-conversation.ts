import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startBot, throwAwayFolder } from "../../test/support/bot-process.js";
import { startFakeDingTalk } from "../../test/support/fake-dingtalk/fake-dingtalk.js";
import type { FakeDingMessage } from "../../test/support/fake-dingtalk/world.js";
import { type Bubble, dingTalkPage, type Spoken } from "./dingtalk-page.js";
import { lossThatRises } from "./loss-that-rises.js";
import { photograph } from "./photograph.js";

/** A run's conversation in a DingTalk group, in Chinese: the real process says it, the fake group receives it, a browser draws it. */
export async function pictureOfDingTalk(file: string): Promise<void> {
  const folder = throwAwayFolder();
  const logs = join(folder.path, "logs");
  mkdirSync(logs);
  const ding = await startFakeDingTalk();
  writeFileSync(
    join(folder.path, "tensorbell.yaml"),
    `watches: [logs]\ndingtalk: { conversation: "${ding.group}", language: zh, timeZone: Asia/Shanghai }\n`,
  );
  const bot = startBot({ words: ["start"], env: ding.env, home: folder.path });
  const next = async (which: (message: FakeDingMessage) => boolean): Promise<FakeDingMessage> => {
    const found = (): FakeDingMessage | undefined => ding.messages().findLast(which);
    await ding.until(() => found() !== undefined, 60_000);
    return found() ?? Promise.reject(new Error("it was there"));
  };
  try {
    await ding.until(() => ding.gateway.open > 0 && bot.log().includes("watch_live"), 60_000);
    const run = lossThatRises(join(logs, "cifar10", "run42"), Date.now());
    run.rise();
    const alert = await next(({ text }) => text.includes("![chart]"));
    const opening = await next(({ via, key }) => via === "group" && key !== alert.key);
    const who = "李雷";
    const ask = async (text: string): Promise<readonly [Bubble, Bubble]> => {
      const before = ding.messages().length;
      const spoken: Spoken = { who, text: `@TensorBell ${text}`, quotes: alert.title };
      await ding.says({ text, quotes: { key: alert.key }, more: { senderNick: who } });
      const message = await next((one) => ding.messages().indexOf(one) >= before && one.via === "session");
      return [
        { kind: "person", spoken },
        { kind: "robot", message },
      ];
    };
    const answers = [...(await ask("状态")), ...(await ask("静音 2小时"))];
    run.recover();
    const over = await next(({ title }) => title.startsWith("已恢复"));
    const said = (message: FakeDingMessage): Bubble => ({ kind: "robot", message });
    const page = dingTalkPage(
      [
        [said(opening), said(alert)],
        [...answers, said(over)],
      ],
      {
        media: ding.world.media,
        names: new Map([[ding.member, who]]),
      },
    );
    await photograph(page, file, 1.4);
  } finally {
    await bot.stop();
    await ding.stop();
    folder.remove();
  }
}
