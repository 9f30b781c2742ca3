import { parseObjectAddress, type ObjectAddress } from "./object-address.js";
import type { ObjectRuns } from "./object-listing.js";
import { ObjectPace, type PaceOptions } from "./object-pace.js";
import type { ListRequest, ObjectPage, ObjectPiece, ObjectStore, RangeRequest } from "./object-store.js";

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
    return this.pace.ask(async () => (await this.#opened()).list(request));
  }

  read(request: RangeRequest): Promise<ObjectPiece | "gone" | "denied" | "past-end"> {
    return this.pace.ask(async () => (await this.#opened()).read(request));
  }

  #opened(): Promise<ObjectStore> {
    this.#store ??= this.#open(this.address).catch((error: unknown) => {
      this.#store = undefined;
      throw error;
    });
    return this.#store;
  }
}
