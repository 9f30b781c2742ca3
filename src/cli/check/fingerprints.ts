import type { GateFinding } from "../../alerts/gate-finding.js";
import { shortHash } from "../../lib/short-hash.js";

/** An identity per finding that the next pipeline finds again: no value that was found is in it; equals are counted. */
export function fingerprintsOf(findings: readonly GateFinding[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, run, split, tag, wanted }) => {
    // What a baseline wants moves with every new baseline.
    const asked = rule === "regression_vs_baseline" ? "" : wanted;
    const identity = JSON.stringify([rule, run, split, tag, asked]);
    const count = seen.get(identity) ?? 0;
    seen.set(identity, count + 1);
    return shortHash(`${identity}${count}`, 40);
  });
}
