import type { Episode } from "./episode.js";

/** What an open episode of one rule makes pointless to say of the same run (rules page, section 2). */
const trends = ["consecutive_rise", "consecutive_drop", "eval_drop", "no_learning", "plateau", "overfit"];
const singles = ["spike", "jump"];
const inhibits: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    non_finite: [...trends, ...singles, "divergence", "explosion", "hidden_nan"],
    hidden_nan: [...trends, ...singles, "divergence"],
    explosion: [...trends, ...singles, "divergence"],
    divergence: ["consecutive_rise", "consecutive_drop", "eval_drop", "plateau"],
    jump: ["spike"],
    no_learning: ["plateau"],
    crashed: ["stalled", "missing_metric", "throughput_drop", "gpu_idle"],
    finished: ["stalled", "missing_metric", "throughput_drop", "gpu_idle"],
  }),
);

/** A spike or jump that did not come back is one. */
function isDivergence({ rule, severity }: Episode): boolean {
  return singles.includes(rule) && severity === "critical";
}

/** A tag that never was finite, or a warning of some other tag, must not hide that the loss explodes. */
function outweighs(one: Episode, other: Episode): boolean {
  if (one.rule === "finished") return true;
  return one.severity === "critical" || (one.severity === "warning" && other.severity !== "critical");
}

/** A jump that became a divergence is still that jump. */
function quieted(by: Episode): readonly string[] {
  const own = inhibits.get(by.rule) ?? [];
  return isDivergence(by) ? [...own, ...(inhibits.get("divergence") ?? [])] : own;
}

/** The open episode that keeps this one quiet, if any: never itself, nor one that weighs less, nor a bit of information. */
export function inhibitor(episode: Episode, open: readonly Episode[]): Episode | undefined {
  return open.find(
    (other) =>
      other.id !== episode.id &&
      other.state !== "resolved" &&
      outweighs(other, episode) &&
      quieted(other).includes(episode.rule),
  );
}
