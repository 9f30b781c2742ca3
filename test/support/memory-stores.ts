import type { Episode } from "../../src/alerts/episode.js";
import type { Mute } from "../../src/alerts/mute.js";
import type { CommandRequest } from "../../src/commands/command.js";
import type {
  AlertBook,
  MuteStore,
  OverrideStore,
  RunDirectory,
  RunSummary,
  SeriesSummary,
  WatchRefused,
  WatchStore,
  WatchSummary,
} from "../../src/commands/context.js";
import type { SettingsOverride } from "../../src/rules/override.js";
import type { PointColumns } from "../../src/series/point.js";
import { type RunId, type SeriesKey, watchIdOf } from "../../src/series/run.js";

/** A run with its series and points, as a memory directory holds it. */
export interface HeldRun {
  readonly summary: RunSummary;
  readonly series: readonly SeriesSummary[];
  readonly points: ReadonlyMap<SeriesKey, PointColumns>;
  /** Its files are too long to be read whole for an answer. */
  readonly tooLong?: true;
}

/** Runs and their conversations in memory. */
export class MemoryRunDirectory implements RunDirectory {
  readonly held = new Map<RunId, HeldRun>();
  readonly #threads = new Map<string, RunId>();

  add(run: HeldRun): void {
    this.held.set(run.summary.id, run);
  }

  list: RunDirectory["list"] = () => Promise.resolve([...this.held.values()].map(({ summary }) => summary));

  get: RunDirectory["get"] = (id) => Promise.resolve(this.held.get(id)?.summary);

  openThread(request: Pick<CommandRequest, "place" | "thread">, run: RunId): void {
    this.#threads.set(threadKey(request), run);
  }

  ofThread: RunDirectory["ofThread"] = (request) =>
    Promise.resolve(request.thread === undefined ? undefined : this.#threads.get(threadKey(request)));

  series: RunDirectory["series"] = (id) => Promise.resolve(this.held.get(id)?.series ?? []);

  history: RunDirectory["history"] = async (id, keys) => {
    const known = keys.filter((key) => this.held.get(id)?.points.has(key));
    const points = await Promise.all(known.map(async (key) => [key, await this.points(id, key)] as const));
    return { points: new Map(points), whole: this.held.get(id)?.tooLong !== true };
  };

  points: RunDirectory["points"] = (id, series) =>
    Promise.resolve(
      this.held.get(id)?.points.get(series) ?? {
        step: new Float64Array(),
        wallTime: new Float64Array(),
        value: new Float64Array(),
      },
    );
}

function threadKey({ place, thread }: Pick<CommandRequest, "place" | "thread">): string {
  return JSON.stringify([place.platform, place.address, thread?.id]);
}

/** Episodes in memory, in the order they were opened. */
export class MemoryAlertBook implements AlertBook {
  episodes: readonly Episode[] = [];

  open: AlertBook["open"] = (run) =>
    Promise.resolve(
      this.episodes.filter((one) => one.state !== "resolved" && one.state !== "pending" && fits(one, run)),
    );

  recent: AlertBook["recent"] = (run, atMost) =>
    Promise.resolve(
      this.episodes
        .filter((one) => one.state !== "pending" && fits(one, run))
        .sort((a, b) => b.opened.wallTime - a.opened.wallTime)
        .slice(0, atMost),
    );

  ack: AlertBook["ack"] = async (run, by, at) => {
    const due = (await this.open()).filter((one) => one.run === run && one.ack === undefined);
    return this.#replace(due, (one) => ({ ...one, ack: { by, at } }));
  };

  unack: AlertBook["unack"] = async (run) => {
    const due = (await this.open(run)).filter((one) => one.ack !== undefined);
    return this.#replace(due, ({ ack: _, ...rest }) => rest);
  };

  #replace(due: readonly Episode[], change: (episode: Episode) => Episode): readonly Episode[] {
    const changed = due.map(change);
    const byId = new Map(changed.map((one) => [one.id, one]));
    this.episodes = this.episodes.map((one) => byId.get(one.id) ?? one);
    return changed;
  }
}

function fits(episode: Episode, run: RunId | undefined): boolean {
  return run === undefined || episode.run === run;
}

export class MemoryOverrideStore implements OverrideStore {
  readonly #held = new Map<string, SettingsOverride>();

  list: OverrideStore["list"] = () => Promise.resolve([...this.#held.values()]);

  put: OverrideStore["put"] = (override) => {
    const before = [...this.#held.values()].find((one) => identity(one) === identity(override));
    if (before !== undefined) this.#held.delete(before.id);
    this.#held.set(override.id, override);
    return Promise.resolve(before);
  };

  remove: OverrideStore["remove"] = (id) => {
    const before = this.#held.get(id);
    this.#held.delete(id);
    return Promise.resolve(before);
  };
}

function identity({ scope, rule, tags, split }: SettingsOverride): string {
  return JSON.stringify([scope, rule, tags === undefined ? null : [...tags].sort(), split ?? null]);
}

export class MemoryMuteStore implements MuteStore {
  readonly #held = new Map<string, Mute>();

  list: MuteStore["list"] = () => Promise.resolve([...this.#held.values()]);

  put: MuteStore["put"] = (mute) => {
    this.#held.set(mute.id, mute);
    return Promise.resolve();
  };

  remove: MuteStore["remove"] = (id) => {
    const before = this.#held.get(id);
    this.#held.delete(id);
    return Promise.resolve(before);
  };
}

/** Watches in memory; every directory below the roots counts as there, but those that end in `missing`. */
export class MemoryWatchStore implements WatchStore {
  readonly #held = new Map<string, WatchSummary>();
  readonly #roots: readonly string[];

  constructor(roots: readonly string[], fromConfig: readonly string[] = []) {
    this.#roots = roots;
    for (const root of fromConfig) {
      this.#held.set(root, { id: watchIdOf(root), root, runs: 0, origin: "config" });
    }
  }

  roots: WatchStore["roots"] = () => this.#roots;

  list: WatchStore["list"] = () => Promise.resolve([...this.#held.values()]);

  add: WatchStore["add"] = (root, author) => {
    const why = this.#whyNot(root);
    if (why !== undefined) return Promise.resolve({ kind: "refused", why, place: root });
    const watch: WatchSummary = { id: watchIdOf(root), root, runs: 0, origin: "chat", author };
    this.#held.set(root, watch);
    return Promise.resolve({ kind: "added", watch });
  };

  remove: WatchStore["remove"] = (rootOrId) => {
    const watch = [...this.#held.values()].find((one) => one.root === rootOrId || one.id === rootOrId);
    if (watch === undefined) return Promise.resolve({ kind: "refused", why: "not-watched", place: rootOrId });
    if (watch.origin === "config") {
      return Promise.resolve({ kind: "refused", why: "from-config", place: watch.root });
    }
    this.#held.delete(watch.root);
    return Promise.resolve({ kind: "removed", watch });
  };

  #whyNot(root: string): WatchRefused["why"] | undefined {
    if (this.#held.has(root)) return "watched-already";
    if (root.endsWith("missing")) return "not-there";
    const inside = this.#roots.some((allowed) => root === allowed || root.startsWith(`${allowed}/`));
    return inside && !root.split("/").includes("..") ? undefined : "outside";
  }
}
