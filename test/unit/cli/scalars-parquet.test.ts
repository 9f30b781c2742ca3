import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openParquetOutput } from "../../../src/cli/scalars-parquet.js";
import { EffectiveSeries } from "../../../src/series/effective.js";
import { RecordedSeries } from "../../../src/series/recorded-series.js";

function seriesOf(...points: readonly [step: number, wallTime: number, value: number][]): EffectiveSeries {
  const series = new EffectiveSeries();
  for (const [step, wallTime, value] of points) series.push(step, wallTime, value);
  return series;
}

describe("scalars as a Parquet file", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tensorbell-parquet-"));
    file = join(folder, "scalars.parquet");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const rowsOf = async (): Promise<unknown> => parquetReadObjects({ file: await asyncBufferFromFile(file) });

  it("reads back as it was: names of any kind, steps beyond 32 bits, numbers that are none", async () => {
    const output = await openParquetOutput(file, "standing");
    await output.run(
      'a,"b"\n\u{1f600}',
      new Map([
        ["loss", seriesOf([-1, 1_700_000_000.25, 0.5], [0, 1_700_000_001, Number.NaN])],
        ["__proto__", seriesOf([2 ** 53 - 1, 3, Number.NEGATIVE_INFINITY])],
      ]),
    );
    await output.run("z", new Map([["loss", seriesOf([1, 2, -0])]]));
    expect(existsSync(file)).toBe(false);
    await output.end([]);
    expect(await rowsOf()).toEqual([
      { run: 'a,"b"\n\u{1f600}', tag: "loss", step: -1n, wall_time: 1_700_000_000.25, value: 0.5 },
      { run: 'a,"b"\n\u{1f600}', tag: "loss", step: 0n, wall_time: 1_700_000_001, value: Number.NaN },
      {
        run: 'a,"b"\n\u{1f600}',
        tag: "__proto__",
        step: 9_007_199_254_740_991n,
        wall_time: 3,
        value: Number.NEGATIVE_INFINITY,
      },
      { run: "z", tag: "loss", step: 1n, wall_time: 2, value: -0 },
    ]);
    expect(readdirSync(folder)).toEqual(["scalars.parquet"]);
  });

  it("writes more points than fit one group", async () => {
    const many = new EffectiveSeries();
    for (let step = 0; step < 300_000; step += 1) many.push(step, step, step / 7);
    const output = await openParquetOutput(file, "standing");
    await output.run("run", new Map([["loss", many]]));
    await output.end([]);
    const {
      num_rows: rows,
      row_groups: groups,
      schema,
    } = await parquetMetadataAsync(await asyncBufferFromFile(file));
    expect({ rows, groups: groups.length }).toEqual({ rows: 300_000n, groups: 3 });
    expect(schema.slice(1).map(({ name, type }) => `${name} ${type ?? ""}`)).toEqual([
      "run BYTE_ARRAY",
      "tag BYTE_ARRAY",
      "step INT64",
      "wall_time DOUBLE",
      "value DOUBLE",
    ]);
    const last = await parquetReadObjects({ file: await asyncBufferFromFile(file), rowStart: 299_999 });
    expect(last).toMatchObject([{ step: 299_999n, value: 299_999 / 7 }]);
  });

  it("tells points that a restart took away from those that stand, where all are asked for", async () => {
    const series = new RecordedSeries();
    for (const [at, step] of [0, 1, 2, 1].entries()) series.push(step, at, at);
    const output = await openParquetOutput(file, "all");
    await output.run("run", new Map([["loss", series]]));
    await output.end([]);
    const row = (step: bigint, at: number, gone: boolean) => ({
      run: "run",
      tag: "loss",
      step,
      wall_time: at,
      value: at,
      taken_away: gone,
    });
    expect(await rowsOf()).toEqual([
      row(0n, 0, false),
      row(1n, 1, true),
      row(2n, 2, true),
      row(1n, 3, false),
    ]);
  });

  it("is a valid file without any point, and none at all where it was given up", async () => {
    const empty = await openParquetOutput(file, "standing");
    await empty.end([]);
    expect(await rowsOf()).toEqual([]);
    rmSync(file);
    const abandoned = await openParquetOutput(file, "standing");
    await abandoned.run("run", new Map([["loss", seriesOf([1, 1, 1])]]));
    abandoned.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });
});
