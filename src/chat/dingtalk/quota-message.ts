import type { Locale } from "../../lib/locale.js";
import type { Message } from "../../message/message.js";
import { formatCount } from "../../message/format-number.js";
import type { Standing } from "./governor.js";
import type { QuotaKind } from "./quota-store.js";

/** Whether somebody asks for the quota: a word of this platform alone. */
export function asksForQuota(text: string): boolean {
  return /^(?:@\S+\s+)?(?:[/／]?tb\s+)?(?:quota|额度|配额)$/iu.test(text.trim());
}

/** The month's quota, used and left. */
export function quotaMessage({ month, spent, budget, tier }: Standing, locale: Locale): Message {
  const zh = locale === "zh";
  const line = (used: number, of: number): string =>
    of === 0
      ? formatCount(used)
      : `${formatCount(used)} / ${formatCount(of)} (${Math.floor((100 * used) / of)} %)`;
  return {
    tone: "info",
    headline: zh ? `钉钉额度 · ${month}` : `DingTalk quota · ${month}`,
    blocks: [
      {
        kind: "facts",
        facts: [
          { label: zh ? "API 调用" : "API calls", value: [line(spent.api, budget.api)] },
          {
            label: zh ? "Webhook 与 Stream 消息" : "webhook and Stream messages",
            value: [line(spent.webhookStream, budget.webhookStream)],
          },
          { label: zh ? "现在" : "now", value: [tierWords[tier][locale]] },
        ],
      },
      {
        kind: "note",
        content: [
          zh
            ? "只统计本机器人；同一组织的其他应用共用额度。"
            : "Counts this bot alone; the organisation's other apps use the same quota.",
        ],
      },
    ],
  };
}

/** What is said once when a share of the month's quota is used. */
export function quotaWarning(kind: QuotaKind, percent: 80 | 95, locale: Locale): Message {
  const zh = locale === "zh";
  const name =
    kind === "api"
      ? zh
        ? "API 调用"
        : "API calls"
      : zh
        ? "Webhook 与 Stream 消息"
        : "webhook and Stream messages";
  const after = percent === 95 ? tierWords.last[locale] : tierWords.saving[locale];
  return {
    tone: "warning",
    headline: zh
      ? `本月钉钉额度已用 ${percent} %：${name}`
      : `${percent} % of this month's DingTalk quota is used: ${name}`,
    blocks: [
      { kind: "text", content: [after] },
      { kind: "note", content: [zh ? "查看：quota" : "See it with quota"] },
    ],
  };
}

const tierWords = {
  normal: { en: "everything is sent", zh: "全部发送" },
  saving: { en: "saving: cards are not updated", zh: "节省：不再更新卡片" },
  scarce: { en: "scarce: pictures only for critical alerts", zh: "紧张：仅严重告警带图" },
  last: { en: "nearly used up: only critical alerts, as text", zh: "即将用尽：仅发送严重告警文字" },
} as const;
