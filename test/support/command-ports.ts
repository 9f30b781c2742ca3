import type { Episode } from "../../src/alerts/episode.js";
import type { Actor, CommandRequest } from "../../src/commands/command.js";
import type { EffectiveRule, Rehearsal, RunSummary, SeriesSummary } from "../../src/commands/context.js";
import type { DispatchPorts } from "../../src/commands/dispatch.js";
import type { Clock } from "../../src/lib/clock.js";
import type { Log } from "../../src/lib/log.js";
import type { Rule } from "../../src/rules/rule.js";
import type { SettingsOverride } from "../../src/rules/override.js";
import { labelSeries } from "../../src/series/label-series.js";
import { type Run, type RunId, runIdOf, seriesKeyOf, watchIdOf } from "../../src/series/run.js";
import {
  type HeldRun,
  MemoryAlertBook,
  MemoryMuteStore,
  MemoryOverrideStore,
  MemoryRunDirectory,
  MemoryWatchStore,
} from "./memory-stores.js";

/** Noon of a day, the time in every test of commands. */
export const noon = Date.UTC(2026, 2, 1, 12);

export const watch = watchIdOf("/logs");

/** One tag of a run: its split, name and values at steps 0, 1, 2 … */
export type Curve = readonly [split: string, tag: string, ...values: readonly number[]];

export interface World extends DispatchPorts {
  readonly runs: MemoryRunDirectory;
  readonly alerts: MemoryAlertBook;
  readonly overrides: MemoryOverrideStore;
  readonly mutes: MemoryMuteStore;
  readonly watches: MemoryWatchStore;
  readonly clock: Clock & { at: number };
  readonly errors: object[];
  readonly rehearsed: { readonly runs: readonly RunId[]; readonly override: SettingsOverride }[];
  effective: readonly EffectiveRule[];
  rehearsal: Rehearsal;
  own: readonly Rule[];
}

/** Ports in memory with a few knobs; nothing in it judges curves. */
export function world(runs: readonly HeldRun[] = []): World {
  const directory = new MemoryRunDirectory();
  for (const run of runs) directory.add(run);
  const errors: object[] = [];
  const rehearsed: World["rehearsed"] = [];
  const clock = { at: noon, now: () => clock.at };
  const made: World = {
    runs: directory,
    alerts: new MemoryAlertBook(),
    overrides: new MemoryOverrideStore(),
    mutes: new MemoryMuteStore(),
    watches: new MemoryWatchStore(["/logs", "/data"], ["/logs"]),
    clock,
    log: recording(errors),
    locale: "en",
    timeZone: "Asia/Shanghai",
    permissions: { admins: ["slack:UADMIN"] },
    errors,
    rehearsed,
    effective: [],
    rehearsal: {
      runs: 1,
      before: { alerts: 0, runs: 0 },
      after: { alerts: 0, runs: 0 },
      partly: 0,
      shadowed: 0,
    },
    own: [],
    ownRules: () => Promise.resolve(made.own),
    effectiveRules: () => Promise.resolve(made.effective),
    rehearse: (of, override) => {
      rehearsed.push({ runs: of, override });
      return Promise.resolve(made.rehearsal);
    },
    column: "wide",
    quota: undefined,
    draw: (_run, series) => Promise.resolve({ png: new Uint8Array([137, 80]), alt: `chart of ${series}` }),
    tensorboardLink: (run: Run) => `http://tensorboard:6006/#scalars&run=${encodeURIComponent(run.name)}`,
  };
  return made;
}

export function heldRun(name: string, curves: readonly Curve[], more: Partial<RunSummary> = {}): HeldRun {
  const run: Run = { watch, name };
  const series = curves.map(([split, tag, ...values]): SeriesSummary => {
    const finite = values.filter(Number.isFinite);
    return {
      key: seriesKeyOf(split, tag),
      labels: labelSeries({ run, split, tag }),
      points: values.length,
      last: { step: values.length - 1, wallTime: noon / 1_000 - 60, value: values.at(-1) ?? NaN },
      min: Math.min(...finite),
      max: Math.max(...finite),
      nonFinite: values.length - finite.length,
    };
  });
  const summary: RunSummary = {
    id: runIdOf(run),
    run,
    splits: [...new Set(curves.map(([split]) => split))],
    state: "running",
    points: series.reduce((sum, one) => sum + one.points, 0),
    firstWallTime: noon / 1_000 - 3_600,
    lastWallTime: noon / 1_000 - 60,
    lastArrivalAt: noon - 60_000,
    openEpisodes: 0,
    hparams: {},
    ...more,
  };
  return { summary, series, points: new Map() };
}

export function episode(run: RunId, rule: string, more: Partial<Episode> = {}): Episode {
  return {
    id: `${run}/${rule}/1`,
    run,
    rule,
    split: "",
    tag: "loss",
    severity: "warning",
    state: "firing",
    opened: { step: 12, wallTime: noon / 1_000 - 300, value: 1.5 },
    evidence: { numbers: {} },
    ...more,
  };
}

export const operator: Actor = { platform: "terminal", id: "operator", name: "operator", kind: "operator" };
export const member: Actor = { platform: "slack", id: "U1", name: "Ann", kind: "member" };
export const admin: Actor = { platform: "slack", id: "UADMIN", name: "Ada", kind: "member" };
export const guest: Actor = { platform: "slack", id: "U2", name: "Gus", kind: "guest" };

export function asks(actor: Actor, text: string, more: Partial<CommandRequest> = {}): CommandRequest {
  return { actor, place: { platform: actor.platform, address: "C1" }, direct: false, text, ...more };
}

/** A log that keeps the facts of its errors. */
function recording(errors: object[]): Log {
  const ignore = (): void => undefined;
  return { debug: ignore, info: ignore, warn: ignore, error: (facts) => void errors.push(facts) };
}
