import { setImmediate } from "node:timers/promises";
import { emptyRecord, TagTable } from "../tag-table.js";
import type { FileCursor, LogRunCursor } from "../cursor.js";
import type { Damage } from "../damage.js";
import type { LogRunSlice, ReadRequest } from "../log-source.js";
import { RecordSink, type HParamValue } from "../record-sink.js";
import { listEventFiles } from "./list-log-run.js";
import { readFileSlice } from "./read-file.js";

/** Reads the files of one log run from its cursor on, in name order, in chunks between which the event loop runs. */
export async function readLogRun(request: ReadRequest): Promise<LogRunSlice> {
  const directory = directoryOf(request.root, request.logRun);
  const files = filesOf(request.cursor);
  const sink = new RecordSink(TagTable.from(request.cursor?.tags ?? {}));
  const damage: Damage[] = [];
  const replaced: string[] = [];
  let bytes = 0;
  let more = false;
  let lookAgainAt = Infinity;
  for (const name of listEventFiles(directory)) {
    more = bytes >= request.atMostBytes;
    if (more) break;
    const path = `${directory}/${name}`;
    for (let again = true; again;) {
      const { now, patience } = request;
      const atMostBytes = request.atMostBytes - bytes;
      const slice = readFileSlice({ path, name, cursor: files[name], sink, now, patience, atMostBytes });
      if (slice === undefined) break;
      files[name] = slice.cursor;
      damage.push(...slice.damage);
      if (slice.replaced) replaced.push(name);
      bytes += slice.bytes;
      lookAgainAt = Math.min(lookAgainAt, slice.lookAgainAt ?? Infinity);
      again = slice.more && bytes < request.atMostBytes;
      more = slice.more;
      if (again) await setImmediate();
    }
    if (more) break;
  }
  if (sink.beyondBounds > 0) {
    damage.push({
      file: "",
      kind: "bound",
      offset: 0,
      detail: `${sink.beyondBounds} values of too many tags`,
    });
  }
  return {
    points: sink.points.batch(sink.tags.names),
    cursor: { files, tags: sink.tags.toRecord() },
    damage,
    bytes,
    more,
    replaced,
    ...(lookAgainAt === Infinity ? {} : { lookAgainAt }),
    ...(sink.hparams.size === 0 ? {} : { hparams: hparamsOf(sink.hparams) }),
  };
}

function directoryOf(root: string, logRun: string): string {
  if (logRun === ".") return root;
  if (logRun.startsWith("/") || logRun.split("/").includes(".."))
    throw new RangeError("a log run lies below its root");
  return `${root}/${logRun}`;
}

function filesOf(cursor: LogRunCursor | undefined): Record<string, FileCursor> {
  const files = emptyRecord<FileCursor>();
  for (const [name, file] of Object.entries(cursor?.files ?? {})) files[name] = file;
  return files;
}

function hparamsOf(found: ReadonlyMap<string, HParamValue>): Record<string, HParamValue> {
  const record = emptyRecord<HParamValue>();
  for (const [name, value] of found) record[name] = value;
  return record;
}
