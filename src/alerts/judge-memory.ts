import { ByteReader } from "../lib/byte-reader.js";

export interface MemoryFormat<T> {
  readonly version: number;
  readonly read: (reader: ByteReader) => T;
  /** Told when the bytes are of this version but make no sense. */
  readonly damaged: (error: unknown) => void;
}

/** Reads packed memory; none, another version and damage are all 'no memory', because the points can be judged without it. */
export function readMemory<T>(memory: Uint8Array | undefined, format: MemoryFormat<T>): T | undefined {
  if (memory === undefined || memory.length === 0) return undefined;
  const reader = new ByteReader(memory);
  if (reader.u8() !== format.version) return undefined;
  try {
    return format.read(reader);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    format.damaged(error);
    return undefined;
  }
}
