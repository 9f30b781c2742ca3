import type { Episode } from "./episode.js";

/** What an open episode of one rule makes pointless to say of the same run (rules page, section 2). */
const trends = ["consecutive_rise", "consecutive_drop", "eval_drop", "no_learning", "plateau", "overfit"];
const singles = ["spike", "jump"];
const inhibits: Readonly<Record<string, readonly string[]>> = {
  non_finite: [...trends, ...singles, "divergence", "explosion", "hidden_nan"],
  hidden_nan: [...trends, ...singles, "divergence"],
  explosion: [...trends, ...singles, "divergence"],
  divergence: ["consecutive_rise", "consecutive_drop", "eval_drop", "plateau"],
  jump: ["spike"],
  no_learning: ["plateau"],
  crashed: ["stalled", "missing_metric", "throughput_drop", "gpu_idle"],
  finished: ["stalled", "missing_metric", "throughput_drop", "gpu_idle"],
};

/** A spike or jump that did not come back is one. */
function isDivergence({ rule, severity }: Episode): boolean {
  return singles.includes(rule) && severity === "critical";
}

/** The open episode that keeps this one quiet, if any; one never inhibits itself. */
export function inhibitor(episode: Episode, open: readonly Episode[]): Episode | undefined {
  return open.find(
    (other) =>
      other.id !== episode.id &&
      other.state !== "resolved" &&
      (inhibits[isDivergence(other) ? "divergence" : other.rule]?.includes(episode.rule) ?? false),
  );
}
