import type { ByteReader } from "../lib/byte-reader.js";
import type { ByteWriter } from "../lib/byte-writer.js";
import type { DetectorMemory, Rule } from "../rules/rule.js";
import type { Episode } from "./episode.js";

/** What survives of slots: by rule id, and the episodes that are open. */
export interface RememberedSlots {
  readonly begun: number;
  readonly points: number;
  readonly fires: ReadonlyMap<string, readonly number[]>;
  readonly detectors: ReadonlyMap<string, DetectorMemory>;
  /** Rules that threw here, by `nameOfCode`: they are not asked again. */
  readonly aside: readonly string[];
  readonly episodes: readonly Episode[];
}

export const noSlots: RememberedSlots = {
  begun: 0,
  points: 0,
  fires: new Map(),
  detectors: new Map(),
  aside: [],
  episodes: [],
};

/** What a rule that was set aside is known by: one whose code has changed is another. */
export function nameOfCode({ id, code }: Pick<Rule, "id" | "code">): string {
  return code === undefined ? id : `${id}@${code}`;
}

export function writeSlots(writer: ByteWriter, slots: RememberedSlots): void {
  const { begun, points, fires, detectors, aside } = slots;
  writer.u32(begun).f64(points).u8(fires.size);
  for (const [rule, at] of fires) {
    writer.text(rule).u8(at.length);
    for (const point of at) writer.f64(point);
  }
  writer.u8(detectors.size);
  for (const [rule, memory] of detectors) writer.text(rule).block(memory);
  writeNames(writer, aside);
}

export function writeNames(writer: ByteWriter, names: readonly string[]): void {
  writer.u8(names.length);
  for (const name of names) writer.text(name);
}

export function readNames(reader: ByteReader): readonly string[] {
  return Array.from({ length: reader.u8() }, () => reader.text());
}

export function readSlots(reader: ByteReader, episodes: readonly Episode[]): RememberedSlots {
  const [begun, points] = [reader.u32(), reader.f64()];
  const fires = new Map<string, readonly number[]>();
  for (let left = reader.u8(); left > 0; left -= 1) {
    const rule = reader.text();
    fires.set(
      rule,
      Array.from({ length: reader.u8() }, () => reader.f64()),
    );
  }
  const detectors = new Map<string, DetectorMemory>();
  for (let left = reader.u8(); left > 0; left -= 1) {
    const rule = reader.text();
    detectors.set(rule, reader.block());
  }
  return { begun, points, fires, detectors, aside: readNames(reader), episodes };
}
