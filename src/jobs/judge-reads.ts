import type { Clock } from "../lib/clock.js";
import type { RuleSettings } from "../rules/effective-settings.js";
import type { ReadLogRun, RunSession } from "./run-session.js";
import type { SessionShelf } from "./session-shelf.js";
import type { Turns } from "./turns.js";

/** Points judged between two looks at the time: a third of a millisecond, and ten times that in code that is new. */
const judgedAtOnce = 512;

/** Takes what was read and has it judged, in turns with whatever else the process has to do. */
export async function judgeReads(
  {
    sessions,
    turns,
    clock,
  }: { readonly sessions: SessionShelf; readonly turns: Turns; readonly clock: Clock },
  { session, extra }: { readonly session: RunSession; readonly extra: RuleSettings["extra"] },
  reads: readonly ReadLogRun[],
): Promise<void> {
  const limited = <T>(work: () => T): T => sessions.rules.limited(extra, work);
  for (const read of reads) {
    if (turns.isOver) await turns.next();
    limited(() => session.take(read, clock.now()));
  }
  const part = session.judging(reads);
  for (let more = true; more;) {
    if (turns.isOver) await turns.next();
    more = limited(() => part(judgedAtOnce));
  }
}
