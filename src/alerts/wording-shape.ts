import type { RunOutcome } from "./run-facts.js";
import type { Severity } from "../rules/rule.js";
import type { Episode } from "./episode.js";

/** How a resolved episode ended. */
export type ResolvedReason = NonNullable<Episode["resolved"]>["reason"];

/** Every sentence that alerts say; both languages implement it, so that a missing translation does not compile. Arguments are bounded plain text. */
export interface Wording {
  readonly severity: Readonly<Record<Severity, string>>;
  /** To those responsible, when a critical alert is taken by nobody. */
  readonly press: {
    readonly unheard: (waited: string) => string;
    readonly answer: string;
    readonly ack: string;
  };
  readonly wholeRun: string;
  readonly wholeDirectory: string;
  /** Between clauses, between items of an enumeration, after a word that a sentence explains. */
  readonly comma: string;
  readonly listComma: string;
  /** Behind a sentence of a rule that fires again and again. */
  readonly flaps: string;
  readonly colon: string;
  /** Behind a sentence, which rule is meant. */
  readonly byRule: (rule: string) => string;
  readonly and: (count: number) => string;
  readonly alerts: (count: number) => string;
  readonly headline: {
    readonly fired: (severity: Severity) => string;
    readonly escalated: (severity: Severity) => string;
    readonly several: (count: number, first: string) => string;
    readonly since: (step: string, clock: string) => string;
    readonly unknownRule: (rule: string) => string;
    readonly closed: Readonly<Record<ResolvedReason, string>>;
    readonly resolved: (reason: ResolvedReason, what: { metric: string; lasted: string }) => string;
    readonly severalResolved: (count: number) => string;
  };
  readonly fact: {
    readonly metric: string;
    readonly split: string;
    readonly step: string;
    readonly value: string;
    readonly rule: string;
    readonly setting: string;
    readonly time: string;
    readonly before: string;
    readonly lasted: string;
    readonly steps: string;
    readonly best: string;
    readonly worst: string;
    readonly valueNow: string;
    readonly state: string;
    readonly started: string;
    readonly lastSeen: string;
    readonly points: string;
    readonly splits: string;
    readonly restarts: string;
    readonly muted: string;
    readonly last: string;
    readonly bestSoFar: string;
  };
  readonly atStep: (step: string) => string;
  readonly valueAt: (value: string, step: string) => string;
  readonly alsoResolved: string;
  readonly openAlerts: string;
  readonly acknowledged: (by: string) => string;
  /** What to type, and a link, each after its own words. */
  readonly act: string;
  readonly openTensorBoard: string;
  readonly root: {
    readonly state: Readonly<Record<"running" | "quiet" | RunOutcome, string>>;
    readonly quietSince: (clock: string) => string;
    readonly open: (worst: Severity | undefined, count: number) => string;
    readonly openCount: (count: number) => string;
    readonly resumed: (step: string, time: string) => string;
    readonly mutedUntil: (time: string) => string;
  };
  readonly restart: { readonly headline: (run: string, step: string) => string; readonly note: string };
  /** A run began, or reached its declared length. */
  readonly news: { readonly start: (run: string) => string; readonly finish: (run: string) => string };
  readonly history: {
    readonly headline: (root: string, runs: number, points: string) => string;
    readonly empty: (root: string) => string;
    readonly open: (count: number) => string;
    /** Where the count may be a bound. */
    readonly openAtLeast: (count: number) => string;
    readonly note: string;
  };
  readonly digest: {
    readonly headline: (day: string, parts: string) => string;
    readonly started: (count: number) => string;
    readonly finished: (count: number) => string;
    readonly open: (count: number) => string;
    readonly nothing: string;
    readonly alerts: (fired: number, resolved: number) => string;
    readonly startedTitle: string;
    readonly finishedTitle: string;
    readonly openTitle: string;
    readonly period: (from: string, to: string) => string;
  };
  readonly operator: Readonly<Record<OperatorSubject, string>> & { readonly note: string };
}

/** What an operator is told of by a sentence of its own; other subjects are shown as they are. */
export type OperatorSubject =
  | "dead-letter"
  | "destination-broken"
  | "redis-lost"
  | "damage"
  | "rule-failed"
  | "chart-failed"
  | "scan-problem";

export const operatorSubjects: readonly OperatorSubject[] = [
  "dead-letter",
  "destination-broken",
  "redis-lost",
  "damage",
  "rule-failed",
  "chart-failed",
  "scan-problem",
];
