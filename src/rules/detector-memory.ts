import { ByteReader } from "../lib/byte-reader.js";
import type { DetectorMemory } from "./rule.js";

/** Reads memory of this version; another version or none is left unread. Damaged memory throws: the detector is then made without it. */
export function recall(
  memory: DetectorMemory | undefined,
  version: number,
  read: (reader: ByteReader) => void,
): void {
  if (memory === undefined || memory.length === 0) return;
  const reader = new ByteReader(memory);
  if (reader.u8() === version) read(reader);
}
