const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  秒: 1_000,
  分: 60_000,
  分钟: 60_000,
  小时: 3_600_000,
  天: 86_400_000,
  周: 604_800_000,
};

/** Reads `90s`, `2h`, `1h30m`, `2小时`, `半小时`; undefined where the text is no duration. Milliseconds. */
export function parseDuration(text: string): number | undefined {
  const compact = text.trim().toLowerCase().replaceAll(/\s+/g, "");
  if (compact === "") return undefined;
  const half = /^半(?:个)?(小时|天)$/.exec(compact)?.[1];
  if (half !== undefined) return (unitMs[half] ?? 0) / 2;
  const part = /(\d+(?:\.\d+)?)(ms|min|s|m|h|d|w|秒|分钟|分|个?小时|天|周)/gy;
  let total = 0;
  let end = 0;
  for (let match = part.exec(compact); match !== null; match = part.exec(compact)) {
    total += Number(match[1]) * (unitMs[match[2]?.replace("个", "") ?? ""] ?? 0);
    end = part.lastIndex;
  }
  return end === compact.length && Number.isFinite(total) ? total : undefined;
}

const shown: readonly (readonly [string, string, number])[] = [
  ["d", "天", 86_400_000],
  ["h", "小时", 3_600_000],
  ["m", "分钟", 60_000],
  ["s", "秒", 1_000],
];

/** The two largest units that matter: `2h 5m`, `2小时5分钟`; below a second `0s`. */
export function formatDuration(ms: number, locale: "en" | "zh" = "en"): string {
  let rest = Math.max(0, Math.round(ms / 1_000) * 1_000);
  const parts: string[] = [];
  for (const [en, zh, unit] of shown) {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    if (count > 0) parts.push(`${count}${locale === "zh" ? zh : en}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  if (parts.length === 0) return locale === "zh" ? "0秒" : "0s";
  return parts.join(locale === "zh" ? "" : " ");
}
