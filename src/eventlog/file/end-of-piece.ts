import type { FileCursor } from "../cursor.js";
import type { DamageKind } from "../damage.js";
import type { DecodedRecords } from "../decode-records.js";
import type { Hold } from "./patience.js";

/** What the reason decoding stopped means for the file: go on, wait, hold, or stop. */
export function endOf({ stop, offset, size, filledTo, before, hold, patience }: Ending): End {
  const isDump = patience === "dump";
  switch (stop) {
    case "end":
    case "large":
      return { more: offset < size, settled: offset >= size, marks: {} };
    case "truncated":
      if (filledTo < size && offset > before.offset) return { more: true, settled: false, marks: {} };
      return { more: false, settled: true, marks: {}, ...(isDump ? { damage: "truncated-tail" } : {}) };
    case "zeros": {
      if (filledTo < size && size - offset >= 12 && filledTo - offset < 12) {
        return { more: true, settled: false, marks: {} };
      }
      if (isDump) return { more: false, settled: true, marks: {}, damage: "zeros" };
      if (size - offset < 12) return { more: false, settled: true, marks: {} };
      const marks = hold.marksAt(offset);
      if (before.reported === true && offset === before.offset) {
        return { more: false, settled: true, marks: { reported: true } };
      }
      if (!hold.isOver(offset)) return { more: false, settled: false, marks };
      return { more: false, settled: true, marks: { reported: true }, damage: "zeros" };
    }
    case "corrupt-record":
      return { more: false, settled: false, marks: hold.marksAt(offset) };
    case "corrupt-length": {
      if (before.stopped === "corrupt-length" && before.offset === offset) {
        return { more: false, settled: true, marks: { stopped: "corrupt-length" } };
      }
      if (offset >= hold.from) return { more: false, settled: false, marks: hold.marksAt(offset) };
      return { more: false, settled: true, marks: { stopped: "corrupt-length" }, damage: "corrupt-length" };
    }
    case "oversize": {
      const isKnown = before.stopped === "oversize-record" && before.offset === offset;
      const marks = { stopped: "oversize-record" } as const;
      return { more: false, settled: true, marks, ...(isKnown ? {} : { damage: "oversize-record" }) };
    }
  }
}

/** What the end of a piece means for its file. */
export interface End {
  readonly more: boolean;
  /** Nothing is to be looked at again before the file changes. */
  readonly settled: boolean;
  readonly damage?: DamageKind;
  readonly marks: Pick<FileCursor, "heldSince" | "heldTo" | "stopped" | "reported">;
}

export interface Ending {
  readonly stop: DecodedRecords["stop"];
  readonly offset: number;
  readonly size: number;
  readonly filledTo: number;
  readonly before: FileCursor;
  readonly hold: Hold;
  readonly patience: "live" | "dump";
}
