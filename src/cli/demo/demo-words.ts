import { phrase } from "../../commands/phrase.js";
import type { Locale } from "../../lib/locale.js";
import { demoRuns } from "./demo-runs.js";

/** What the demo says before it starts: where it trains, what each run will do, and what to type. */
export function demoWords(root: string, locale: Locale): string {
  const lines = [
    phrase(
      locale,
      `Demo: five small models train below ${root}`,
      `演示：五个小模型正在此目录下训练：${root}`,
    ),
    ...demoRuns.map(({ name, story }) => phrase(locale, `  ${name}: ${story.en}`, `  ${name}：${story.zh}`)),
    phrase(
      locale,
      "Type /tb help to see what you can ask; Ctrl-C ends the demo.",
      "输入 /tb 帮助 查看可用命令；按 Ctrl-C 结束演示。",
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** Why the demo runs where somebody meant to watch something: neither `logs` nor another directory is there. */
export function nothingToWatch(logs: string, locale: Locale): string {
  return phrase(
    locale,
    `Nothing to watch: there is no ${logs}, and no directory was named (npm start -- path/to/logs). Here is the demo.\n`,
    `没有可监视的目录：${logs} 不存在，也没有指定其他目录（npm start -- path/to/logs）。以下是演示。\n`,
  );
}
