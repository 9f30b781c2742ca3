import type { TagKind } from "./cursor.js";

/** A tag's kind as a small number, because it is looked up for every point; 0 is not settled yet. */
export const tagKinds = { unsettled: 0, scalar: 1, histogram: 2, other: 3 } as const;

/** Tags of a log run, the bytes of one tag, and of all together. */
export const tagBounds = { tags: 20_000, tagBytes: 8 * 1024, bytes: 16 * 1024 * 1024 } as const;

/** What `intern` answers for bytes that are no UTF-8, for one tag more than the bounds allow, and for a tag that is too long. */
export const noTag = { notUtf8: -1, bound: -2, long: -3 } as const;

/** The tags of one log run, interned by their bytes so that no string is made per point, with what each was settled as. */
export class TagTable {
  readonly names: string[] = [];
  kinds = new Uint8Array(64);
  /** By ordinal, of tags settled as `other` since the table was made: the plugin that shows them. */
  readonly plugins = new Map<number, string>();
  #slots = new Int32Array(128);
  #bytes = new Uint8Array(1_024);
  // Plain arrays: most tables are small and made for one read, and typed ones cost an allocation outside the heap each.
  readonly #hashes: number[] = [];
  readonly #starts: number[] = [0];
  readonly #follower: number[] = [];
  #last = -1;

  static from(settled: Readonly<Record<string, TagKind>>): TagTable {
    const table = new TagTable();
    for (const [name, kind] of Object.entries(settled)) {
      const ordinal = table.internName(name);
      if (ordinal >= 0) table.settle(ordinal, tagKinds[kind]);
    }
    return table;
  }

  /** Settled tags only; without a prototype because `__proto__` is a legal tag. */
  toRecord(): Record<string, TagKind> {
    const record = emptyRecord<TagKind>();
    this.names.forEach((name, ordinal) => {
      const kind = kindNames[this.kinds[ordinal] ?? 0];
      if (kind !== undefined) record[name] = kind;
    });
    return record;
  }

  settle(ordinal: number, kind: number): void {
    this.kinds[ordinal] = kind;
  }

  internName(name: string): number {
    const bytes = Buffer.from(name, "utf8");
    return this.intern(bytes, 0, bytes.length);
  }

  /** The tag's ordinal. Writers repeat their tags in the same order, so the one that followed last time is tried first. */
  intern(bytes: Uint8Array, start: number, end: number): number {
    const guess = this.#last < 0 ? -1 : (this.#follower[this.#last] ?? -1);
    if (guess >= 0 && this.#same(guess, bytes, start, end)) {
      this.#last = guess;
      return guess;
    }
    const ordinal = this.#find(bytes, start, end);
    if (ordinal >= 0) {
      if (this.#last >= 0) this.#follower[this.#last] = ordinal;
      this.#last = ordinal;
    }
    return ordinal;
  }

  #find(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const ordinal = (this.#slots[slot] ?? 0) - 1;
      if (ordinal < 0) return this.#add(bytes.subarray(start, end), hash, slot);
      if (this.#hashes[ordinal] === hash && this.#same(ordinal, bytes, start, end)) return ordinal;
      slot = (slot + 1) & mask;
    }
  }

  // eslint-disable-next-line max-params -- called for every point: an object would cost more than the comparison
  #same(ordinal: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#bytes;
    let at = this.#starts[ordinal] ?? 0;
    if ((this.#starts[ordinal + 1] ?? 0) - at !== end - start) return false;
    for (let other = start; other < end; other += 1, at += 1) if (own[at] !== bytes[other]) return false;
    return true;
  }

  #add(bytes: Uint8Array, hash: number, slot: number): number {
    const ordinal = this.names.length;
    const start = this.#starts[ordinal] ?? 0;
    if (bytes.length > tagBounds.tagBytes)
      return strictUtf8(bytes) === undefined ? noTag.notUtf8 : noTag.long;
    if (ordinal >= tagBounds.tags || start + bytes.length > tagBounds.bytes) return noTag.bound;
    const name = strictUtf8(bytes);
    if (name === undefined) return noTag.notUtf8;
    if (ordinal === this.kinds.length) this.#grow();
    if (start + bytes.length > this.#bytes.length) this.#bytes = larger(this.#bytes, start + bytes.length);
    this.names.push(name);
    this.#bytes.set(bytes, start);
    this.#starts.push(start + bytes.length);
    this.#hashes.push(hash);
    this.#follower.push(-1);
    this.#slots[slot] = ordinal + 1;
    return ordinal;
  }

  #grow(): void {
    const room = this.kinds.length * 2;
    const kinds = new Uint8Array(room);
    kinds.set(this.kinds);
    this.kinds = kinds;
    this.#slots = new Int32Array(room * 2);
    const mask = room * 2 - 1;
    for (let ordinal = 0; ordinal < this.names.length; ordinal += 1) {
      const hash = this.#hashes[ordinal] ?? 0;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = ordinal + 1;
    }
  }
}

/** A dictionary whose keys are user data. */
export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** The text of UTF-8 bytes, byte order mark included; undefined where they are none. */
export function strictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const kindNames: readonly (TagKind | undefined)[] = [undefined, "scalar", "histogram", "other"];

function larger(bytes: Uint8Array<ArrayBuffer>, atLeast: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(Math.max(bytes.length * 2, atLeast));
  grown.set(bytes);
  return grown;
}
