import { formatDuration } from "../../lib/duration.js";
import type { Locale } from "../../lib/locale.js";
import { authorOf } from "../author.js";
import type { Command, Reply } from "../command.js";
import type { CommandContext } from "../context.js";
import { muteList } from "../mute-list.js";
import { muteTarget, sameTarget } from "../mute-target.js";
import { offer } from "../offer.js";
import { phrase } from "../phrase.js";
import { code, message, note, problem, text, toEverybody } from "../reply.js";
import { shown } from "../shown.js";

export const unmute: Command = {
  name: "unmute",
  aliases: ["取消静音", "解除静音"],
  usage: { en: "/tb unmute [run|group|rule]", zh: "/tb 取消静音 [运行|组|规则]" },
  summary: { en: "Ends a mute before its time.", zh: "提前结束静音。" },
  needs: "touch",
  async run(words, context) {
    const { locale, mutes, now, request } = context;
    const found = await muteTarget(words, context);
    if (found.kind === "problem") return found.reply;
    if (found.kind === "none") return unmuteWhat(context);
    const active = (await mutes.list()).filter(
      (one) => one.until > now && sameTarget(one.target, found.target),
    );
    if (active.length === 0) {
      return problem(phrase(locale, `${found.name} is not muted.`, `${found.name} 未被静音。`));
    }
    for (const one of active) await mutes.remove(one.id);
    const left = Math.max(...active.map((one) => one.until)) - now;
    const again = offer(locale, "mute", found.word, wholeMinutes(left, locale));
    return toEverybody(
      message("info", phrase(locale, `${found.name} is no longer muted`, `${found.name} 已取消静音`), [
        text(
          phrase(
            locale,
            `By ${shown(authorOf(request.actor))}; ${formatDuration(left, locale)} were left.`,
            `由 ${shown(authorOf(request.actor))} 取消，原剩余 ${formatDuration(left, locale)}。`,
          ),
        ),
        note(phrase(locale, "Undo: ", "撤销："), code(again)),
      ]),
    );
  },
};

/** A duration that `mute` accepts: whole minutes, rounded up. */
function wholeMinutes(ms: number, locale: Locale): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  return minutes % 60 === 0
    ? `${minutes / 60}${phrase(locale, "h", "小时")}`
    : `${minutes}${phrase(locale, "m", "分钟")}`;
}

async function unmuteWhat(context: CommandContext): Promise<Reply> {
  const quiet = await muteList(context);
  if (quiet.length === 0) return problem(phrase(context.locale, "Nothing is muted.", "当前没有静音。"));
  return problem(phrase(context.locale, "Unmute which?", "要取消哪一个静音？"), ...quiet);
}
