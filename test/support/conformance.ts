import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

/** A number of an expected point: JSON has no NaN and no infinities, so they are strings; -0 and 0 are one value. */
const expectedNumber = z
  .union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])])
  .transform((value) => Number(value) + 0);

const points = z.array(z.tuple([z.number(), expectedNumber, expectedNumber]));

const archive = z.array(
  z.tuple([
    z.string(),
    z.object({
      description: z.string(),
      runs: z.array(z.tuple([z.string(), z.array(z.tuple([z.string(), points]))])),
      errors: z.array(z.object({ run: z.string(), file: z.string(), kind: z.string(), offset: z.number() })),
      runNames: z.array(z.string()),
      files: z.array(z.tuple([z.string(), z.base64()])),
    }),
  ]),
);

export type ExpectedPoint = readonly [step: number, wallTime: number, value: number];
export type ExpectedRuns = ReadonlyMap<string, ReadonlyMap<string, readonly ExpectedPoint[]>>;

export interface ConformanceCase {
  readonly name: string;
  readonly runs: ExpectedRuns;
  readonly errors: readonly { run: string; file: string; kind: string; offset: number }[];
  readonly runNames: readonly string[];
  /** Path relative to the log directory -> bytes. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** The second holds what writers in C++, Go, OCaml, R, Rust and Scala leave; a case's name tells the writer and its version. */
const archives = ["conformance.json.gz", "further-writers.json.gz"];

/** The cases, from archives: some of their file names cannot be checked out on every system. */
export function conformanceCases(): readonly ConformanceCase[] {
  return archives.flatMap(casesOf);
}

function casesOf(name: string): readonly ConformanceCase[] {
  const packed = readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
  return archive.parse(JSON.parse(gunzipSync(packed).toString("utf8"))).map(([example, found]) => ({
    name: example,
    errors: found.errors,
    runNames: found.runNames,
    runs: new Map(found.runs.map(([run, tags]) => [run, new Map(tags)])),
    files: new Map(found.files.map(([path, bytes]) => [path, Buffer.from(bytes, "base64")])),
  }));
}
