import { within } from "../lib/within.js";
import { parseObjectAddress, type ObjectAddress } from "./object-address.js";
import type { ObjectRuns } from "./object-listing.js";
import { ObjectPace, type PaceOptions } from "./object-pace.js";
import {
  ObjectFault,
  type ListRequest,
  type ObjectPage,
  type ObjectPiece,
  type ObjectStore,
  type RangeRequest,
} from "./object-store.js";

/** Milliseconds of one request with all that its client tries again: clients' own limits do not hold for every way to hang. */
const answerWithinMs = 60_000;

/** One root in a bucket: its client, opened at the first request, and what the last listing showed, for reads to use. */
export class ObjectPlace {
  readonly address: ObjectAddress;
  readonly pace: ObjectPace;
  /** Log runs whose last read failed: the next listing calls them changed again. */
  readonly failed = new Set<string>();
  listed: { readonly at: number; readonly runs: ObjectRuns } | undefined;
  readonly #open: (address: ObjectAddress) => Promise<ObjectStore>;
  #store: Promise<ObjectStore> | undefined;

  constructor(root: string, open: (address: ObjectAddress) => Promise<ObjectStore>, pace?: PaceOptions) {
    this.address = parseObjectAddress(root);
    this.pace = new ObjectPace(pace);
    this.#open = open;
  }

  list(request: ListRequest): Promise<ObjectPage> {
    return this.#ask((store) => store.list(request));
  }

  read(request: RangeRequest): Promise<ObjectPiece | "gone" | "denied" | "past-end"> {
    return this.#ask((store) => store.read(request));
  }

  #ask<T>(request: (store: ObjectStore) => Promise<T>): Promise<T> {
    return this.pace.ask(async () => {
      const answer = this.#opened().then(request);
      const outcome = await within(answer, answerWithinMs);
      // What still comes of it is of no use any more.
      if (outcome === "late") throw new ObjectFault("unreachable", this.address.shown);
      return answer;
    });
  }

  #opened(): Promise<ObjectStore> {
    this.#store ??= this.#open(this.address).catch((error: unknown) => {
      this.#store = undefined;
      throw error;
    });
    return this.#store;
  }
}
