import { setImmediate } from "node:timers/promises";
import { emptyRecord, TagTable } from "./tag-table.js";
import type { FileCursor, LogRunCursor } from "./cursor.js";
import type { Damage } from "./damage.js";
import { RunNotices } from "./file/run-notices.js";
import { Turn } from "./file/turn.js";
import type { LogRunSlice, ReadRequest } from "./log-source.js";
import { RecordSink, type HParamValue } from "./record-sink.js";

/** One piece of one event file to be read from its cursor on. */
export interface PieceRequest {
  readonly name: string;
  readonly cursor: FileCursor | undefined;
  readonly sink: RecordSink;
  readonly now: number;
  readonly patience: "live" | "dump";
  /** A wish: a record that is larger is read nevertheless, and small pieces are not made smaller. */
  readonly atMostBytes: number;
}

export interface FileSlice {
  readonly cursor: FileCursor;
  readonly damage: readonly Damage[];
  readonly bytes: number;
  /** Whole records may follow at once. */
  readonly more: boolean;
  readonly replaced: boolean;
  readonly lookAgainAt?: number;
}

/** Where the bytes of one log run come from. */
export interface LogRunFiles {
  /** In name order by code points. */
  readonly names: readonly string[];
  /** Undefined where there is nothing to look at. */
  read(piece: PieceRequest): FileSlice | undefined | Promise<FileSlice | undefined>;
  /** Of a live run, what is asked for at once, where asking often costs little; otherwise all that was asked for. */
  readonly livePieceBytes?: number;
}

const vanishedKept = 1_000;
/** Reads the files of one log run from its cursor on, in name order, in chunks between which the event loop runs. */
export async function readLogRunFiles(request: ReadRequest, place: LogRunFiles): Promise<LogRunSlice> {
  const { names } = place;
  const files = filesOf(request.cursor);
  const sink = new RecordSink(TagTable.from(request.cursor?.tags ?? {}), request);
  const damage: Damage[] = [];
  const replaced: string[] = [];
  let bytes = 0;
  let more = false;
  let lookAgainAt = Infinity;
  const notices = new RunNotices(request.cursor, sink);
  const turn = new Turn();
  const nextTurn = request.turn ?? (() => setImmediate());
  const pieceBytes = request.patience === "live" ? (place.livePieceBytes ?? Infinity) : Infinity;
  for (const name of names) {
    more = bytes >= request.atMostBytes;
    if (more) break;
    if (turn.isOver()) {
      await nextTurn();
      turn.begin();
    }
    const from = sink.points.length;
    const isKnown = (files[name]?.offset ?? 0) > 0;
    for (let again = true; again;) {
      const { now, patience } = request;
      const atMostBytes = Math.min(pieceBytes, request.atMostBytes - bytes);
      const reading = place.read({ name, cursor: files[name], sink, now, patience, atMostBytes });
      const slice = reading instanceof Promise ? await reading : reading;
      if (slice === undefined) break;
      files[name] = slice.cursor;
      damage.push(...slice.damage);
      if (slice.replaced) replaced.push(name);
      bytes += slice.bytes;
      lookAgainAt = Math.min(lookAgainAt, slice.lookAgainAt ?? Infinity);
      again = slice.more && bytes < request.atMostBytes;
      more = slice.more;
      if (again) await nextTurn();
    }
    if (isKnown && request.patience === "live") notices.grew(name, from);
    if (more) break;
  }
  damage.push(...notices.fresh());
  forgetVanished(files, names);
  return {
    points: sink.points.batch(sink.tags.names),
    cursor: {
      files,
      tags: sink.tags.toRecord(),
      ...(notices.told.length === 0 ? {} : { told: notices.told }),
    },
    damage,
    bytes,
    more,
    replaced,
    ...(lookAgainAt === Infinity ? {} : { lookAgainAt }),
    ...(sink.histograms === undefined || sink.histograms.length === 0
      ? {}
      : { histograms: sink.histograms.rows(sink.tags.names) }),
    ...(sink.tags.plugins.size === 0 ? {} : { plugins: pluginsOf(sink.tags) }),
    ...(sink.hparams.size === 0 ? {} : { hparams: hparamsOf(sink.hparams) }),
  };
}

function filesOf(cursor: LogRunCursor | undefined): Record<string, FileCursor> {
  const files = emptyRecord<FileCursor>();
  for (const [name, file] of Object.entries(cursor?.files ?? {})) files[name] = file;
  return files;
}

/** Cursors of deleted files are kept, in case the files come back, but not without end. */
function forgetVanished(files: Record<string, FileCursor>, names: readonly string[]): void {
  if (names.length === 0 || Object.keys(files).length <= names.length + vanishedKept) return;
  const present = new Set(names);
  for (const name of Object.keys(files)) if (!present.has(name)) Reflect.deleteProperty(files, name);
}

function pluginsOf({ names, plugins }: TagTable): Record<string, string> {
  const record = emptyRecord<string>();
  for (const [ordinal, plugin] of plugins) record[names[ordinal] ?? ""] = plugin;
  return record;
}

function hparamsOf(found: ReadonlyMap<string, HParamValue>): Record<string, HParamValue> {
  const record = emptyRecord<HParamValue>();
  for (const [name, value] of found) record[name] = value;
  return record;
}
