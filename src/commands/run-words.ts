import type { Locale } from "../lib/locale.js";
import type { RunSummary } from "./context.js";
import { phrase } from "./phrase.js";

/** The state of a run as a word. */
export function stateWord(state: RunSummary["state"], locale: Locale): string {
  switch (state) {
    case "running":
      return phrase(locale, "running", "运行中");
    case "quiet":
      return phrase(locale, "quiet", "静默");
    case "finished":
      return phrase(locale, "finished", "已结束");
    case "crashed":
      return phrase(locale, "crashed", "已崩溃");
    case "silent":
      return phrase(locale, "unknown (silent)", "状态未知（静默）");
  }
}

/** Open alerts as a count in words. */
export function openWord(count: number, locale: Locale): string {
  if (count === 0) return phrase(locale, "no open alerts", "无未恢复告警");
  return phrase(locale, count === 1 ? "1 open alert" : `${count} open alerts`, `${count} 条未恢复告警`);
}

/** Running first, then those with open alerts, then by the newest arrival. */
export function byInterest(a: RunSummary, b: RunSummary): number {
  return (
    Number(b.state === "running") - Number(a.state === "running") ||
    Number(b.openEpisodes > 0) - Number(a.openEpisodes > 0) ||
    b.lastArrivalAt - a.lastArrivalAt ||
    (a.run.name < b.run.name ? -1 : 1)
  );
}
