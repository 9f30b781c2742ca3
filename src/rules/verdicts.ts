import type { Verdict } from "./rule.js";

/** Reused for every point, so that judging allocates nothing while all is well. */
export const allWell: Verdict = { kind: "ok" };
export const cleared: Verdict = { kind: "clear" };
/** A value that says nothing either way: it neither confirms nor clears a breach. */
export const notANumber: Verdict = { kind: "no-data", reason: "not a number" };
