import { describe, expect, it } from "vitest";
import { csvScalars } from "../../../src/cli/scalars-csv.js";
import { jsonNumber, jsonScalars } from "../../../src/cli/scalars-json.js";
import { tableScalars } from "../../../src/cli/scalars-table.js";
import type { RunDamage, ScalarsWriter } from "../../../src/cli/scalars-writer.js";
import { EffectiveSeries } from "../../../src/series/effective.js";
import { RecordedSeries } from "../../../src/series/recorded-series.js";

const damage: readonly RunDamage[] = [
  { run: "a", file: "x.tfevents", kind: "zeros", offset: 12, detail: "…" },
];

function seriesOf(...points: readonly (readonly [number, number, number])[]): EffectiveSeries {
  const series = new EffectiveSeries();
  for (const [step, wallTime, value] of points) series.push(step, wallTime, value);
  return series;
}

function written(writer: ScalarsWriter): string {
  const run = writer.run(
    'a "quoted"\nrun',
    new Map([
      ["=loss", seriesOf([0, 1.5, Number.NaN], [1, 2.5, -Infinity])],
      ["__proto__", seriesOf([7, 3, 0.1])],
    ]),
  );
  return [writer.begin(), ...run, ...writer.run("no points", new Map()), writer.end(damage)].join("");
}

/** A run that went on from step 1, all its points. */
function restarted(writer: ScalarsWriter): string {
  const series = new RecordedSeries();
  for (const [at, step] of [0, 1, 2, 1].entries()) series.push(step, at, at / 2);
  return [writer.begin(), ...writer.run("a", new Map([["loss", series]])), writer.end([])].join("");
}

describe("printing scalars", () => {
  it("writes JSON with non-finite values as strings, without runs that have no points", () => {
    expect(written(jsonScalars())).toBe(
      '{"runs":{"a \\"quoted\\"\\nrun":{"=loss":[[0,1.5,"NaN"],[1,2.5,"-Infinity"]],"__proto__":[[7,3,0.1]]}},' +
        '"errors":[{"run":"a","file":"x.tfevents","kind":"zeros","offset":12}]}\n',
    );
  });

  it.each([
    [2 ** 53 - 1, "9007199254740991"],
    [2 ** 53, "9.007199254740992e+15"],
    [-(2 ** 63), "-9.223372036854776e+18"],
    [2 ** 64, "1.8446744073709552e+19"],
    [3.4028234663852886e38, "3.4028234663852886e+38"],
    [1e-45, "1e-45"],
    [Number.NaN, '"NaN"'],
  ])("writes %d in JSON so that readers of big integers see the same double", (value, text) => {
    expect(jsonNumber(value)).toBe(text);
  });

  it("writes an answer that parses where there is nothing at all", () => {
    const writer = jsonScalars();
    expect(JSON.parse(writer.begin() + writer.end([]))).toEqual({ runs: {}, errors: [] });
  });

  it("writes CSV that neither breaks its lines nor hands a spreadsheet a formula", () => {
    expect(written(csvScalars("standing")).split("\r\n")).toEqual([
      "run,tag,step,wall_time,value",
      `"a ""quoted""\nrun",'=loss,0,1.5,NaN`,
      `"a ""quoted""\nrun",'=loss,1,2.5,-Infinity`,
      `"a ""quoted""\nrun",__proto__,7,3,0.1`,
      "",
    ]);
  });

  it("writes a table for people, with control characters made visible", () => {
    expect(written(tableScalars())).toBe(
      [
        'a "quoted"\\u000arun',
        "  =loss: 2 points, steps 0 to 1, last -Infinity",
        "  __proto__: 1 point, steps 7 to 7, last 0.1",
        "damage: zeros in a/x.tfevents at byte 12",
        "1 run, 3 points",
        "",
      ].join("\n"),
    );
  });

  it("marks each point as taken away by a restart or not, where all are asked for", () => {
    expect([restarted(csvScalars("all")), restarted(jsonScalars()), restarted(tableScalars())])
      .toMatchInlineSnapshot(`
      [
        "run,tag,step,wall_time,value,taken_away
      a,loss,0,0,0,0
      a,loss,1,1,0.5,1
      a,loss,2,2,1,1
      a,loss,1,3,1.5,0
      ",
        "{"runs":{"a":{"loss":[[0,0,0,false],[1,1,0.5,true],[2,2,1,true],[1,3,1.5,false]]}},"errors":[]}
      ",
        "a
        loss: 4 points, 2 of them taken away, steps 0 to 1, last 1.5
      1 run, 4 points
      ",
      ]
    `);
  });
});
