import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Episode } from "../../src/alerts/episode.js";
import type { AlertBook } from "../../src/commands/context.js";
import { type RunId, runIdOf, watchIdOf } from "../../src/series/run.js";
import type { OpenedStore } from "./opened-store.js";

export interface OpenedAlertBook extends OpenedStore<AlertBook> {
  /** Writes episodes the way the product does, before the test asks. */
  hold(episodes: readonly Episode[]): Promise<void>;
}

const watch = watchIdOf("/logs");
const run = runIdOf({ watch, name: "run42" });
const other = runIdOf({ watch, name: "other" });

function episode(of: RunId, n: number, more: Partial<Episode> = {}): Episode {
  return {
    id: `${of}/${n}`,
    run: of,
    rule: "consecutive_rise",
    split: "train",
    tag: `损失/${n}`,
    severity: "warning",
    state: "firing",
    opened: { step: n, wallTime: 1_772_366_400 + n, value: 1.5 },
    evidence: { numbers: { count: 5, total: 0.4 }, from: 1, to: n },
    ...more,
  };
}

const resolved: Partial<Episode> = {
  state: "resolved",
  resolved: { step: 9, wallTime: 1_772_366_409, value: 1, reason: "cleared" },
};

/** What every book of alerts keeps to; `open` gives an empty one. */
export function alertBookContract(name: string, open: () => Promise<OpenedAlertBook>): void {
  describe(`${name} as a book of alerts`, () => {
    let opened: OpenedAlertBook;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it("is empty at first", async () => {
      expect(await opened.store.open()).toEqual([]);
      expect(await opened.store.recent(undefined, 10)).toEqual([]);
      expect(await opened.store.ack(run, "Ann", 1)).toEqual([]);
      expect(await opened.store.unack(run)).toEqual([]);
    });

    it("open ones are those that fire or recover, of one run or of all", async () => {
      const firing = episode(run, 1);
      const recovering = episode(run, 2, { state: "recovering" });
      const elsewhere = episode(other, 1);
      await opened.hold([
        firing,
        recovering,
        elsewhere,
        episode(run, 3, { state: "pending" }),
        episode(run, 4, resolved),
      ]);
      expect(byId(await opened.store.open(run))).toEqual(byId([firing, recovering]));
      expect(byId(await opened.store.open())).toEqual(byId([firing, recovering, elsewhere]));
    });

    it("recent ones are newest first, open and resolved, and bounded", async () => {
      const [oldest, middle, newest] = [episode(run, 1), episode(run, 2, resolved), episode(run, 3)];
      await opened.hold([middle, oldest, newest, episode(other, 9)]);
      expect(await opened.store.recent(run, 10)).toEqual([newest, middle, oldest]);
      expect(await opened.store.recent(run, 2)).toEqual([newest, middle]);
    });

    it("acknowledges the open ones of a run once, with author and time", async () => {
      await opened.hold([episode(run, 1), episode(run, 2, resolved), episode(other, 1)]);
      const changed = await opened.store.ack(run, "Ann (slack:U1)", 5);
      expect(changed).toEqual([episode(run, 1, { ack: { by: "Ann (slack:U1)", at: 5 } })]);
      expect(await opened.store.open(run)).toEqual(changed);
      expect(await opened.store.ack(run, "Bob", 6)).toEqual([]);
      expect(await opened.store.open(other)).toEqual([episode(other, 1)]);
    });

    it("takes an acknowledgement back, once", async () => {
      await opened.hold([episode(run, 1)]);
      await opened.store.ack(run, "Ann", 5);
      expect(await opened.store.unack(run)).toEqual([episode(run, 1)]);
      expect(await opened.store.unack(run)).toEqual([]);
      expect(await opened.store.open(run)).toEqual([episode(run, 1)]);
    });
  });
}

function byId(episodes: readonly Episode[]): readonly Episode[] {
  return [...episodes].sort((a, b) => (a.id < b.id ? -1 : 1));
}
