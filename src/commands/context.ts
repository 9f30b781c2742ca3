import type { Episode } from "../alerts/episode.js";
import type { RunOutcome } from "../alerts/run-facts.js";
import type { Mute } from "../alerts/mute.js";
import type { Locale } from "../lib/locale.js";
import type { ChartColumn } from "../message/chart-spec.js";
import type { SettingsOverride } from "../rules/override.js";
import type { WrittenAt } from "../rules/precedence.js";
import type { Rule } from "../rules/rule.js";
import type { SeriesLabels } from "../series/labels.js";
import type { PointColumns } from "../series/point.js";
import type { Run, RunId, SeriesKey, WatchId } from "../series/run.js";
import type { CommandRequest } from "./command-request.js";

/** A run as lists show it; times in milliseconds by our clock, wall times in seconds by the writer's. */
export interface RunSummary {
  readonly id: RunId;
  readonly run: Run;
  readonly splits: readonly string[];
  readonly state: "running" | "quiet" | RunOutcome;
  readonly points: number;
  readonly firstWallTime: number;
  readonly lastWallTime: number;
  readonly lastArrivalAt: number;
  readonly openEpisodes: number;
  readonly hparams: Readonly<Record<string, string | number | boolean>>;
}

export interface SeriesSummary {
  readonly key: SeriesKey;
  readonly labels: SeriesLabels;
  readonly points: number;
  readonly last: { readonly step: number; readonly wallTime: number; readonly value: number };
  readonly min: number;
  readonly max: number;
  readonly nonFinite: number;
}

export interface WatchSummary {
  readonly id: WatchId;
  readonly root: string;
  /** From the config. */
  readonly name?: string;
  readonly runs: number;
  /** From the config (not removable in chat) or added by a person. */
  readonly origin: "config" | "chat";
  readonly author?: string;
}

export interface RunDirectory {
  list(): Promise<readonly RunSummary[]>;
  get(id: RunId): Promise<RunSummary | undefined>;
  /** The run whose conversation this thread is. */
  ofThread(request: CommandRequest): Promise<RunId | undefined>;
  series(id: RunId): Promise<readonly SeriesSummary[]>;
  /** Effective points in step order, as a chart wants them: the newest window at full resolution, older ones thinned where they are many. */
  points(id: RunId, series: SeriesKey): Promise<PointColumns>;
  /** Every effective point of these series, as far as it can be had within this time (milliseconds). */
  history(id: RunId, series: readonly SeriesKey[], withinMs: number): Promise<RunHistory>;
}

/** `whole` where no point is missing; else at least the newest ones are there. */
export interface RunHistory {
  readonly points: ReadonlyMap<SeriesKey, PointColumns>;
  readonly whole: boolean;
}

export interface AlertBook {
  open(run?: RunId): Promise<readonly Episode[]>;
  /** Newest first, open and resolved. */
  recent(run: RunId | undefined, atMost: number): Promise<readonly Episode[]>;
  /** Acknowledges open episodes of a run; returns those it changed. */
  ack(run: RunId, by: string, at: number): Promise<readonly Episode[]>;
  /** Takes the acknowledgement back from open episodes of a run; returns those it changed. */
  unack(run: RunId): Promise<readonly Episode[]>;
}

export interface OverrideStore {
  list(): Promise<readonly SettingsOverride[]>;
  /** Replaces an override of the same scope, rule, tags and split; returns what was there before. */
  put(override: SettingsOverride): Promise<SettingsOverride | undefined>;
  remove(id: string): Promise<SettingsOverride | undefined>;
}

export interface MuteStore {
  list(): Promise<readonly Mute[]>;
  put(mute: Mute): Promise<void>;
  remove(id: string): Promise<Mute | undefined>;
}

