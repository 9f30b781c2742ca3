import type { Mute } from "../alerts/mute.js";
import { formatDuration } from "../lib/duration.js";
import type { Block, Text } from "../message/message.js";
import type { CommandContext } from "./context.js";
import { offer } from "./offer.js";
import { phrase } from "./phrase.js";
import { code } from "./reply.js";
import { quoted, shown } from "./shown.js";

const mostMutes = 15;

/** What is quiet now, soonest end first, each with the command that ends it; no block where nothing is. */
export async function muteList(context: CommandContext): Promise<readonly Block[]> {
  const active = (await context.mutes.list())
    .filter((mute) => mute.until > context.now)
    .sort((a, b) => a.until - b.until);
  if (active.length === 0) return [];
  const items = await Promise.all(active.slice(0, mostMutes).map((mute) => line(mute, context)));
  const more = active.length - mostMutes;
  return [{ kind: "list", items: more > 0 ? [...items, [`… +${more}`]] : items }];
}

async function line(mute: Mute, { runs, locale, now }: CommandContext): Promise<Text> {
  const { target } = mute;
  const name =
    target.kind === "rule"
      ? target.rule
      : target.kind === "group"
        ? target.runs
        : ((await runs.get(target.run))?.run.name ?? target.run);
  const left = formatDuration(mute.until - now, locale);
  return [
    code(shown(name, 60)),
    phrase(
      locale,
      ` muted by ${shown(mute.author)}, ${left} left; `,
      ` 已由 ${shown(mute.author)} 静音，剩余 ${left}；`,
    ),
    code(offer(locale, "unmute", quoted(name))),
  ];
}
