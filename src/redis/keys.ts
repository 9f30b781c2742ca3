import { shortHash } from "../lib/short-hash.js";
import type { DestinationId } from "../message/destination.js";
import type { RunId, SeriesKey, WatchId } from "../series/run.js";

/** Every key the product writes. Keys of a run, and keys of a lane, share one hash tag each, so that a Cluster keeps them together. */
export const keys = {
  /** Hash: `rev`, `run`, `facts`, `judge`, and one field a cursor (`c:`), series (`s:`), detector memory (`m:`), open episode (`e:`); of a resting run `z1` holds the first three. */
  run: (id: RunId) => `tb:{${id}}:run`,
  /** String: the newest raw points, 24 bytes each. The version of the packing is in the key's name. */
  points: (id: RunId, series: SeriesKey) => `tb:{${id}}:p1:${shortHash(series)}`,
  /** String: every tenth of the older points. */
  coarse: (id: RunId, series: SeriesKey) => `tb:{${id}}:q1:${shortHash(series)}`,
  /** List: entries on their way to the lanes. */
  outbox: (id: RunId) => `tb:{${id}}:outbox`,
  /** List: closed episodes, newest first, bounded. */
  closed: (id: RunId) => `tb:{${id}}:closed`,

  /** List of entry ids, first in first out. */
  lane: (lane: DestinationId) => `tb:{${lane}}:lane`,
  /** The same for what only changes a message that stands already: it never delays what is new. */
  edits: (lane: DestinationId) => `tb:{${lane}}:edits`,
  /** Hash: entry id -> entry. */
  entries: (lane: DestinationId) => `tb:{${lane}}:entries`,
  /** Hash: entry id -> where it was said; sorted set of the same by time. */
  said: (lane: DestinationId) => `tb:{${lane}}:said`,
  saidAt: (lane: DestinationId) => `tb:{${lane}}:said-at`,
  /** String: the platform call under way. */
  attempt: (lane: DestinationId) => `tb:{${lane}}:attempt`,
  lease: (lane: DestinationId) => `tb:{${lane}}:lease`,
  /** Hash: run -> thread; hash: `channel NUL id` of the root -> run. */
  threads: (lane: DestinationId) => `tb:{${lane}}:threads`,
  roots: (lane: DestinationId) => `tb:{${lane}}:roots`,
  /** Hash: alert entry id -> the chart that should join it. */
  charts: (lane: DestinationId) => `tb:{${lane}}:charts`,
  /** Hash: entry id -> uploaded picture. */
  pictures: (lane: DestinationId) => `tb:{${lane}}:pictures`,
  /** Hash: run -> id of its waiting root entry. */
  rootWaits: (lane: DestinationId) => `tb:{${lane}}:root-waits`,
  /** List: entries that can never be said, with the reason; newest first, bounded. */
  dead: (lane: DestinationId) => `tb:{${lane}}:dead`,

  /** Hash: what of a vendor's monthly quota is spent, and which warnings were said. */
  quota: (month: string) => `tb:quota:${month}`,
  /** String: the conversation's root that a message people quote belongs to. */
  mark: (place: string, mark: string) => `tb:mark:${shortHash(JSON.stringify([place, mark]), 32)}`,

  /** String: what tells this Redis from one that was emptied; every home that works with it keeps a copy. */
  identity: "tb:identity",
  lanes: "tb:lanes",
  watches: "tb:watches",
  /** Hash: run id -> run name. */
  runs: (watch: WatchId) => `tb:{${watch}}:runs`,
  /** Hash: log run -> JSON {run, split}. */
  grouping: (watch: WatchId) => `tb:{${watch}}:grouping`,
  /** Hash: run id -> JSON {log run: split}. */
  logRuns: (watch: WatchId) => `tb:{${watch}}:log-runs`,
  /** Set: runs whose history is still being read. */
  priming: (watch: WatchId) => `tb:{${watch}}:priming`,
  /** Sorted set: run id -> when (ms) its time-based rules want a look. */
  deadlines: "tb:deadlines",
  overrides: "tb:overrides",
  mutes: "tb:mutes",
  /** Counter: grows whenever overrides change. */
  settingsVersion: "tb:settings-version",
} as const;
