import type { LogRunCursor, RunNotice } from "../cursor.js";
import type { Damage } from "../damage.js";
import type { RecordSink } from "../record-sink.js";
import { tagBounds } from "../tag-table.js";

interface Bound {
  readonly notice: RunNotice;
  readonly of: keyof RecordSink["leftOut"];
  readonly detail: string;
}

const bounds: readonly Bound[] = [
  {
    notice: "too-many-tags",
    of: "tags",
    detail: "more tags than are kept: the rest is left out",
  },
  {
    notice: "long-tags",
    of: "longTags",
    detail: `a tag of more than ${tagBounds.tagBytes} bytes: it is left out`,
  },
  {
    notice: "too-many-histograms",
    of: "histograms",
    detail: "more histograms in one record than are kept: the rest is left out",
  },
  {
    notice: "cut-hparams",
    of: "hparams",
    detail: "more hyper-parameters than are kept, or longer ones: the rest is left out",
  },
];

/** Finds what concerns a log run as a whole while its files are read, and tells it once in the run's life. */
export class RunNotices {
  readonly #told: Set<RunNotice>;
  readonly #sink: RecordSink;
  /** Tag -> the file whose fresh points came first in this slice. */
  readonly #writers = new Map<number, string>();
  #shared: { readonly tag: number; readonly files: readonly [string, string] } | undefined;

  constructor(cursor: LogRunCursor | undefined, sink: RecordSink) {
    this.#told = new Set(cursor?.told);
    this.#sink = sink;
  }

  get told(): readonly RunNotice[] {
    return [...this.#told];
  }

  /** Takes note of the points that a file known before has gained since the last look. */
  grew(file: string, from: number): void {
    if (this.#told.has("two-writers") || from === this.#sink.points.length) return;
    for (const tag of this.#sink.points.tagsSince(from)) {
      const other = this.#writers.get(tag) ?? file;
      this.#writers.set(tag, other);
      if (other !== file) this.#shared ??= { tag, files: [other, file] };
    }
  }

  /** Two files that grow at once under one tag take each other's points away in the order they are read. */
  fresh(): readonly Damage[] {
    const found: Damage[] = [];
    const { leftOut, tags } = this.#sink;
    for (const { notice, of, detail } of bounds) {
      if (leftOut[of] === 0 || this.#told.has(notice)) continue;
      this.#told.add(notice);
      found.push({ file: "", kind: "bound", offset: 0, detail });
    }
    if (this.#shared !== undefined) {
      const [first, second] = this.#shared.files;
      this.#told.add("two-writers");
      const detail = `${first} and this file grow at once under the tag ${tags.names[this.#shared.tag] ?? ""}`;
      found.push({ file: second, kind: "two-writers", offset: 0, detail });
    }
    return found;
  }
}
