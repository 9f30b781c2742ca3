import type {
  Attempt,
  Conclusion,
  LaneHead,
  LaneStore,
  PendingChart,
  RunThread,
} from "../../src/alerts/lane-store.js";
import type { OutboxEntry } from "../../src/alerts/outbox-entry.js";
import type { DestinationId } from "../../src/message/destination.js";
import type { MessageRef, Picture } from "../../src/message/post.js";
import type { RunId } from "../../src/series/run.js";

interface Lane {
  lane: string[];
  edits: string[];
  readonly entries: Map<string, OutboxEntry>;
  readonly said: Map<string, MessageRef>;
  readonly saidAt: Map<string, number>;
  attempt: Attempt | undefined;
  lease: string | undefined;
  readonly threads: Map<RunId, RunThread>;
  readonly charts: Map<string, PendingChart>;
  readonly pictures: Map<string, Picture>;
  readonly rootWaits: Map<string, string>;
}

/** Lanes in memory; a lease lasts until it is given back. */
export class MemoryLaneStore implements LaneStore {
  readonly #lanes = new Map<DestinationId, Lane>();
  readonly #known = new Set<DestinationId>();

  lanes: LaneStore["lanes"] = () => Promise.resolve([...this.#known]);

  append: LaneStore["append"] = (id, entries) =>
    done(() => {
      if (entries.length > 0) this.#known.add(id);
      for (const entry of entries) this.#append(this.#of(id), entry);
    });

  lease: LaneStore["lease"] = (id, token) => {
    const lane = this.#of(id);
    lane.lease ??= token;
    return Promise.resolve(lane.lease === token);
  };

  release: LaneStore["release"] = (id, token) =>
    done(() => {
      const lane = this.#of(id);
      if (lane.lease === token) lane.lease = undefined;
    });

  breakLease: LaneStore["breakLease"] = (id) => done(() => (this.#of(id).lease = undefined));

  head: LaneStore["head"] = (id) => {
    const lane = this.#of(id);
    const first = lane.lane[0] ?? lane.edits[0];
    const entry = first === undefined ? undefined : lane.entries.get(first);
    const head: LaneHead | undefined = entry && {
      entry,
      attempt: lane.attempt,
      picture: lane.pictures.get(entry.id),
    };
    return Promise.resolve(head);
  };

  begin: LaneStore["begin"] = (id, attempt, { body }) =>
    done(() => {
      this.#of(id).attempt = attempt;
      if (body.kind === "root") this.#of(id).rootWaits.delete(body.run);
    });

  abandon: LaneStore["abandon"] = (id) => done(() => (this.#of(id).attempt = undefined));

  openThread: LaneStore["openThread"] = (id, run, thread) =>
    done(() => this.#of(id).threads.set(run, thread));

  closeThread: LaneStore["closeThread"] = (id, run) => done(() => this.#of(id).threads.delete(run));

  conclude: LaneStore["conclude"] = (id, conclusion, now) =>
    done(() => {
      this.#conclude(this.#of(id), conclusion, now);
    });

  bury: LaneStore["bury"] = (id, { entryId }, now) =>
    done(() => {
      this.#conclude(this.#of(id), { entryId }, now);
    });

  thread: LaneStore["thread"] = (id, run) => Promise.resolve(this.#of(id).threads.get(run));

  threads: LaneStore["threads"] = (id) => Promise.resolve(new Map(this.#of(id).threads));

  runOf: LaneStore["runOf"] = (id, root) =>
    Promise.resolve(
      [...this.#of(id).threads].find(
        ([, thread]) => thread.root.channel === root.channel && thread.root.id === root.id,
      )?.[0],
    );

  saidAs: LaneStore["saidAs"] = (id, entryId) => Promise.resolve(this.#of(id).said.get(entryId));

  pendingCharts: LaneStore["pendingCharts"] = (id) => Promise.resolve([...this.#of(id).charts.values()]);

  chartReady: LaneStore["chartReady"] = (id, { entry }, picture) =>
    done(() => {
      const lane = this.#of(id);
      if (entry.body.kind !== "chart" || !lane.charts.delete(entry.body.alert)) return;
      if (lane.entries.has(entry.id) || lane.saidAt.has(entry.id)) return;
      lane.entries.set(entry.id, entry);
      if (picture !== undefined) lane.pictures.set(entry.id, picture);
      lane.edits.push(entry.id);
    });

  dropChart: LaneStore["dropChart"] = (id, entryId) => done(() => this.#of(id).charts.delete(entryId));

  length: LaneStore["length"] = (id) => Promise.resolve(this.#of(id).lane.length + this.#of(id).edits.length);

  trim: LaneStore["trim"] = (id, before) =>
    done(() => {
      const { said, saidAt } = this.#of(id);
      for (const [entryId, at] of saidAt) {
        if (at > before) continue;
        said.delete(entryId);
        saidAt.delete(entryId);
      }
    });

  #append(lane: Lane, entry: OutboxEntry): void {
    const rootOf = entry.body.kind === "root" ? entry.body.run : undefined;
    if (lane.entries.has(entry.id) || lane.saidAt.has(entry.id)) return;
    if (rootOf !== undefined && lane.rootWaits.has(rootOf)) return;
    lane.entries.set(entry.id, entry);
    (rootOf === undefined ? lane.lane : lane.edits).push(entry.id);
    if (rootOf !== undefined) lane.rootWaits.set(rootOf, entry.id);
  }

  #conclude(lane: Lane, { entryId, ref, thread, chart }: Conclusion, now: number): void {
    const body = lane.entries.get(entryId)?.body;
    if (body === undefined) return;
    lane.lane = lane.lane.filter((each) => each !== entryId);
    lane.edits = lane.edits.filter((each) => each !== entryId);
    lane.entries.delete(entryId);
    lane.pictures.delete(entryId);
    lane.attempt = undefined;
    lane.saidAt.set(entryId, now);
    if (ref !== undefined) lane.said.set(entryId, ref);
    if (thread !== undefined) lane.threads.set(thread.run, thread.thread);
    if (chart !== undefined) lane.charts.set(entryId, chart);
    if (body.kind === "root" && lane.rootWaits.get(body.run) === entryId) lane.rootWaits.delete(body.run);
  }

  #of(id: DestinationId): Lane {
    const lane = this.#lanes.get(id) ?? {
      lane: [],
      edits: [],
      entries: new Map(),
      said: new Map(),
      saidAt: new Map(),
      attempt: undefined,
      lease: undefined,
      threads: new Map(),
      charts: new Map(),
      pictures: new Map(),
      rootWaits: new Map(),
    };
    this.#lanes.set(id, lane);
    return lane;
  }
}

function done(change: () => unknown): Promise<void> {
  change();
  return Promise.resolve();
}
