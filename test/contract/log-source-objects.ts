import { expect, it, describe, beforeEach, afterEach } from "vitest";
import { crc32c } from "../../src/eventlog/crc32c.js";
import type { LogRunCursor } from "../../src/eventlog/cursor.js";
import { defaultScanIntervals, type LogScanner } from "../../src/eventlog/log-source.js";
import type { FakeBucket } from "../support/fake-objects.js";
import { type FakeFault } from "../support/fake-objects.js";
import type { BucketPlace } from "../support/log-places.js";
import { lossAt, lossesOf } from "../support/growing-file.js";

/** How a service says what goes wrong with a whole bucket. */
export interface BucketFaults {
  readonly denied: FakeFault;
  readonly missing: FakeFault;
  readonly throttled: FakeFault;
}

const start = 1_700_000_000_000;
const second = 1_000;

/** What sources that list and read objects keep to beyond the suites of all sources: requests are few, and faults are told. */
export function objectSourceContract(
  scheme: string,
  open: () => Promise<BucketPlace>,
  faults: BucketFaults,
): void {
  const key = "team/run/events.out.tfevents.1";
  const root = `${scheme}://training-logs/team`;

  describe(`logs at ${scheme}://`, () => {
    let opened: BucketPlace;
    let bucket: FakeBucket;
    let scanner: LogScanner;
    beforeEach(async () => {
      opened = await open();
      ({ bucket } = opened);
      scanner = opened.source.scanner(root, defaultScanIntervals);
    });
    afterEach(() => opened.close());

    const changedAt = async (now: number): Promise<readonly string[]> =>
      (await scanner.sweep(now)).changed.map(({ name }) => name);
    const read = async (now: number, cursor?: LogRunCursor, logRun = "run") =>
      opened.source.read({ root, logRun, cursor, atMostBytes: 1e6, now, patience: "live" });

    it("asks a growing object only for what is new and the bytes before it", async () => {
      bucket.put(key, lossesOf(1, 3), start);
      expect(await changedAt(start)).toEqual(["run"]);
      const first = await read(start);
      expect([...first.points.step]).toEqual([1, 2, 3]);
      bucket.put(key, lossesOf(1, 5), start + 10 * second);
      expect(await changedAt(start + 15 * second)).toEqual(["run"]);
      const next = await read(start + 15 * second, first.cursor);
      expect([...next.points.step]).toEqual([4, 5]);
      const offset = lossesOf(1, 3).length;
      expect(bucket.takeRequests()).toEqual([
        "LIST team/",
        `GET ${key} 0-999999`,
        "LIST team/",
        `GET ${key} ${offset - 64}-${offset - 1 + 1_000_000}`,
      ]);
    });

    it("asks no object that the listing shows unchanged, and lists more rarely the longer nothing changes", async () => {
      bucket.put(key, lossAt(1), start);
      await changedAt(start);
      const { cursor } = await read(start);
      bucket.takeRequests();
      expect((await read(start, cursor)).bytes).toBe(0);
      expect(bucket.takeRequests()).toEqual([]);
      let listings = 0;
      for (let now = start + second; now < start + 24 * 3_600 * second; now += second) {
        expect(await changedAt(now)).toEqual([]);
        listings += bucket.takeRequests().length;
      }
      // Every 15 s for 10 minutes, then less and less, in the end every 5 minutes.
      expect(listings).toBeGreaterThan(390);
      expect(listings).toBeLessThan(420);
    });

    it("goes through all pages of a listing, and skips keys that are no paths", async () => {
      bucket.pageSize = 2;
      const runs = ["a", "b/c", "d e+f%20", "\u{1f600}", "line\nbreak", "__proto__"];
      for (const run of runs) bucket.put(`team/${run}/x.tfevents.1`, lossAt(1), start);
      bucket.put("team/y.tfevents", lossAt(1), start);
      bucket.put("team/checkpoints/model.bin", lossAt(1), start);
      bucket.put("teammate/x.tfevents", lossAt(1), start);
      bucket.put("team/a//x.tfevents", lossAt(1), start);
      bucket.put("team/../x.tfevents", lossAt(1), start);
      const sweep = await scanner.sweep(start);
      expect(sweep.changed.map(({ name }) => name).sort()).toEqual([".", ...runs].sort());
      expect(sweep.problems).toEqual([
        `${root}: objects whose keys are no paths (//, /./, /../) are skipped`,
      ]);
      expect(bucket.takeRequests()).toHaveLength(5);
      for (const run of [".", ...runs])
        expect([...(await read(start, undefined, run)).points.step]).toEqual([1]);
    });

    it("finds a log run's objects by itself where another process lists", async () => {
      bucket.put(key, lossesOf(1, 2), start);
      bucket.put("team/run/deeper/x.tfevents", lossAt(9), start);
      expect([...(await read(start)).points.step]).toEqual([1, 2]);
      expect(bucket.takeRequests()[0]).toBe("LIST team/run/");
    });

    it("finds runs idle after a restart, and only those that grew meanwhile", async () => {
      bucket.put(key, lossAt(1), start);
      bucket.put("team/other/x.tfevents", lossesOf(1, 2), start);
      const size = lossAt(1).length;
      scanner.prime(
        new Map([
          ["run", new Map([["events.out.tfevents.1", size]])],
          ["other", new Map([["x.tfevents", size]])],
        ]),
      );
      expect(await changedAt(start)).toEqual(["other"]);
    });

    it("tells that a log run's last object is gone, and that one of several is", async () => {
      bucket.put(key, lossAt(1), start);
      bucket.put("team/two/a.tfevents", lossAt(1), start);
      bucket.put("team/two/b.tfevents", lossAt(2), start);
      await changedAt(start);
      bucket.remove(key);
      bucket.remove("team/two/b.tfevents");
      const sweep = await scanner.sweep(start + 15 * second);
      expect(sweep.gone).toEqual(["run"]);
      expect(sweep.changed.map(({ name, files }) => [name, files.length])).toEqual([["two", 1]]);
    });

    it("reads a rewritten object afresh although it is longer, with one notice", async () => {
      bucket.put(key, lossesOf(1, 3), start);
      const first = await read(start);
      bucket.put(key, lossesOf(11, 18), start + second);
      const next = await read(start + 900 * second, first.cursor);
      expect([...next.points.step]).toEqual([11, 12, 13, 14, 15, 16, 17, 18]);
      expect(next.damage.map(({ kind }) => kind)).toEqual(["replaced"]);
      bucket.put(key, Buffer.alloc(0), start + 2 * second);
      const emptied = await read(start + 1_900 * second, next.cursor);
      expect(emptied).toMatchObject({ bytes: 0, replaced: ["events.out.tfevents.1"], more: false });
      expect(await read(start + 1_900 * second, emptied.cursor)).toMatchObject({ replaced: [], damage: [] });
      expect(crc32c(Buffer.alloc(0), 0, 0)).toBe(0);
    });

    it("reports an object that may not be read once, asks again every five minutes, and reads it when it may", async () => {
      bucket.put(key, lossAt(1), start);
      bucket.denied.add(key);
      const first = await read(start);
      expect(first.damage).toMatchObject([{ kind: "unreadable", detail: "access denied" }]);
      expect(first.lookAgainAt).toBe(start + 300 * second);
      const again = await read(start + 300 * second, first.cursor);
      expect([again.damage, again.lookAgainAt]).toEqual([[], start + 600 * second]);
      bucket.denied.clear();
      expect([...(await read(start + 600 * second, again.cursor)).points.step]).toEqual([1]);
    });

    it.each([
      { name: "denied", sentence: /may not list and read it/ },
      { name: "missing", sentence: /there is no such bucket/ },
      { name: "throttled", sentence: /fewer requests/ },
    ] as const)(
      "says in a sentence that a bucket is $name, asks less and less, and goes on",
      async ({ name, sentence }) => {
        bucket.put(key, lossAt(1), start);
        bucket.always = faults[name];
        const failed = await scanner.sweep(start);
        expect(failed.problems).toEqual([expect.stringMatching(sentence)]);
        expect(failed.problems[0]).toMatch(new RegExp(`^${scheme}://training-logs: `));
        expect(failed.changed).toEqual([]);
        bucket.always = undefined;
        expect(await changedAt(start + 5 * second)).toEqual([]);
        expect(await changedAt(start + 15 * second)).toEqual(["run"]);
      },
    );

    it("calls a run changed again whose read failed", async () => {
      bucket.put(key, lossAt(1), start);
      await changedAt(start);
      bucket.always = faults.denied;
      bucket.denied.add(key);
      bucket.always = faults.throttled;
      await expect(read(start)).rejects.toThrow(/fewer requests/);
      bucket.always = undefined;
      expect(await changedAt(start + 15 * second)).toEqual(["run"]);
      expect(await changedAt(start + 30 * second)).toEqual([]);
    });
  });
}
