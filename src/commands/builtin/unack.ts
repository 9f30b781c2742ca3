import { authorOf } from "../author.js";
import type { Command } from "../command.js";
import { offer } from "../offer.js";
import { phrase } from "../phrase.js";
import { code, message, note, problem, text, toEverybody } from "../reply.js";
import { shown } from "../shown.js";
import { runWord, whichRun } from "../which-run.js";

export const unack: Command = {
  name: "unack",
  aliases: ["取消确认", "撤销确认"],
  usage: { en: "/tb unack [run]", zh: "/tb 取消确认 [运行]" },
  summary: { en: "Takes an acknowledgement back.", zh: "撤回对告警的确认。" },
  needs: "touch",
  async run(words, context) {
    const { locale, alerts, request } = context;
    const which = await whichRun(words, context);
    if (which.kind === "problem") return which.reply;
    if (which.kind === "none") {
      return problem(phrase(locale, "Of which run?", "哪个运行？"), text(code(unack.usage[locale])));
    }
    const name = shown(which.run.run.name);
    const changed = await alerts.unack(which.run.id);
    if (changed.length === 0) {
      return problem(phrase(locale, `Nothing of ${name} is acknowledged.`, `${name} 没有已确认的告警。`));
    }
    const author = shown(authorOf(request.actor));
    const alertsWord = changed.length === 1 ? "1 alert" : `${changed.length} alerts`;
    return toEverybody(
      message(
        "info",
        phrase(
          locale,
          `${name}: ${author} took the acknowledgement of ${alertsWord} back`,
          `${name}：${author} 撤回了对 ${changed.length} 条告警的确认`,
        ),
        [note(phrase(locale, "Undo: ", "撤销："), code(offer(locale, "ack", runWord(which.run))))],
      ),
    );
  },
};
