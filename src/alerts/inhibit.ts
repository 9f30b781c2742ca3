import type { Episode } from "./episode.js";

/** What an open episode of one rule makes pointless to say of the same run (rules page, section 2). */
const inhibits: Readonly<Record<string, readonly string[]>> = {
  non_finite: ["consecutive_rise", "consecutive_drop", "spike", "divergence", "plateau", "overfit"],
  divergence: ["consecutive_rise"],
  crashed: ["stalled", "missing_metric", "throughput_drop"],
  finished: ["stalled", "missing_metric", "throughput_drop"],
};

/** The open episode that keeps this one quiet, if any; one never inhibits itself. */
export function inhibitor(episode: Episode, open: readonly Episode[]): Episode | undefined {
  return open.find(
    (other) =>
      other.id !== episode.id &&
      other.state !== "resolved" &&
      (inhibits[other.rule]?.includes(episode.rule) ?? false),
  );
}
