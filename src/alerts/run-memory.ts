import { ByteWriter } from "../lib/byte-writer.js";
import type { RunLength } from "../rules/rule.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Run } from "../series/run.js";
import { readMemory } from "./judge-memory.js";
import {
  noSlots,
  readNames,
  readSlots,
  type RememberedSlots,
  writeNames,
  writeSlots,
} from "./slot-memory.js";

/** What a judge of a run remembers beside its series. */
export interface RunMemory {
  readonly clock: number;
  readonly lastStep: number;
  /** Series ever begun. */
  readonly known: number;
  readonly declared: RunLength;
  /** Rules whose failure was reported, by `nameOfCode`. */
  readonly failed: readonly string[];
  /** Rules that were too slow: no series of the run is judged by them any more. */
  readonly slow: readonly string[];
  readonly slots: RememberedSlots;
}

const noRunMemory: RunMemory = {
  clock: -Infinity,
  lastStep: 0,
  known: 0,
  declared: {},
  failed: [],
  slow: [],
  slots: noSlots,
};

const version = 5;

export function readRunMemory(memory: Uint8Array | undefined, damaged: (error: unknown) => void): RunMemory {
  const known = readMemory(memory, {
    version,
    read: (reader) => {
      const head = { clock: reader.f64(), lastStep: reader.f64(), known: reader.u32() };
      const [steps, schedule] = [reader.f64(), reader.text()];
      const declared = { ...(steps > 0 && { steps }), ...(schedule !== "" && { schedule }) };
      const aside = { failed: readNames(reader), slow: readNames(reader) };
      return { ...head, declared, ...aside, slots: readSlots(reader, []) };
    },
    damaged,
  });
  return known ?? noRunMemory;
}

export function writeRunMemory(memory: RunMemory): Uint8Array {
  const { clock, lastStep, known, declared, failed, slow, slots } = memory;
  const writer = new ByteWriter(1_024).u8(version).f64(clock).f64(lastStep).u32(known);
  writer.f64(declared.steps ?? NaN).text(declared.schedule ?? "");
  writeNames(writer, failed);
  writeNames(writer, slow);
  writeSlots(writer, slots);
  return writer.finish();
}

/** The labels that rules about the whole run go by. */
export function labelsOfRun(run: Run): SeriesLabels {
  return { run, split: "", tag: "", kind: "other", phase: "unknown", direction: "unknown" };
}
