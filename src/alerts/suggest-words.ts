import type { Locale } from "../lib/locale.js";
import type { Candidate } from "./suggest-knob.js";
import type { Study } from "./suggest-study.js";
import { fewestHealthy } from "./suggest.js";

/** What a study found, in one sentence. */
export function adviceWords(study: Study, locale: Locale): string {
  const { suggestion, candidates, knob } = study;
  const { advice, chosen, well, badly, tradeOffs } = suggestion;
  const setting = `${knob.rule} ${settingWords(study, candidates[chosen ?? -1] ?? "")}`;
  const found = tradeOffs[chosen ?? -1];
  const quiet = `${found?.quiet ?? 0}/${well}`;
  const caught = `${found?.caught ?? 0}/${badly}`;
  const zh = locale === "zh";
  switch (advice) {
    case "too-few":
      return zh
        ? `${well === 0 ? "没有" : `只有 ${well} 个`}运行正常结束，至少需要 ${fewestHealthy} 个才能给出建议。`
        : `${well === 0 ? "No past run" : `Only ${well} past ${well === 1 ? "run" : "runs"}`} ended well; a suggestion takes at least ${fewestHealthy}.`;
    case "useless":
      return zh
        ? `规则 ${knob.rule} 无论怎样设置，都无法在不增加误报的情况下发现这 ${badly} 个异常结束的运行。`
        : `No setting of ${knob.rule} catches the ${badly} ${badly === 1 ? "run" : "runs"} that ended badly without disturbing more than it gains.`;
    case "keep":
      return zh
        ? `保持 ${setting}：正常运行中 ${quiet} 不受打扰${badly === 0 ? "" : `，异常运行中发现 ${caught}`}；没有更好的设置。`
        : `Keep ${setting}: quiet on ${quiet} healthy runs${badly === 0 ? "" : `, catches ${caught} bad ones`}; nothing does better.`;
    case "change":
      return zh
        ? `建议 ${setting}：正常运行中 ${quiet} 不受打扰${badly === 0 ? "" : `，异常运行中发现 ${caught}`}。`
        : `Suggested: ${setting}: quiet on ${quiet} healthy runs${badly === 0 ? "" : `, catches ${caught} bad ones`}.`;
  }
}

/** What was counted as a healthy run, and what was not looked at. */
export function outcomeWords({ suggestion }: Study, locale: Locale): string {
  const { well, badly, unclear } = suggestion;
  if (locale === "zh") {
    const none = badly === 0 && well > 0 ? "没有异常结束的运行，因此只能说明误报情况。" : "";
    const skipped = unclear === 0 ? "" : `${unclear} 个运行太短或方向未知，未计入。`;
    return `正常结束：所有值有限，且末尾的滑动中位数与最好成绩相差不超过总进步的 10%（或在噪声内）。${none}${skipped}`;
  }
  const none = badly === 0 && well > 0 ? " No run ended badly, so this says only what stays quiet." : "";
  const skipped =
    unclear === 0
      ? ""
      : ` Left out: ${unclear} ${unclear === 1 ? "run" : "runs"}, too short or of unknown direction.`;
  return `Ended well: every value finite, and the running median ends within 10 % of its best progress (or within the noise).${none}${skipped}`;
}

/** The trade-off as a table; only settings at which something changes. */
export function tradeOffTable(
  study: Study,
  locale: Locale,
): { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const { suggestion, candidates } = study;
  const { tradeOffs, chosen, current, well, badly } = suggestion;
  const zh = locale === "zh";
  const rows = shownPlaces(study).map((place) => {
    const found = tradeOffs[place];
    const marks = [
      ...(place === chosen && place !== current ? [zh ? "建议" : "suggested"] : []),
      ...(place === current ? [zh ? "当前" : "now"] : []),
    ];
    return [
      settingWords(study, candidates[place] ?? ""),
      `${found?.quiet ?? 0}/${well}`,
      `${found?.caught ?? 0}/${badly}`,
      marks.join(", "),
    ];
  });
  return {
    columns: zh
      ? ["设置", "正常且不受打扰", "异常且被发现", ""]
      : ["setting", "healthy and quiet", "bad and caught", ""],
    rows,
  };
}

/** `min_total 0.2`, `> 2.5`, `sensitivity calm`; a number to its last digit, since a rounded limit may lie on the other side of a run. */
export function settingWords({ knob, points }: Pick<Study, "knob" | "points">, candidate: Candidate): string {
  if (knob.kind !== "limit") return `${knob.setting} ${candidate}`;
  return `${knob.op} ${candidate}${points === 1 ? "" : ` for ${points}`}`;
}

const mostRows = 12;

/** Places where the counts change, the present and the chosen one always, the nearest to the chosen one first. */
function shownPlaces({ suggestion }: Study): readonly number[] {
  const { tradeOffs, chosen, current } = suggestion;
  const changes = tradeOffs.flatMap(({ candidate, quiet, caught }, i) => {
    const before = tradeOffs[i - 1];
    return before?.quiet === quiet && before.caught === caught ? [] : [candidate];
  });
  const always = [chosen, current].flatMap((place) => (place === undefined ? [] : [place]));
  const centre = chosen ?? current ?? 0;
  const near = [...changes].sort((a, b) => Math.abs(a - centre) - Math.abs(b - centre));
  return [...new Set([...always, ...near])].slice(0, mostRows).sort((a, b) => a - b);
}
