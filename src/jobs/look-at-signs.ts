import type { LogSource } from "../eventlog/log-source.js";
import { isSignName, signsOf } from "../rules/run-signs.js";
import type { RunSession } from "./run-session.js";

/** Between two looks at a run's directory; while it is silent they come ever later. */
const betweenMs = 60_000;

/** Tells a run's rules what its own directory says of its fate, where the place has directories; `now` in milliseconds. */
export async function lookAtSigns(
  source: LogSource,
  { session, root, now }: { readonly session: RunSession; readonly root: string; readonly now: number },
): Promise<void> {
  if (source.signs === undefined || now < session.looksAt) return;
  const { lastArrivalAt, lastWallTime } = session.facts;
  session.looksAt = now + Math.max(betweenMs, now - lastArrivalAt);
  const directories = session.directories();
  const files = await source.signs({ root, directories, wanted: isSignName });
  session.learn(signsOf(files, lastWallTime));
}
