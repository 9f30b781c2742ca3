import type { LogRuns } from "../alerts/watch-registry.js";
import type { Membership } from "../series/watch.js";

/** Run -> its log runs and their splits, of a grouping that tells each log run its place. */
export function membersOf(grouping: ReadonlyMap<string, Membership>): Map<string, LogRuns> {
  const members = new Map<string, [string, string][]>();
  for (const [name, { run, split }] of grouping) {
    const own = members.get(run) ?? [];
    own.push([name, split]);
    members.set(run, own);
  }
  // From entries, because a directory may be called `__proto__`.
  return new Map([...members].map(([run, own]) => [run, Object.fromEntries(own)]));
}
