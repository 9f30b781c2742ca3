import type { Locale } from "../lib/locale.js";

/**
 * Our own words of a command as replies offer them: who reads Chinese is told `/tb 静音 run42 2小时`, on every platform,
 * because a command said in Chinese is also answered in Chinese. Words in angle brackets stand for what is to be filled in.
 */
const inChinese = {
  help: "帮助",
  runs: "运行",
  status: "状态",
  chart: "图",
  alerts: "告警",
  threshold: "阈值",
  suggest: "建议",
  rules: "规则",
  mute: "静音",
  unmute: "取消静音",
  ack: "确认",
  unack: "取消确认",
  watch: "监控",
  quota: "额度",
  whoami: "我是谁",
  add: "添加",
  list: "列表",
  remove: "移除",
  reset: "重置",
  all: "全部",
  for: "连续",
  "2h": "2小时",
  "<run>": "<运行>",
  "<rule>": "<规则>",
  "<metric>": "<指标>",
  "<value>": "<数值>",
  "<directory>": "<目录>",
  "<word>": "<关键字>",
} as const;

/** A word of a command that is ours and not a name: those alone have a translation. */
export type OwnWord = keyof typeof inChinese;

export function ownWord(locale: Locale, word: OwnWord): string {
  return locale === "zh" ? inChinese[word] : word;
}

/** A whole command for a reply to offer: our words in its language, then names and numbers as they are. */
export function offer(
  locale: Locale,
  words: OwnWord | readonly [OwnWord, ...OwnWord[]],
  ...rest: readonly string[]
): string {
  const own = typeof words === "string" ? [words] : words;
  return ["/tb", ...own.map((word) => ownWord(locale, word)), ...rest].join(" ");
}
