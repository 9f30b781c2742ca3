import type { FileCursor } from "../cursor.js";

export const patience = {
  /** Network disks show blocks out of order: a bad place in fresh bytes is given this long to heal. */
  holdMs: 30_000,
  /** Bytes are fresh while their file changed within this time … */
  freshMs: 60_000,
  /** … and they lie within this distance of its end. */
  freshBytes: 1024 * 1024,
} as const;

/** Which bad places of a file are waited for, and since when. */
export interface Hold {
  /** Bad records and lengths at or behind this offset are held, those before it are given up. */
  readonly from: number;
  isOver(offset: number): boolean;
  marksAt(offset: number): { readonly heldSince: number; readonly heldTo: number };
  endsAt(heldSince: number): number;
}

export interface HoldRequest {
  readonly cursor: FileCursor;
  readonly patience: "live" | "dump";
  readonly now: number;
  readonly size: number;
  readonly mtimeMs: number;
}

export function holdOf({ cursor, patience: mode, now, size, mtimeMs }: HoldRequest): Hold {
  const { heldSince, heldTo = size, offset: heldAt } = cursor;
  const isOver = heldSince !== undefined && now - heldSince >= patience.holdMs;
  const isHeld = heldSince !== undefined && !isOver;
  const grew =
    cursor.identity.size >= 0 && size > cursor.identity.size && cursor.identity.size > cursor.offset;
  const isFresh = grew || now - mtimeMs < patience.freshMs;
  const fresh = isFresh ? Math.max(0, size - patience.freshBytes) : Infinity;
  const from = isHeld ? Math.min(heldAt, fresh) : isOver ? Math.max(heldTo, fresh) : fresh;
  return {
    from: mode === "dump" ? Infinity : from,
    isOver: (offset) => isOver && offset === heldAt,
    marksAt: (offset) =>
      isHeld && offset === heldAt ? { heldSince, heldTo } : { heldSince: now, heldTo: size },
    endsAt: (since) => since + patience.holdMs,
  };
}
