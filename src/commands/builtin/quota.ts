import { formatCount } from "../../message/format-number.js";
import type { Command } from "../command.js";
import type { MonthQuota } from "../context.js";
import { phrase } from "../phrase.js";
import { message, note, toAsker } from "../reply.js";

export const quota: Command = {
  name: "quota",
  aliases: ["budget", "额度", "配额"],
  usage: { en: "/tb quota", zh: "/tb 额度" },
  summary: {
    en: "What the platform allows in a month, used and left; where it counts.",
    zh: "平台每月额度的已用与剩余；仅限有额度的平台。",
  },
  needs: "read",
  here: (context) => context.quota !== undefined,
  async run(_words, context) {
    const { locale } = context;
    if (context.quota === undefined) {
      return toAsker(
        message("info", phrase(locale, "Nothing is counted here.", "这里不计额度。"), [
          note(phrase(locale, "This platform has no monthly quota.", "此平台没有每月额度。")),
        ]),
      );
    }
    const { title, month, zone, counted, now, note: small } = await context.quota();
    return toAsker(
      message("info", `${title[locale]} · ${month}`, [
        {
          kind: "facts",
          facts: [
            ...counted.map((one) => ({ label: one.name[locale], value: [usedOf(one, context.locale)] })),
            { label: phrase(locale, "now", "现在"), value: [now[locale]] },
            { label: phrase(locale, "counted by", "计时"), value: [zone[locale]] },
          ],
        },
        note(small[locale]),
      ]),
    );
  },
};

function usedOf({ used, of }: MonthQuota["counted"][number], locale: "en" | "zh"): string {
  if (of === 0)
    return phrase(locale, `${formatCount(used)} used, no limit`, `已用 ${formatCount(used)}，不限`);
  const left = formatCount(Math.max(0, of - used));
  const share = `${Math.floor((100 * used) / of)} %`;
  return phrase(
    locale,
    `${formatCount(used)} of ${formatCount(of)} used (${share}), ${left} left`,
    `已用 ${formatCount(used)} / ${formatCount(of)}（${share}），剩余 ${left}`,
  );
}
