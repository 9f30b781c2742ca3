import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LaneStore } from "../../src/alerts/lane-store.js";
import type { RunStore } from "../../src/alerts/run-store.js";
import type { WatchRegistry } from "../../src/alerts/watch-registry.js";
import { createPointArchive } from "../../src/app/point-archive.js";
import type { RunDirectory } from "../../src/commands/context.js";
import { createRunDirectory } from "../../src/app/run-directory.js";
import { sourceShelf } from "../../src/app/source-shelf.js";
import { createSpeaker } from "../../src/app/speaker.js";
import type { LogSource } from "../../src/eventlog/log-source.js";
import { makeCharts } from "../../src/jobs/chart.js";
import { deliver } from "../../src/jobs/deliver.js";
import { historyRead } from "../../src/jobs/history.js";
import { ingest, type IngestPorts } from "../../src/jobs/ingest.js";
import { recover } from "../../src/jobs/recover.js";
import { relay } from "../../src/jobs/relay.js";
import { type ScanPorts, WatchScan } from "../../src/jobs/scan.js";
import { SessionShelf } from "../../src/jobs/session-shelf.js";
import { tick } from "../../src/jobs/tick.js";
import { Turns } from "../../src/jobs/turns.js";
import type { Wakes } from "../../src/jobs/wakes.js";
import type { Log } from "../../src/lib/log.js";
import type { RuleSettings } from "../../src/rules/effective-settings.js";
import { type RunId, runIdOf, watchIdOf } from "../../src/series/run.js";
import type { Watch } from "../../src/series/watch.js";
import { EventFileWriter } from "./event-writer.js";
import { MemoryLaneStore } from "./memory-lane-store.js";
import { MemoryRunStore } from "./memory-run-store.js";
import { MemoryMuteStore } from "./memory-stores.js";
import { MemoryWatchRegistry } from "./memory-watch-registry.js";
import { RecordingPlatform } from "./recording-platform.js";

export const rigLane = "rec:c";

/** What survives when a process dies. */
export interface Stores {
  readonly runs: RunStore;
  readonly lanes: LaneStore;
  readonly registry: WatchRegistry;
}

export function memoryStores(): Stores {
  return {
    runs: new MemoryRunStore(),
    lanes: new MemoryLaneStore(),
    registry: new MemoryWatchRegistry(),
  };
}

export interface Said {
  readonly facts: object;
  readonly event: string;
}

/** A watched directory of real event files, under a clock of its own; stores and platform live in memory. */
export class WatchRig {
  readonly root: string;
  readonly watch: Watch;
  readonly stores: Stores;
  readonly mutes = new MemoryMuteStore();
  readonly platform = new RecordingPlatform();
  /** Warnings and errors of the log. */
  readonly said: Said[] = [];
  readonly rules: RuleSettings = { rules: {}, metrics: {}, overrides: [] };
  now = 1_800_000_000_000;

  constructor({
    stores = memoryStores(),
    phase = "live",
  }: { readonly stores?: Stores; readonly phase?: Watch["phase"] } = {}) {
    this.root = mkdtempSync(join(tmpdir(), "tb-watch-"));
    this.watch = { id: watchIdOf(this.root), root: this.root, origin: "config", at: this.now, phase };
    this.stores = stores;
  }

  /** Seconds of this clock: what a writer would date its points with. */
  get seconds(): number {
    return this.now / 1_000;
  }

  idOf(name: string): RunId {
    return runIdOf({ watch: this.watch.id, name });
  }

