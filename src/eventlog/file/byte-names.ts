import { opendirSync, readdirSync, realpathSync, type Dirent } from "node:fs";
import { strictUtf8 } from "../tag-table.js";
import { Turn } from "./turn.js";

/**
 * Names on a disk are bytes, ours are text. A byte that belongs to no UTF-8 stands in a name as U+FFFD and its two hex
 * digits: it can be shown, two such names stay two, and `onDisk` finds the file again.
 */
export function nameOfBytes(bytes: Uint8Array): string {
  const whole = strictUtf8(bytes);
  if (whole?.includes(mark) === false) return whole;
  let name = "";
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at] ?? 0);
    const text = strictUtf8(bytes.subarray(at, at + length));
    // What is written like an escape already must not be taken for one.
    const isKept = text !== undefined && !(text === mark && isEscape(bytes, at + length));
    const taken = text === undefined ? 1 : length;
    name += isKept ? text : escaped(bytes.subarray(at, at + taken));
    at += taken;
  }
  return name;
}

/** What the file system is asked for by such a name, or a path of them: the path itself in all ordinary cases. */
export function onDisk(path: string): string | Buffer {
  if (!path.includes(mark)) return path;
  const parts: Buffer[] = [];
  let from = 0;
  for (const { 0: found, index } of path.matchAll(escape)) {
    parts.push(Buffer.from(path.slice(from, index), "utf8"), Buffer.from(found.slice(1), "hex"));
    from = index + found.length;
  }
  if (parts.length === 0) return path;
  return Buffer.concat([...parts, Buffer.from(path.slice(from), "utf8")]);
}

export interface NamedEntry {
  readonly name: string;
  readonly entry: Dirent | Dirent<Buffer>;
}

/** A directory's entries under such names. Throws what the file system throws. */
export function readNames(path: string): readonly NamedEntry[] {
  const entries = readdirSync(onDisk(path), { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes(mark)))
    return entries.map((entry) => ({ name: entry.name, entry }));
  return readdirSync(onDisk(path), { withFileTypes: true, encoding: "buffer" }).map((entry) => ({
    name: nameOfBytes(entry.name),
    entry,
  }));
}

/** Entries that are asked of the system at once. */
const atOnce = 512;

/** The same of a directory that holds thousands, with a pause every few milliseconds; of a small one it takes twice the time. */
export function* readManyNames(path: string): Generator<"pause", readonly NamedEntry[]> {
  const directory = opendirSync(onDisk(path), { bufferSize: atOnce });
  const entries: NamedEntry[] = [];
  const turn = new Turn();
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      // A name that may be no UTF-8: how it is spelled takes a second look.
      if (entry.name.includes(mark)) return readNames(path);
      entries.push({ name: entry.name, entry });
      if (!turn.isOver()) continue;
      yield "pause";
      turn.begin();
    }
  } finally {
    directory.closeSync();
  }
  return entries;
}

/** The path without links. Throws where there is none. */
export function realPath(path: string): string {
  return nameOfBytes(realpathSync.native(onDisk(path), "buffer"));
}

const mark = "\ufffd";
const escape = /\ufffd[89a-f][0-9a-f]/g;

/** Whether the two digits of an escape stand here. */
function isEscape(bytes: Uint8Array, at: number): boolean {
  return /^[89a-f][0-9a-f]$/.test(Buffer.from(bytes.subarray(at, at + 2)).toString("latin1"));
}

function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => mark + byte.toString(16)).join("");
}

/** Bytes of a character by its first one; a wrong guess is no UTF-8. */
function sequenceLength(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
