import type { Locale } from "../lib/locale.js";
import type { ChartLine, ChartMark, ChartSpec } from "../message/chart-spec.js";
import { settingWords } from "./suggest-words.js";
import type { Study } from "./suggest-study.js";

/** Every run as a point at the setting from which on it is quiet, healthy and bad ones apart, each from low to high; what lies above a level alarms there. */
export function suggestPicture(study: Study, title: string, locale: Locale): ChartSpec {
  const { suggestion } = study;
  const zh = locale === "zh";
  const levels = [
    { place: suggestion.chosen, word: zh ? "建议" : "suggested" },
    { place: suggestion.current, word: zh ? "当前" : "now" },
  ].flatMap(({ place, word }): ChartMark[] => {
    if (place === undefined || (word !== "now" && word !== "当前" && place === suggestion.current)) return [];
    const candidate = study.candidates[place];
    const label = candidate === undefined ? word : `${word}: ${settingWords(study, candidate)}`;
    return [{ kind: "level", value: heightOf(study, place), label }];
  });
  return {
    locale,
    title,
    subtitle: zh
      ? "每个点是一个运行：高于横线者会告警（横轴为运行占比 %）"
      : "each point is a run: those above a line alarm (across: % of runs)",
    across: "%",
    lines: [
      lineOf(study, "badly", zh ? "异常结束" : "ended badly"),
      lineOf(study, "well", zh ? "正常结束" : "ended well"),
    ].filter(({ step }) => step.length > 0),
    marks: levels,
    scale: study.knob.kind === "total" ? "log" : "auto",
  };
}

function lineOf(study: Study, ended: "well" | "badly", label: string): ChartLine {
  const lowest = lowestOf(study);
  const reached = study.trials
    .filter((trial) => trial.ended === ended)
    .map(({ firesUpTo }) => firesUpTo)
    .sort((a, b) => a - b);
  return {
    label,
    weight: ended === "well" ? "main" : "dimmed",
    step: Float64Array.from(reached, (_, i) => (100 * (i + 1)) / reached.length),
    value: Float64Array.from(reached, (place) => between(study, Math.max(place, lowest))),
  };
}

/** Runs that never alarm are drawn just below all that matters, not at the end of the scale. */
function lowestOf({ trials, suggestion: { chosen = Infinity, current = Infinity } }: Study): number {
  const places = trials.flatMap(({ firesUpTo }) => (firesUpTo > 0 ? [firesUpTo - 1] : []));
  const lowest = Math.min(chosen, current, ...places);
  return Number.isFinite(lowest) ? Math.max(0, lowest - 1) : 0;
}

/** Between the calmest candidate that alarms and the next; below the first where none does, above the last where all do. */
function between(study: Study, place: number): number {
  const low = heightOf(study, place - 1);
  const high = heightOf(study, place);
  return study.knob.kind === "total" ? Math.sqrt(low * high) : (low + high) / 2;
}

function heightOf({ knob, candidates }: Study, place: number): number {
  if (knob.kind === "word") return place;
  const inside = Math.max(0, Math.min(candidates.length - 1, place));
  const value = Number(candidates[inside] ?? 0);
  if (place === inside) return value;
  const out = place - inside;
  if (knob.kind === "total") return value * 2 ** out;
  return value + (knob.op === ">" ? out : -out) * Math.max(Math.abs(value) * 0.05, 1e-6);
}
