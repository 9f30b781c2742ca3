import type { MonthQuota } from "../../commands/context.js";
import type { Locale } from "../../lib/locale.js";
import type { Message } from "../../message/message.js";
import type { Standing } from "./governor.js";
import type { QuotaKind } from "./quota-store.js";

/** The month's quota, used and left, for whoever asks. */
export function monthQuota({ month, spent, budget, tier }: Standing): MonthQuota {
  return {
    title: { en: "DingTalk quota", zh: "钉钉额度" },
    month,
    zone: { en: "calendar month, China time (UTC+8)", zh: "自然月，北京时间（UTC+8）" },
    counted: [
      { name: names.api, used: spent.api, of: budget.api },
      { name: names.webhookStream, used: spent.webhookStream, of: budget.webhookStream },
    ],
    now: { en: nowWords(tier, "en"), zh: nowWords(tier, "zh") },
    note: {
      en: "Counts this bot alone; the organisation's other apps use the same quota.",
      zh: "只统计本机器人；同一组织的其他应用共用额度。",
    },
  };
}

/** What is said once when a share of the month's quota is used: what is saved from here on. */
export function quotaWarning(kind: QuotaKind, percent: 80 | 95, locale: Locale): Message {
  const name = names[kind][locale];
  return {
    tone: "warning",
    headline:
      locale === "zh"
        ? `本月钉钉额度已用 ${percent} %：${name}`
        : `${percent} % of this month's DingTalk quota is used: ${name}`,
    blocks: [
      { kind: "text", content: [savings[kind][percent][locale]] },
      {
        kind: "note",
        content:
          locale === "zh"
            ? ["查看用量：", { kind: "code", text: "@TensorBell 额度" }]
            : ["See the month: ", { kind: "code", text: "@TensorBell quota" }],
      },
    ],
  };
}

function nowWords(tier: Standing["tier"], locale: Locale): string {
  const robot = tier.webhookStream === "last" ? [savings.webhookStream[95][locale]] : [];
  return [tierWords[tier.api][locale], ...robot].join(locale === "zh" ? "；" : "; ");
}

const names = {
  api: { en: "API calls", zh: "API 调用" },
  webhookStream: { en: "webhook and Stream messages", zh: "Webhook 与 Stream 消息" },
} as const;

const savings = {
  api: {
    80: {
      en: "Cards are no longer updated. From 85 % on only critical alerts have a picture, from 95 % on only critical alerts are sent.",
      zh: "卡片不再更新。达到 85 % 后只有严重告警带图，达到 95 % 后只发送严重告警。",
    },
    95: {
      en: "Until the month ends only critical alerts are sent, as text.",
      zh: "本月余下时间只发送严重告警，且不带图。",
    },
  },
  webhookStream: {
    80: {
      en: "Nothing is held back yet. From 95 % on answers go by the API, and the custom robot says only critical alerts.",
      zh: "目前照常发送。达到 95 % 后，回复改走 API，自定义机器人只发送严重告警。",
    },
    95: {
      en: "Until the month ends answers go by the API, and the custom robot says only critical alerts.",
      zh: "本月余下时间，回复改走 API，自定义机器人只发送严重告警。",
    },
  },
} as const;

const tierWords = {
  normal: { en: "everything is sent", zh: "全部发送" },
  saving: { en: "saving: cards are not updated", zh: "节省：卡片不再更新" },
  scarce: { en: "scarce: only critical alerts have a picture", zh: "紧张：只有严重告警带图" },
  last: {
    en: "nearly used up: only critical alerts are sent, as text",
    zh: "即将用尽：只发送严重告警，不带图",
  },
} as const;
