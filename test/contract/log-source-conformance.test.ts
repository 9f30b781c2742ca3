import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import type { LogRunCursor } from "../../src/eventlog/cursor.js";
import type { Damage } from "../../src/eventlog/damage.js";
import { byCodePoints } from "../../src/eventlog/file/list-log-run.js";
import { logRunSlices } from "../../src/eventlog/log-run-slices.js";
import { defaultScanIntervals } from "../../src/eventlog/log-source.js";
import { CollectedPoints } from "../support/collected-points.js";
import { logPlaces, type LogPlace } from "../support/log-places.js";
import { conformanceCases, type ConformanceCase, type ExpectedRuns } from "../support/conformance.js";

const now = 2_000_000_000_000;
/** Files last changed so long ago that no damage in them is fresh. */
const quiet = 1_000_000_000;

const places = ["file", "s3", "gs"] as const;
const examples = conformanceCases().flatMap((example) => places.map((scheme) => ({ scheme, example })));

describe.each(examples)("reading the case $example.name at $scheme://", ({ scheme, example }) => {
  it("finds its log runs, points and damage, read whole", async () => {
    await withPlace(scheme, example.files, async ({ root, source }) => {
      const scanner = source.scanner(root, defaultScanIntervals);
      await scanner.sweep(now);
      const names = scanner.logRuns().map(({ name }) => name);
      expect([...names].sort(byCodePoints)).toEqual([...example.runNames].sort(byCodePoints));
      const reading = new Reading();
      for (const logRun of names) {
        for await (const slice of logRunSlices(source, { root, logRun, now })) {
          reading.add(logRun, slice.points, slice.damage);
        }
      }
      expect(reading.runs()).toEqual(standing(example.runs));
      expect(reading.errors()).toEqual(sorted(example.errors));
    });
  });

  it("gives the same from slices of a few bytes, the cursor stored as JSON between any two", async () => {
    await withPlace(scheme, example.files, async ({ root, source }) => {
      const reading = new Reading();
      for (const logRun of example.runNames) {
        let stored: string | undefined;
        for (let more = true, turn = 0; more; turn += 1) {
          const cursor = stored === undefined ? undefined : (JSON.parse(stored) as LogRunCursor);
          const atMostBytes = 1 + ((turn * 7_919) % 20_000);
          const slice = await source.read({ root, logRun, cursor, atMostBytes, now, patience: "dump" });
          reading.add(logRun, slice.points, slice.damage);
          stored = JSON.stringify(slice.cursor);
          more = slice.more;
        }
      }
      expect(reading.runs()).toEqual(standing(example.runs));
      expect(reading.errors()).toEqual(sorted(example.errors));
    });
  });

  it("gives the same points from files that grow one after another, and reports no torn tail", async () => {
    await withPlace(scheme, new Map(), async ({ root, source, append }) => {
      const reading = new Reading();
      const cursors = new Map<string, LogRunCursor>();
      const files = [...example.files].sort(([left], [right]) => byCodePoints(left, right));
      let time = now;
      const readOn = async (logRun: string): Promise<void> => {
        for (let more = true; more;) {
          const cursor = cursors.get(logRun);
          const slice = await source.read({
            root,
            logRun,
            cursor,
            atMostBytes: 1e6,
            now: time,
            patience: "live",
          });
          cursors.set(logRun, slice.cursor);
          reading.add(logRun, slice.points, slice.damage);
          more = slice.more;
        }
      };
      for (const [path, bytes] of files) {
        const logRun = dirname(path);
        const step = Math.max(1, Math.ceil(bytes.length / 9));
        for (let at = 0; at < Math.max(1, bytes.length); at += step) {
          append(path, bytes.subarray(at, at + step), time - quiet);
          time += 1_000;
          await readOn(logRun);
        }
        time += 100_000;
        await readOn(logRun);
      }
      expect(reading.runs()).toEqual(standing(example.runs));
      expect(reading.errors()).toEqual(
        sorted(example.errors.filter(({ kind }) => kind !== "truncated-tail")).filter(isNotZeroTail(example)),
      );
    });
  });
});

class Reading {
  readonly #points = new Map<string, CollectedPoints>();
  readonly #errors: { run: string; file: string; kind: string; offset: number }[] = [];

  add(run: string, points: Parameters<CollectedPoints["add"]>[0], damage: readonly Damage[]): void {
    const collected = this.#points.get(run) ?? new CollectedPoints();
    this.#points.set(run, collected);
    collected.add(points);
    for (const { file, kind, offset } of damage) this.#errors.push({ run, file, kind, offset });
  }

  runs(): ExpectedRuns {
    return standing(new Map([...this.#points].map(([run, collected]) => [run, collected.tags()])));
  }

  errors(): readonly object[] {
    return sorted(this.#errors);
  }
}

/** Runs without a point are no part of the answer; -0 and 0 are one value. */
function standing(runs: ExpectedRuns): ExpectedRuns {
  return new Map([...runs].filter(([, tags]) => tags.size > 0));
}

function sorted<T extends { run: string; file: string; offset: number }>(errors: readonly T[]): readonly T[] {
  const key = ({ run, file, offset }: T): string => `${run}/${file}/${offset}`;
  return [...errors].sort((left, right) => byCodePoints(key(left), key(right)));
}

/** Fewer zeros than a header are an ordinary torn tail to a live reader. */
function isNotZeroTail({ files }: ConformanceCase) {
  return ({
    run,
    file,
    kind,
    offset,
  }: {
    run: string;
    file: string;
    kind: string;
    offset: number;
  }): boolean => kind !== "zeros" || (files.get(`${run}/${file}`)?.length ?? 0) - offset >= 12;
}

async function withPlace(
  scheme: keyof typeof logPlaces,
  files: ReadonlyMap<string, Buffer>,
  act: (place: LogPlace) => Promise<void>,
): Promise<void> {
  const place = await logPlaces[scheme]();
  try {
    for (const [path, bytes] of files) place.write(path, bytes, now - quiet);
    await act(place);
  } finally {
    await place.close();
  }
}
