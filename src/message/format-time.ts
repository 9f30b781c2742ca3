import type { Locale } from "../lib/locale.js";

const farthestMs = 8.64e15;
const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment in a time zone, the same form in both languages: `2026-03-01 14:05:09 UTC`. Milliseconds since 1970. */
export function formatTime(ms: number, zone: string, locale: Locale): string {
  const parts = partsOf(ms, zone);
  if (parts === undefined) return locale === "zh" ? "时间未知" : "unknown time";
  return `${parts.date} ${parts.time} ${parts.zone}`;
}

/** The time of day, for a headline that is read when it arrives: `14:05 UTC`. */
export function formatClock(ms: number, zone: string, locale: Locale): string {
  const parts = partsOf(ms, zone);
  if (parts === undefined) return locale === "zh" ? "时间未知" : "unknown time";
  return `${parts.time.slice(0, 5)} ${parts.zone}`;
}

/** How long ago, in the largest unit that says it: `3 min ago`, `3 分钟前`; the future is `just now`. Milliseconds. */
export function formatAgo(then: number, now: number, locale: Locale): string {
  const seconds = (now - then) / 1_000;
  if (!Number.isFinite(seconds)) return locale === "zh" ? "时间未知" : "at an unknown time";
  if (seconds < 10) return locale === "zh" ? "刚刚" : "just now";
  const [size, en, zh] = agoUnits.find(([unit]) => seconds >= unit) ?? [1, "s", "秒"];
  const count = Math.floor(seconds / size);
  return locale === "zh" ? `${count} ${zh}前` : `${count} ${en} ago`;
}

/** Whether the machine knows this IANA name; for the config's door. */
export function isTimeZone(zone: string): boolean {
  try {
    return formatOf(zone).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

const agoUnits: readonly (readonly [number, string, string])[] = [
  [86_400, "d", "天"],
  [3_600, "h", "小时"],
  [60, "min", "分钟"],
  [1, "s", "秒"],
];

function partsOf(ms: number, zone: string): { date: string; time: string; zone: string } | undefined {
  if (!Number.isFinite(ms) || Math.abs(ms) > farthestMs) return undefined;
  const found: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const part of formatOf(zone).formatToParts(ms)) found[part.type] = part.value;
  return {
    date: `${found.year ?? ""}-${found.month ?? ""}-${found.day ?? ""}`,
    time: `${found.hour ?? ""}:${found.minute ?? ""}:${found.second ?? ""}`,
    zone: found.timeZoneName ?? zone,
  };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const held = formats.get(zone);
  if (held !== undefined) return held;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  });
  formats.set(zone, made);
  return made;
}
