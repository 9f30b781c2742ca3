import type { NewestPoint } from "../cursor.js";
import type { LogRunSlice, LogSource, ReadRequest } from "../log-source.js";
import type { PaceOptions } from "../object-pace.js";
import { readTensorBoardRun } from "./read-tensorboard-run.js";
import { TensorBoardClient } from "./tensorboard-client.js";
import { TensorBoardFault } from "./tensorboard-fault.js";
import { type TensorBoardPlace, TensorBoardScanner } from "./tensorboard-scanner.js";

export interface HttpLogSourceOptions {
  readonly scheme: "http" | "https";
  readonly pace?: PaceOptions;
}

/** A running TensorBoard: points instead of bytes, at most the sample it keeps of each series. */
export function httpLogSource({ scheme, pace }: HttpLogSourceOptions): LogSource {
  const places = new Map<string, TensorBoardPlace>();
  const placeOf = (root: string): TensorBoardPlace => {
    const known = places.get(root) ?? {
      client: new TensorBoardClient(root, pace),
      listed: undefined,
      taken: new Map<string, Readonly<Record<string, NewestPoint>>>(),
      failed: new Set<string>(),
    };
    places.set(root, known);
    return known;
  };
  return {
    scheme,
    scanner: (root, intervals) => new TensorBoardScanner(placeOf(root), intervals),
    read: (request) => read(placeOf(request.root), request),
  };
}

/** A list of tags of this process is good enough for a read: what has changed since, the next look finds. */
const listStandsMs = 600_000;

async function read(place: TensorBoardPlace, { logRun, cursor, now }: ReadRequest): Promise<LogRunSlice> {
  const { client, listed, taken } = place;
  try {
    const isFresh = listed !== undefined && now - listed.at < listStandsMs;
    const tags = isFresh ? listed.tags : await client.tags();
    place.listed = isFresh ? listed : { at: now, tags };
    const slice = await readTensorBoardRun({ client, logRun, cursor, tags: tags.get(logRun) ?? [] });
    taken.set(logRun, slice.cursor.newest ?? {});
    return slice;
  } catch (error) {
    if (error instanceof TensorBoardFault) place.failed.add(logRun);
    throw error;
  }
}
