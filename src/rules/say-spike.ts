import type { Locale } from "../lib/locale.js";
import { formatNumber } from "../message/format-number.js";
import type { Evidence } from "./rule.js";

/** The sentence of rules about single values far outside: what it became, what was usual, and whether it stayed. */
export function saySpike({ numbers }: Evidence, locale: Locale, name: string): string {
  const { value = 0, usual = 0, sigmas, lasted } = numbers;
  const [now, before] = [formatNumber(value), formatNumber(usual)];
  if (lasted !== undefined) {
    return locale === "zh"
      ? `${name} 已发散：跳变后 ${lasted} 个点仍未恢复，现为 ${now}，此前约 ${before}`
      : `${name} has diverged: not back for ${lasted} points since its jump, ${now}, was about ${before}`;
  }
  const size = sigmas === undefined || !(sigmas < 1e6) ? "" : sigmas.toFixed(0);
  if (locale === "zh") {
    return `${name} 突变至 ${now}，平时约 ${before}${size === "" ? "" : `（偏离 ${size}σ）`}`;
  }
  return `${name} jumped to ${now}, usually about ${before}${size === "" ? "" : ` (${size}σ away)`}`;
}