/** Why a watch was not added or removed; whether something outside the roots exists is nobody's business. */
export interface WatchRefused {
  readonly kind: "refused";
  readonly why:
    "no-roots" | "outside" | "not-there" | "no-directory" | "watched-already" | "not-watched" | "from-config";
  /** The place it is about: as given, or as it is watched. */
  readonly place: string;
}

export interface WatchStore {
  list(): Promise<readonly WatchSummary[]>;
  add(
    root: string,
    author: string,
    at: number,
  ): Promise<{ readonly kind: "added"; readonly watch: WatchSummary } | WatchRefused>;
  remove(
    rootOrId: string,
  ): Promise<{ readonly kind: "removed"; readonly watch: WatchSummary } | WatchRefused>;
  /** Directories below which people may add watches, from the config. */
  roots(): readonly string[];
}

/** What a rule's setting would have done on points already known: alerts, and runs that had any. */
export interface Rehearsal {
  readonly runs: number;
  /** Of these runs only the newest points were at hand. */
  readonly partly: number;
  readonly before: Fired;
  readonly after: Fired;
  /** Runs in which something more specific takes the place of it, or of a part, on every series. */
  readonly shadowed: number;
}

export interface Fired {
  readonly alerts: number;
  readonly runs: number;
}

/** The settings of one rule for one series, and where each that somebody wrote came from. */
export interface EffectiveRule {
  readonly rule: string;
  readonly series: SeriesKey;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly written: Readonly<Record<string, WrittenAt>>;
}

/** Everything a command may touch; each port has one implementation on Redis and one contract suite. */
export interface CommandContext {
  readonly request: CommandRequest;
  readonly locale: Locale;
  /** Milliseconds. */
  readonly now: number;
  /** Given or implied by the thread; the run a command without a name means. */
  readonly impliedRun: RunId | undefined;
  /** To be told how the run was chosen: because it is implied, or by a name. The last word counts. */
  chose(run: "implied" | "named"): void;
  readonly runs: RunDirectory;
  readonly alerts: AlertBook;
  readonly overrides: OverrideStore;
  readonly mutes: MuteStore;
  readonly watches: WatchStore;
  /** Rules that only the configuration knows, beside the registry's. */
  ownRules(): Promise<readonly Rule[]>;
  /** Rules in force for a run, with origins. */
  effectiveRules(run: RunId): Promise<readonly EffectiveRule[]>;
  /** How often the rule fires on the points known of these runs, before and with the override. */
  rehearse(runs: readonly RunId[], override: SettingsOverride): Promise<Rehearsal>;
  /** How much room a picture has where the question was asked. */
  readonly column: ChartColumn;
  /** Draws a metric of a run; undefined where there is nothing to draw. */
  draw(
    run: RunId,
    series: SeriesKey,
    locale: Locale,
  ): Promise<{ readonly png: Uint8Array; readonly alt: string } | undefined>;
  /** IANA name; moments are shown in it. */
  readonly timeZone: string;
  /** A link to the run in TensorBoard, where one is configured. */
  tensorboardLink(run: Run): string | undefined;
  readonly permissions: PermissionPolicy;
  /** What the platform allows in a month; undefined where it counts nothing. */
  readonly quota: (() => Promise<MonthQuota>) | undefined;
}

/** What a platform allows in a month, used and left, in the platform's own words. */
export interface MonthQuota {
  readonly title: Readonly<Record<Locale, string>>;
  /** Of which month, `2026-03`, and by whose clock. */
  readonly month: string;
  readonly zone: Readonly<Record<Locale, string>>;
  /** `of` 0: no limit. */
  readonly counted: readonly {
    readonly name: Readonly<Record<Locale, string>>;
    readonly used: number;
    readonly of: number;
  }[];
  /** What is sent and what is saved at this point. */
  readonly now: Readonly<Record<Locale, string>>;
  readonly note: Readonly<Record<Locale, string>>;
}

/** `admins`: `platform:id` of those who may change settings for everyone, rules and watches. */
export interface PermissionPolicy {
  readonly admins: readonly string[];
}
