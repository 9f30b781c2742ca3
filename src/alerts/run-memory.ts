import { ByteWriter } from "../lib/byte-writer.js";
import type { RunLength } from "../rules/rule.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Run } from "../series/run.js";
import { readMemory } from "./judge-memory.js";
import { noSlots, readSlots, type RememberedSlots, writeSlots } from "./slot-memory.js";

/** What a judge of a run remembers beside its series. */
export interface RunMemory {
  readonly clock: number;
  readonly lastStep: number;
  /** Series ever begun. */
  readonly known: number;
  readonly declared: RunLength;
  readonly slots: RememberedSlots;
}

const noRunMemory: RunMemory = {
  clock: -Infinity,
  lastStep: 0,
  known: 0,
  declared: {},
  slots: noSlots,
};

const version = 4;

export function readRunMemory(memory: Uint8Array | undefined, damaged: (error: unknown) => void): RunMemory {
  const known = readMemory(memory, {
    version,
    read: (reader) => {
      const head = { clock: reader.f64(), lastStep: reader.f64(), known: reader.u32() };
      const [steps, schedule] = [reader.f64(), reader.text()];
      const declared = { ...(steps > 0 && { steps }), ...(schedule !== "" && { schedule }) };
      return { ...head, declared, slots: readSlots(reader, []) };
    },
    damaged,
  });
  return known ?? noRunMemory;
}

export function writeRunMemory({ clock, lastStep, known, declared, slots }: RunMemory): Uint8Array {
  const writer = new ByteWriter(1_024).u8(version).f64(clock).f64(lastStep).u32(known);
  writer.f64(declared.steps ?? NaN).text(declared.schedule ?? "");
  writeSlots(writer, slots);
  return writer.finish();
}

/** The labels that rules about the whole run go by. */
export function labelsOfRun(run: Run): SeriesLabels {
  return { run, split: "", tag: "", kind: "other", phase: "unknown", direction: "unknown" };
}
