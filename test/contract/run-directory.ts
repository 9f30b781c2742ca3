import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CommandRequest } from "../../src/commands/command.js";
import type { RunDirectory } from "../../src/commands/context.js";
import { type Run, runIdOf, seriesKeyOf, watchIdOf } from "../../src/series/run.js";
import type { OpenedStore } from "./opened-store.js";

/** Points of one series, as steps and values; the wall time of step n is `firstWallTime + n`. */
export interface TaughtSeries {
  readonly split: string;
  readonly tag: string;
  readonly points: readonly (readonly [step: number, value: number])[];
}

export interface OpenedRunDirectory extends OpenedStore<RunDirectory> {
  /** Writes a run the way the product does. */
  teach(run: Run, series: readonly TaughtSeries[]): Promise<void>;
  /** Opens the run's conversation with this root message on this platform's place. */
  openThread(run: Run, request: CommandRequest): Promise<void>;
}

export const firstWallTime = 1_772_366_400;

const run: Run = { watch: watchIdOf("/logs"), name: "实验/run42 \u202e*" };
const other: Run = { watch: run.watch, name: "other" };
const loss: TaughtSeries = {
  split: "train",
  tag: "loss",
  points: [
    [0, 3],
    [1, 2],
    [2, NaN],
    [3, -1],
  ],
};
const accuracy: TaughtSeries = { split: "validation", tag: "acc", points: [[3, 0.5]] };

const inThread: CommandRequest = {
  actor: { platform: "slack", id: "U1", name: "Ann", kind: "member" },
  place: { platform: "slack", address: "C1" },
  thread: { channel: "C1", id: "1772366400.000100" },
  direct: false,
  text: "status",
};

/** What every directory of runs keeps to; `open` gives an empty one. */
export function runDirectoryContract(name: string, open: () => Promise<OpenedRunDirectory>): void {
  describe(`${name} as a directory of runs`, () => {
    let opened: OpenedRunDirectory;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it("knows nothing at first", async () => {
      const id = runIdOf(run);
      expect(await opened.store.list()).toEqual([]);
      expect(await opened.store.get(id)).toBeUndefined();
      expect(await opened.store.series(id)).toEqual([]);
      expect((await opened.store.points(id, seriesKeyOf("", "loss"))).step).toHaveLength(0);
    });

    it("lists runs with their splits, and gives each by its id", async () => {
      await opened.teach(run, [loss, accuracy]);
      await opened.teach(other, [loss]);
      const listed = await opened.store.list();
      expect(listed.map((one) => one.run.name).sort()).toEqual([other.name, run.name].sort());
      const one = await opened.store.get(runIdOf(run));
      expect(one).toMatchObject({ id: runIdOf(run), run, points: 5, lastWallTime: firstWallTime + 3 });
      expect([...(one?.splits ?? [])].sort()).toEqual(["train", "validation"]);
      expect(listed).toContainEqual(one);
    });

    it("sums a series up: last point, least and greatest finite value, what is not finite", async () => {
      await opened.teach(run, [loss, accuracy]);
      const series = await opened.store.series(runIdOf(run));
      expect(series).toHaveLength(2);
      expect(series.find(({ key }) => key === seriesKeyOf("train", "loss"))).toMatchObject({
        points: 4,
        last: { step: 3, wallTime: firstWallTime + 3, value: -1 },
        min: -1,
        max: 3,
        nonFinite: 1,
        labels: { run, split: "train", tag: "loss", kind: "loss", phase: "train", direction: "lower" },
      });
    });

    it("gives points in step order, what is not finite included", async () => {
      await opened.teach(run, [loss]);
      const { step, wallTime, value } = await opened.store.points(runIdOf(run), seriesKeyOf("train", "loss"));
      expect([...step]).toEqual([0, 1, 2, 3]);
      expect([...wallTime]).toEqual([0, 1, 2, 3].map((n) => firstWallTime + n));
      expect([...value]).toEqual([3, 2, NaN, -1]);
    });

    it("knows whose conversation a thread is, and that another place's thread of the same id is none", async () => {
      await opened.teach(run, [loss]);
      await opened.openThread(run, inThread);
      expect(await opened.store.ofThread(inThread)).toBe(runIdOf(run));
      const { thread: _, ...outside } = inThread;
      expect(await opened.store.ofThread(outside)).toBeUndefined();
      const unknown = { ...inThread, thread: { channel: "C1", id: "1772366400.000200" } };
      expect(await opened.store.ofThread(unknown)).toBeUndefined();
      const elsewhere = {
        ...inThread,
        place: { platform: "slack", address: "C2" },
        thread: { channel: "C2", id: "1772366400.000100" },
      };
      expect(await opened.store.ofThread(elsewhere)).toBeUndefined();
    });
  });
}
