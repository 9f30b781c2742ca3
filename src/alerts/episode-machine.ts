import type { Evidence, Hold, Severity, Verdict } from "../rules/rule.js";
import type { Episode, EpisodeState, Moment, Transition } from "./episode.js";

/** What one episode is about and how patient it is; `id` is asked for when an episode begins. */
export interface EpisodeContext {
  readonly hold: Hold;
  /** The rule's severity where the verdict names none. */
  readonly severity: Severity;
  begin(about: Evidence["about"]): Pick<Episode, "id" | "run" | "rule" | "split" | "tag">;
}

/** The episode after a verdict (undefined: none is open) and what somebody may want to hear of. */
export interface EpisodeStep {
  readonly episode: Episode | undefined;
  readonly transition?: Transition;
}

/** Whether a verdict leaves things exactly as they are, so that nothing need be asked. */
export function changesNothing(episode: Episode | undefined, verdict: Verdict): boolean {
  if (verdict.kind === "no-data") return true;
  if (episode === undefined) return verdict.kind !== "breach";
  return verdict.kind === "ok" && episode.state === "firing";
}

/** One verdict, one step: pending → firing → recovering → resolved. Breaches of a firing episode are news only when more severe. */
export function advanceEpisode(
  episode: Episode | undefined,
  verdict: Verdict,
  at: { readonly moment: Moment; readonly context: EpisodeContext },
): EpisodeStep {
  if (changesNothing(episode, verdict)) return { episode };
  if (verdict.kind === "breach") {
    const severity = verdict.severity ?? at.context.severity;
    return breached(episode, { evidence: verdict.evidence, severity }, at);
  }
  if (episode === undefined) return { episode };
  if (episode.state === "pending") return { episode: undefined };
  if (verdict.kind === "clear") return recovered(episode, at);
  return { episode: inState(episode, "firing", 0) };
}

/** The end of an episode; one that was still pending ends unheard. */
export function resolveEpisode(
  episode: Episode,
  moment: Moment,
  reason: NonNullable<Episode["resolved"]>["reason"],
): Transition | undefined {
  if (episode.state === "pending") return undefined;
  const { streak: _streak, ...rest } = episode;
  return { kind: "resolved", episode: { ...rest, state: "resolved", resolved: { ...moment, reason } } };
}

/** No streak crosses a restart: what was pending is forgotten, what was recovering fires again. */
export function interruptEpisode(episode: Episode): Episode | undefined {
  if (episode.state === "pending") return undefined;
  return episode.state === "recovering" ? inState(episode, "firing", 0) : episode;
}

function breached(
  episode: Episode | undefined,
  breach: { readonly evidence: Evidence; readonly severity: Severity },
  { moment, context }: { readonly moment: Moment; readonly context: EpisodeContext },
): EpisodeStep {
  if (episode === undefined || episode.state === "pending") {
    const streak = (episode?.streak ?? 0) + 1;
    const base = episode ?? context.begin(breach.evidence.about);
    const pending: Episode = { ...base, ...breach, opened: moment, state: "pending", streak };
    if (streak < context.hold.breaches) return { episode: pending };
    const firing = inState(pending, "firing", 0);
    return { episode: firing, transition: { kind: "fired", episode: firing } };
  }
  const firing = inState(episode, "firing", 0);
  if (rank[breach.severity] <= rank[episode.severity]) return { episode: firing };
  // What grew worse is news, however often it came before.
  const { flapping: _flapping, ...told } = firing;
  const worse: Episode = { ...told, ...breach };
  return { episode: worse, transition: { kind: "escalated", episode: worse } };
}

function recovered(
  episode: Episode,
  { moment, context }: { readonly moment: Moment; readonly context: EpisodeContext },
): EpisodeStep {
  const streak = (episode.state === "recovering" ? (episode.streak ?? 0) : 0) + 1;
  if (streak < context.hold.clears) return { episode: inState(episode, "recovering", streak) };
  const transition = resolveEpisode(episode, moment, "cleared");
  return transition === undefined ? { episode: undefined } : { episode: undefined, transition };
}

function inState(episode: Episode, state: EpisodeState, streak: number): Episode {
  if (episode.state === state && (episode.streak ?? 0) === streak) return episode;
  const { streak: _streak, ...rest } = episode;
  return streak === 0 ? { ...rest, state } : { ...rest, state, streak };
}

const rank: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };
