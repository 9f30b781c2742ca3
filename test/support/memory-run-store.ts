import { emptyRunCommit } from "../../src/alerts/empty-run-commit.js";
import type { Episode } from "../../src/alerts/episode.js";
import type { OutboxEntry } from "../../src/alerts/outbox-entry.js";
import type { RunCommit, RunStore, StoredRun } from "../../src/alerts/run-store.js";
import { toJson } from "../../src/lib/json.js";
import { bytesPerPoint, unpackPoints } from "../../src/series/packed-points.js";
import { type RunId, runIdOf, type SeriesKey } from "../../src/series/run.js";

interface Held {
  stored: StoredRun;
  outbox: readonly OutboxEntry[];
  closed: readonly Episode[];
  readonly newest: Map<SeriesKey, Buffer>;
  readonly coarse: Map<SeriesKey, Buffer>;
}

const window = 2_000 * bytesPerPoint;
const closedKept = 200;

/** Runs in memory; the points' window is trimmed where Redis trims it. */
export class MemoryRunStore implements RunStore {
  readonly #runs = new Map<RunId, Held>();

  load: RunStore["load"] = (id) => Promise.resolve(this.#runs.get(id)?.stored);

  head: RunStore["head"] = (id) => {
    const stored = this.#runs.get(id)?.stored;
    return Promise.resolve(stored && { run: stored.run, facts: stored.facts });
  };

  cursors: RunStore["cursors"] = (id) => {
    const stored = this.#runs.get(id)?.stored;
    return Promise.resolve(stored && { logRuns: stored.facts.logRuns, cursors: stored.cursors });
  };

  series: RunStore["series"] = (id, keys) => {
    const known = this.#runs.get(id)?.stored.series;
    return Promise.resolve(
      new Map(
        keys.flatMap((key) => {
          const facts = known?.get(key);
          return facts === undefined ? [] : [[key, facts] as const];
        }),
      ),
    );
  };

  commit: RunStore["commit"] = (commit) => {
    const held = this.#runs.get(commit.id);
    if ((held?.stored.revision ?? 0) !== commit.expected) return Promise.resolve("stale");
    this.#runs.set(commit.id, after(held, commit));
    return Promise.resolve("committed");
  };

  points: RunStore["points"] = (id, key) => {
    const held = this.#runs.get(id);
    const parts = [held?.coarse.get(key), held?.newest.get(key)].filter((part) => part !== undefined);
    return Promise.resolve(unpackPoints(Buffer.concat(parts)));
  };

  outboxLength: RunStore["outboxLength"] = (id) => Promise.resolve(this.#runs.get(id)?.outbox.length ?? 0);

  outbox: RunStore["outbox"] = (id) => Promise.resolve(this.#runs.get(id)?.outbox ?? []);

  relayed: RunStore["relayed"] = (id, entries) => {
    const held = this.#runs.get(id);
    const gone = new Set(entries.map(toJson));
    if (held !== undefined) held.outbox = held.outbox.filter((entry) => !gone.has(toJson(entry)));
    return Promise.resolve();
  };

  pointBytes: RunStore["pointBytes"] = (id) => {
    const held = this.#runs.get(id);
    const chunks = [...(held?.newest.values() ?? []), ...(held?.coarse.values() ?? [])];
    return Promise.resolve(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  };

  trimPoints: RunStore["trimPoints"] = (id, newest) => {
    const held = this.#runs.get(id);
    held?.coarse.clear();
    for (const [key, chunk] of held?.newest ?? []) {
      const kept = chunk.subarray(Math.max(0, chunk.length - newest * bytesPerPoint));
      if (kept.length === 0) held?.newest.delete(key);
      else held?.newest.set(key, kept);
    }
    return Promise.resolve();
  };

  rest: RunStore["rest"] = async (id) => {
    await this.trimPoints(id, 0);
    return "rests";
  };

  closedEpisodes: RunStore["closedEpisodes"] = (id, atMost) =>
    Promise.resolve((this.#runs.get(id)?.closed ?? []).slice(0, atMost));

  beginAnew: RunStore["beginAnew"] = (run, facts) => {
    const expected = this.#runs.get(runIdOf(run))?.stored.revision ?? 0;
    this.#runs.set(runIdOf(run), after(undefined, { ...emptyRunCommit(run), facts, expected }));
    return Promise.resolve();
  };

  forget: RunStore["forget"] = (id) => {
    this.#runs.delete(id);
    return Promise.resolve();
  };
}

function after(held: Held | undefined, commit: RunCommit): Held {
  const before = held?.stored;
  const gone = new Set(commit.closed.map(({ id }) => id));
  const open = new Map((before?.open ?? []).filter(({ id }) => !gone.has(id)).map((each) => [each.id, each]));
  for (const episode of commit.opened) open.set(episode.id, episode);
  const next: Held = {
    stored: {
      revision: commit.expected + 1,
      run: commit.run,
      facts: commit.facts,
      cursors: new Map([...(before?.cursors ?? []), ...commit.cursors]),
      series: new Map([...(before?.series ?? []), ...commit.series]),
      memory: new Map([...(before?.memory ?? []), ...commit.memory]),
      runMemory: commit.runMemory,
      open: [...open.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    },
    outbox: [...(held?.outbox ?? []), ...commit.entries],
    closed: [...[...commit.closed].reverse(), ...(held?.closed ?? [])].slice(0, closedKept),
    newest: new Map(held?.newest),
    coarse: new Map(held?.coarse),
  };
  for (const { key, packed, replace } of commit.points) append(next, { key, packed, replace });
  return next;
}

function append(held: Held, { key, packed, replace }: RunCommit["points"][number]): void {
  if (replace) held.coarse.delete(key);
  const chunk = Buffer.concat([
    replace ? Buffer.alloc(0) : (held.newest.get(key) ?? Buffer.alloc(0)),
    packed,
  ]);
  held.newest.set(key, chunk);
  if (replace || chunk.length <= 2 * window) return;
  const surplus = chunk.subarray(0, chunk.length - window);
  held.newest.set(key, chunk.subarray(chunk.length - window));
  const picked: Buffer[] = [];
  for (let at = 0; at < surplus.length; at += 10 * bytesPerPoint)
    picked.push(surplus.subarray(at, at + bytesPerPoint));
  const coarse = Buffer.concat([held.coarse.get(key) ?? Buffer.alloc(0), ...picked]);
  held.coarse.set(key, coarse.length > 2 * window ? coarse.subarray(coarse.length - window) : coarse);
}