  directory(name: string): string {
    const path = join(this.root, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  writer(name: string, suffix = ""): EventFileWriter {
    return new EventFileWriter(this.directory(name), { wallTime: 1_790_000_000, suffix });
  }

  /** Points of one tag a second apart, the last of them now. */
  write(
    name: string,
    curve: { readonly tag: string; readonly values: readonly number[]; readonly from?: number },
  ): void {
    const { tag, values, from = 0 } = curve;
    const writer = this.writer(name, `.${this.#files++}`);
    values.forEach((value, at) => writer.add(tag, from + at, value, this.seconds - values.length + at));
    writer.close();
  }

  remove(name: string): void {
    rmSync(join(this.root, name), { recursive: true });
  }

  /** The root is not there, or there and empty as a mount point without its share. */
  unmount(leaves: "nothing" | "empty"): void {
    renameSync(this.root, `${this.root}-away`);
    if (leaves === "empty") mkdirSync(this.root);
  }

  mount(): void {
    rmSync(this.root, { recursive: true, force: true });
    renameSync(`${this.root}-away`, this.root);
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
    rmSync(`${this.root}-away`, { recursive: true, force: true });
  }

  /** Process after process may be started on the same stores. */
  async start(ports: Partial<RigPorts> = {}): Promise<RigProcess> {
    const known = (await this.stores.registry.list()).some(({ id }) => id === this.watch.id);
    if (!known) await this.stores.registry.put(this.watch);
    return new RigProcess(this, ports);
  }

  #files = 0;
}

export interface RigPorts extends Stores {
  readonly openSource: (root: string) => LogSource;
  readonly regroup?: NonNullable<ScanPorts["regroup"]>;
  readonly sessions: SessionShelf;
  readonly settings: IngestPorts["settings"];
}

/** One process at work on a rig; its wakes are kept until `settle` lets those run that are due. */
export class RigProcess {
  readonly ports: IngestPorts & Parameters<typeof deliver>[0] & ScanPorts;
  readonly directory: RunDirectory;
  readonly #rig: WatchRig;
  readonly #woken = {
    ingest: new Map<RunId, number>(),
    relay: new Map<RunId, number>(),
    deliver: new Map<string, number>(),
    chart: new Map<string, number>(),
  };
  /** Runs that were ever woken to be read. */
  readonly ingested: RunId[] = [];
  #scan: WatchScan | undefined;

  constructor(rig: WatchRig, given: Partial<RigPorts>) {
    this.#rig = rig;
    const stores = { ...rig.stores, ...given };
    const clock = { now: () => rig.now };
    const log = logOf(rig.said);
    const openSource = given.openSource ?? sourceShelf([]);
    const archive = createPointArchive({ openSource, clock, log });
    this.directory = createRunDirectory({ ...stores, clock, metrics: {}, archive });
    const wakes = this.#wakes();
    const routing = { routes: [{ to: [rigLane] }], owners: [] };
    this.ports = {
      ...stores,
      wakes,
      turns: new Turns(),
      clock,
      log,
      routing,
      sessions: given.sessions ?? new SessionShelf(),
      intervals: { hotMs: 1_000, knownMs: 15_000, walkMs: 15_000, hotForMs: 600_000 },
      openSource,
      watch: async (run) => (await stores.registry.list()).find(({ id }) => run.startsWith(`${id}.`)),
      settings: given.settings ?? (() => Promise.resolve({ version: 1, rules: rig.rules })),
      mutesNow: () => rig.mutes.list(),
      onHistoryRead: (watch, left) => historyRead({ ...stores, wakes, clock, log, routing }, watch, left),
      platforms: new Map([[rig.platform.name, rig.platform]]),
      speaker: createSpeaker({
        directory: this.directory,
        runs: stores.runs,
        mutes: rig.mutes,
        clock,
        timeZoneOf: () => "UTC",
        rules: () => Promise.resolve(rig.rules),
        localeOf: () => "en",
        actOf: () => "/tb help",
        touchesOf: () => [],
        linkOf: () => undefined,
      }),
    };
  }

  /** One look at the watch; nothing woken runs yet. */
  async look(): Promise<void> {
    if (this.#scan === undefined) {
      const watch = (await this.ports.registry.list()).find(({ id }) => id === this.#rig.watch.id);
      this.#scan = new WatchScan(this.ports, watch ?? this.#rig.watch);
    }
    await this.#scan.look();
  }

  async tick(): Promise<void> {
    await tick(this.ports);
  }

  async recover(): Promise<void> {
    await recover(this.ports);
  }

  /** Runs all that is woken, and what that wakes. */
  async settle(): Promise<void> {
    const { ingest: runs, relay: outboxes, deliver: lanes, chart: charts } = this.#woken;
    let busy = true;
    const due = <Item>(woken: Map<Item, number>) => taken(woken, this.#rig.now);
    const work = async (job: () => Promise<void>): Promise<void> => {
      busy = true;
      await job();
    };
    while (busy) {
      busy = false;
      for (const run of due(runs)) await work(() => ingest(this.ports, run));
      for (const run of due(outboxes)) await work(() => relay(this.ports, run));
      for (const lane of due(lanes)) await work(() => deliver(this.ports, lane));
      for (const lane of due(charts)) await work(() => makeCharts(this.ports, lane));
    }
  }

  /** A look a second for this long, with all that it wakes. */
  async watchFor(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      await this.look();
      await this.settle();
      this.#rig.now += 1_000;
    }
  }

  #wakes(): Wakes {
    const woken = this.#woken;
    // As a queue does: the sooner of two wakes for one thing stands for both.
    const keep = <Item>(waiting: Map<Item, number>, item: Item, delayMs = 0): Promise<void> => {
      const due = this.#rig.now + delayMs;
      waiting.set(item, Math.min(due, waiting.get(item) ?? due));
      return Promise.resolve();
    };
    return {
      ingest: (run) => {
        this.ingested.push(run);
        return keep(woken.ingest, run);
      },
      relay: (run) => keep(woken.relay, run),
      deliver: (lane, delayMs) => keep(woken.deliver, lane, delayMs),
      chart: (lane, delayMs) => keep(woken.chart, lane, delayMs),
    };
  }
}

function taken<Item>(woken: Map<Item, number>, now: number): readonly Item[] {
  const items = [...woken].filter(([, due]) => due <= now).map(([item]) => item);
  for (const item of items) woken.delete(item);
  return items;
}

function logOf(said: Said[]): Log {
  const keep = (facts: object, event: string): void => {
    said.push({ facts, event });
  };
  const drop = (): void => undefined;
  return { debug: drop, info: drop, warn: keep, error: keep };
}
