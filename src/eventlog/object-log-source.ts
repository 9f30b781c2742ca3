import { byCodePoints } from "./file/list-log-run.js";
import type { LogRunSlice, LogSource, ReadRequest } from "./log-source.js";
import type { ObjectAddress } from "./object-address.js";
import { ObjectListing, type ObjectFile } from "./object-listing.js";
import type { PaceOptions } from "./object-pace.js";
import { ObjectPlace } from "./object-place.js";
import { readObjectSlice } from "./object-reader.js";
import { ObjectScanner } from "./object-scanner.js";
import { ObjectFault, type ObjectStore } from "./object-store.js";
import { readLogRunFiles } from "./read-log-run-files.js";

export interface ObjectLogSourceOptions {
  readonly scheme: string;
  /** Opens the client of a bucket; called at the first request. */
  readonly open: (address: ObjectAddress) => Promise<ObjectStore>;
  readonly pace?: PaceOptions | undefined;
}

/**
 * Logs in a bucket, whoever's it is. Objects are replaced, not appended to: a listing tells which have changed, and of
 * those the bytes behind the cursor are asked for. A read throws an `ObjectFault` where the bucket does not answer.
 */
export function objectLogSource({ scheme, open, pace }: ObjectLogSourceOptions): LogSource {
  const places = new Map<string, ObjectPlace>();
  const placeOf = (root: string): ObjectPlace => {
    const known = places.get(root) ?? new ObjectPlace(root, open, pace);
    places.set(root, known);
    return known;
  };
  return {
    scheme,
    scanner: (root, intervals) => new ObjectScanner(placeOf(root), intervals),
    read: (request) => readObjectLogRun(placeOf(request.root), request),
  };
}

/** A listing of this process is good enough for a read: what has changed since, the next one shows. */
const listingStandsMs = 600_000;

async function readObjectLogRun(place: ObjectPlace, request: ReadRequest): Promise<LogRunSlice> {
  const { logRun } = request;
  if (logRun.startsWith("/") || logRun.split("/").includes("..")) {
    throw new RangeError("a log run lies below its root");
  }
  const prefix = logRun === "." ? place.address.prefix : `${place.address.prefix}${logRun}/`;
  try {
    const files = await filesOf(place, request, prefix);
    return await readLogRunFiles(request, {
      names: [...files.keys()].sort(byCodePoints),
      read: (piece) => {
        const listed = files.get(piece.name);
        if (listed === undefined) return undefined;
        const read = place.read.bind(place);
        return readObjectSlice({ ...piece, key: prefix + piece.name, listed, read });
      },
    });
  } catch (error) {
    if (error instanceof ObjectFault) place.failed.add(logRun);
    throw error;
  }
}

async function filesOf(
  place: ObjectPlace,
  { logRun, now }: ReadRequest,
  prefix: string,
): Promise<ReadonlyMap<string, ObjectFile>> {
  if (place.listed !== undefined && now - place.listed.at < listingStandsMs) {
    return place.listed.runs.get(logRun) ?? new Map<string, ObjectFile>();
  }
  const listing = new ObjectListing(prefix, place.address.shown);
  let from: string | undefined;
  do from = listing.add(await place.list({ prefix, shallow: true, from }));
  while (from !== undefined);
  return listing.runs.get(".") ?? new Map<string, ObjectFile>();
}
