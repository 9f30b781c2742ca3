import type { Command } from "../command.js";
import { folded } from "../grammar.js";
import { phrase } from "../phrase.js";
import { code, message, note, text, toAsker } from "../reply.js";

/** Help on the other commands; they are passed in because the registry holds help itself. */
export function helpOn(others: Readonly<Record<string, Command>>): Command {
  const help: Command = {
    name: "help",
    aliases: ["h", "?", "帮助", "命令"],
    usage: { en: "/tb help [command]", zh: "/tb 帮助 [命令]" },
    summary: { en: "What the bot understands.", zh: "列出可用命令。" },
    needs: "read",
    run: (words, context) => {
      const { locale } = context;
      const wanted = folded(words[0] ?? "");
      const all = [help, ...Object.values(others)];
      const one = all.find((command) => command.name === wanted || command.aliases.includes(wanted));
      const listed = one === undefined ? all.filter((command) => command.here?.(context) ?? true) : [one];
      return Promise.resolve(
        toAsker(
          message("info", phrase(locale, "What you can ask", "可以这样问"), [
            { kind: "list", items: listed.map((c) => [code(c.usage[locale]), `  ${c.summary[locale]}`]) },
            ...(one === undefined ? [howToName(locale)] : [aliases(one, locale)]),
          ]),
        ),
      );
    },
  };
  return help;
}

function howToName(locale: "en" | "zh") {
  return note(
    phrase(
      locale,
      "A run is named by any part of its name that fits only one; in its own thread, or quoting one of its messages, it needs no name. Metrics: a tag or its last part. Durations: 30m, 2h, 1d.",
      "运行名写出能唯一确定的一部分即可；在它的话题里或引用它的消息时可以省略。指标写标签或其最后一段。时长：30分钟、2小时、1天。",
    ),
  );
}

function aliases(command: Command, locale: "en" | "zh") {
  return text(phrase(locale, "Also: ", "也可写作："), command.aliases.join(phrase(locale, ", ", "、")));
}
