import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LogRunCursor } from "../../src/eventlog/cursor.js";
import { httpLogSource } from "../../src/eventlog/http/http-log-source.js";
import { defaultScanIntervals, type LogScanner, type LogSource } from "../../src/eventlog/log-source.js";
import { FakeRuns, fakeTensorBoard, type FakePoint } from "../support/fake-tensorboard.js";
import type { FakeService } from "../support/fake-objects.js";

const start = 1_700_000_000_000;
const second = 1_000;
const pointsOf = (from: number, to: number): FakePoint[] =>
  Array.from({ length: to - from + 1 }, (_, index) => [
    1_700_000_000 + from + index,
    from + index,
    from + index,
  ]);

describe("scalars of a running TensorBoard", () => {
  let service: FakeService;
  let runs: FakeRuns;
  let root: string;
  let source: LogSource;
  let scanner: LogScanner;
  beforeEach(async () => {
    runs = new FakeRuns();
    service = fakeTensorBoard(runs);
    root = await service.open();
    let elapsed = 0;
    source = httpLogSource({
      scheme: "http",
      pace: { elapsed: () => (elapsed += 10_000), wait: () => Promise.resolve() },
    });
    scanner = source.scanner(root, defaultScanIntervals);
  });
  afterEach(() => service.close());

  const changedAt = async (now: number): Promise<readonly string[]> =>
    (await scanner.sweep(now)).changed.map(({ name }) => name);
  const read = async (logRun: string, cursor?: LogRunCursor) => {
    const stored = cursor === undefined ? undefined : (JSON.parse(JSON.stringify(cursor)) as LogRunCursor);
    const slice = await source.read({
      root,
      logRun,
      cursor: stored,
      atMostBytes: 1e6,
      now: start,
      patience: "live",
    });
    const { points, cursor: next, bytes } = slice;
    return {
      cursor: next,
      bytes,
      points: [...points.step].map((step, index) => [
        points.tags[points.tag[index]!],
        step,
        points.value[index],
      ]),
    };
  };

  it("hands on every point once, NaN and infinities too", async () => {
    runs.add("train", "loss", [
      [10, 1, 0.5],
      [11, 2, Number.NaN],
      [12, 3, Number.NEGATIVE_INFINITY],
    ]);
    runs.add("__proto__", "a/b c?&=", [[10, 1, 1]]);
    expect(await changedAt(start)).toEqual(["train", "__proto__"]);
    const first = await read("train");
    expect(first.points).toEqual([
      ["loss", 1, 0.5],
      ["loss", 2, Number.NaN],
      ["loss", 3, Number.NEGATIVE_INFINITY],
    ]);
    expect((await read("__proto__")).points).toEqual([["a/b c?&=", 1, 1]]);
    expect(await read("train", first.cursor)).toMatchObject({ points: [], bytes: 0 });
    runs.add("train", "loss", [[13, 4, 0.4]]);
    runs.add("train", "accuracy", [[13, 4, 0.9]]);
    expect((await read("train", first.cursor)).points).toEqual([["loss", 4, 0.4]]);
    runs.add("train", "loss", [[14, 5, 0.3]]);
    expect(await changedAt(start + 15 * second)).toEqual(["train"]);
    expect((await read("train", first.cursor)).points).toEqual([
      ["loss", 4, 0.4],
      ["accuracy", 4, 0.9],
      ["loss", 5, 0.3],
    ]);
  });

  it("reads scalars of type bool as 0 and 1", async () => {
    runs.add("run", "ok", [
      [start, 1, 0],
      [start + 1, 2, 1],
    ]);
    runs.flags.add("ok");
    expect((await read("run")).points).toEqual([
      ["ok", 1, 0],
      ["ok", 2, 1],
    ]);
  });

  it("reads the other series of a run where TensorBoard throws at one, and says so once", async () => {
    runs.add("run", "loss", pointsOf(1, 2));
    runs.add("run", "odd", pointsOf(1, 2));
    runs.broken.add("odd");
    const request = { root, logRun: "run", atMostBytes: 1e6, now: start, patience: "live" } as const;
    const first = await source.read(request);
    expect([...first.points.step]).toEqual([1, 2]);
    expect(first.damage).toEqual([
      {
        file: "",
        kind: "unreadable",
        offset: 0,
        detail: "TensorBoard answers with status 500 for 1 series: odd",
      },
    ]);
    const next = await source.read({ ...request, cursor: first.cursor });
    expect(next).toMatchObject({ bytes: 0, damage: [] });
    runs.broken.clear();
    expect((await source.read({ ...request, cursor: next.cursor })).points.length).toBe(2);
  });

  it("leaves out earlier points that another sample shows later", async () => {
    runs.sample = 3;
    runs.add("run", "loss", pointsOf(1, 9));
    const first = await read("run");
    expect(first.points.map(([, step]) => step)).toEqual([1, 4, 7, 9]);
    runs.add("run", "loss", pointsOf(10, 11));
    expect((await read("run", first.cursor)).points.map(([, step]) => step)).toEqual([11]);
  });

  it("hands on a restart at an earlier step, and nothing of before it again", async () => {
    runs.add("run", "loss", pointsOf(1, 10));
    const first = await read("run");
    runs.cut("run", "loss", 5);
    runs.add("run", "loss", [[1_700_000_100, 5, 50]]);
    const second = await read("run", first.cursor);
    expect(second.points).toEqual([["loss", 5, 50]]);
    runs.add("run", "loss", [[1_700_000_101, 6, 60]]);
    expect((await read("run", second.cursor)).points).toEqual([["loss", 6, 60]]);
  });

  it("looks at two series of an idle run, and ever more rarely; a series that grows makes it hot again", async () => {
    for (const tag of ["a", "b", "c", "d"]) runs.add("run", tag, pointsOf(1, 3));
    await changedAt(start);
    await read("run");
    runs.takeRequests();
    expect(await changedAt(start + 15 * second)).toEqual([]);
    expect(runs.takeRequests()).toHaveLength(3);
    let looks = 0;
    let now = start + 30 * second;
    for (; now < start + 12 * 3_600 * second; now += 15 * second) {
      expect(await changedAt(now)).toEqual([]);
      looks += runs.takeRequests().filter((request) => request.includes("?")).length;
    }
    expect(looks).toBeLessThan(700);
    runs.add("run", "c", pointsOf(4, 4));
    let found = 0;
    for (const end = now + 1_300 * second; now < end && found === 0; now += 15 * second)
      found += (await changedAt(now)).length;
    expect(found).toBe(1);
    runs.add("run", "c", pointsOf(5, 5));
    expect(await changedAt(now)).toEqual(["run"]);
  });

  it("tells that a run is gone, and reads it afresh when it is back", async () => {
    runs.add("run", "loss", pointsOf(1, 2));
    await changedAt(start);
    runs.remove("run");
    expect((await scanner.sweep(start + 15 * second)).gone).toEqual(["run"]);
    runs.add("run", "loss", pointsOf(1, 2));
    expect(await changedAt(start + 30 * second)).toEqual(["run"]);
  });

  it("stands behind a path of a larger server", async () => {
    runs.prefix = "/team/board";
    runs.add(".", "loss", pointsOf(1, 2));
    const own = httpLogSource({ scheme: "http" });
    const sweep = await own.scanner(`${root}/team/board/`, defaultScanIntervals).sweep(start);
    expect(sweep.changed.map(({ name }) => name)).toEqual(["."]);
  });

  it("says in a sentence that nothing answers, or something else does, and goes on when it is back", async () => {
    runs.add("run", "loss", pointsOf(1, 2));
    runs.status = 503;
    expect((await scanner.sweep(start)).problems).toEqual([
      `${root}: it answers with status 503 instead of scalars; it is asked again, more and more slowly`,
    ]);
    await expect(read("run")).rejects.toThrow("status 503");
    runs.status = 200;
    expect(await changedAt(start + 5 * second)).toEqual([]);
    expect(await changedAt(start + 15 * second)).toEqual(["run"]);
    const elsewhere = httpLogSource({ scheme: "http" }).scanner("http://127.0.0.1:1", defaultScanIntervals);
    expect((await elsewhere.sweep(start)).problems).toEqual([
      "http://127.0.0.1:1: no TensorBoard answers there; it is asked again, more and more slowly",
    ]);
  });

  it.each(["http://me:secret@host:6006", "http://host/?a=b", "http://"])(
    "refuses the address %s",
    (address) => {
      expect(() => source.scanner(address, defaultScanIntervals)).toThrow(RangeError);
      expect(() => source.scanner(address, defaultScanIntervals)).not.toThrow("secret");
    },
  );
});
