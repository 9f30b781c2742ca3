import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { LogRunCursor } from "../../src/eventlog/cursor.js";
import { byCodePoints } from "../../src/eventlog/file/list-log-run.js";
import { logRunSlices } from "../../src/eventlog/log-run-slices.js";
import { defaultScanIntervals, type LogRunSlice } from "../../src/eventlog/log-source.js";
import { s3LogSource } from "../../src/eventlog/s3/s3-log-source.js";
import { CollectedPoints } from "../support/collected-points.js";
import { conformanceCases } from "../support/conformance.js";
import { lossAt, lossesOf } from "../support/growing-file.js";
import { findMoto, startMoto, type MotoServer } from "../support/moto-server.js";

const bucket = "training-logs";
/** Of clock and sweeps: later than anything the server dates its objects with. */
const later = 4_000_000_000_000;
const moto = findMoto();

describe.skipIf(moto === undefined)(
  "logs in an S3 of another make (skipped where the Python package moto is not installed)",
  () => {
    let server: MotoServer;
    let client: S3Client;
    beforeAll(async () => {
      server = await startMoto(moto ?? "");
      vi.stubEnv("AWS_ENDPOINT_URL", server.url);
      vi.stubEnv("AWS_REGION", "eu-west-1");
      vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAOFNOBODY");
      vi.stubEnv("AWS_SECRET_ACCESS_KEY", "a secret of nobody");
      client = new S3Client({ forcePathStyle: true });
      await client.send(
        new CreateBucketCommand({
          Bucket: bucket,
          CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
        }),
      );
    }, 120_000);
    afterAll(async () => {
      client.destroy();
      vi.unstubAllEnvs();
      await server.stop();
    });

    const put = (Key: string, Body: Uint8Array) =>
      client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));

    async function putAll(objects: readonly (readonly [string, Uint8Array])[]): Promise<void> {
      const waiting = [...objects];
      const work = async (): Promise<void> => {
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await put(...next);
      };
      await Promise.all(Array.from({ length: 8 }, work));
    }

    it("gives the expected points and damage of every conformance case", async () => {
      const examples = conformanceCases();
      await putAll(
        examples.flatMap(({ name, files }) =>
          [...files].map(([path, bytes]) => [`cases/${name}/${path}`, bytes] as const),
        ),
      );
      for (const { name, runs, runNames, errors } of examples) {
        const root = `s3://${bucket}/cases/${name}`;
        const source = s3LogSource();
        const scanner = source.scanner(root, defaultScanIntervals);
        await scanner.sweep(later);
        const found = scanner.logRuns().map((logRun) => logRun.name);
        expect(found.sort(byCodePoints), name).toEqual([...runNames].sort(byCodePoints));
        const damaged: string[] = [];
        for (const logRun of found) {
          const collected = new CollectedPoints();
          for await (const slice of logRunSlices(source, { root, logRun, now: later })) {
            collected.add(slice.points);
            for (const { file, kind, offset } of slice.damage)
              damaged.push(`${logRun} ${file} ${kind} ${offset}`);
          }
          expect(collected.tags(), `${name} ${logRun}`).toEqual(runs.get(logRun) ?? new Map());
        }
        expect(damaged.sort(), name).toEqual(
          errors.map(({ run, file, kind, offset }) => `${run} ${file} ${kind} ${offset}`).sort(),
        );
      }
    }, 240_000);

    it("finds the log runs behind the first thousand keys, and those whose names are odd", async () => {
      const odd = ["d e+f%20", "\u{1f600}", "__proto__", "a&b<c>\"'", "*?|\\", "~!(),;=@$", "\u00e9"];
      const names = [...odd, ...Array.from({ length: 1_005 }, (_, index) => `run-${index}`)];
      await putAll(names.map((name) => [`many/${name}/x.tfevents`, lossAt(1)]));
      const root = `s3://${bucket}/many`;
      const source = s3LogSource();
      const sweep = await source.scanner(root, defaultScanIntervals).sweep(later);
      expect(sweep.problems).toEqual([]);
      expect(sweep.changed.map(({ name }) => name).sort(byCodePoints)).toEqual([...names].sort(byCodePoints));
      for (const logRun of odd) {
        const request = { root, logRun, atMostBytes: 1e6, now: later, patience: "dump" } as const;
        expect([...(await source.read(request)).points.step], logRun).toEqual([1]);
        // By itself, without what the scanner has listed.
        expect([...(await s3LogSource().read(request)).points.step], logRun).toEqual([1]);
      }
    }, 240_000);

    it("follows an object that grows, is replaced, shrinks and goes", async () => {
      const root = `s3://${bucket}/live`;
      const key = "live/run/x.tfevents";
      const source = s3LogSource();
      const scanner = source.scanner(root, { ...defaultScanIntervals, hotForMs: 1e15 });
      let now = later;
      let cursor: LogRunCursor | undefined;
      const look = async (): Promise<LogRunSlice | "unchanged" | "gone"> => {
        now += 15_000;
        const sweep = await scanner.sweep(now);
        if (sweep.gone.includes("run")) return "gone";
        if (sweep.changed.length === 0) return "unchanged";
        const request = { root, logRun: "run", cursor, atMostBytes: 1e6, now, patience: "live" } as const;
        const slice = await source.read(request);
        ({ cursor } = slice);
        return slice;
      };
      const told = (slice: LogRunSlice | string) =>
        typeof slice === "string" ? slice : [[...slice.points.step], slice.damage.map(({ kind }) => kind)];
      await put(key, lossesOf(1, 3));
      expect(told(await look())).toEqual([[1, 2, 3], []]);
      expect(told(await look())).toBe("unchanged");
      await put(key, Buffer.concat([lossesOf(1, 5), lossAt(6).subarray(0, 20)]));
      expect(told(await look())).toEqual([[4, 5], []]);
      await put(key, lossesOf(1, 6));
      expect(told(await look())).toEqual([[6], []]);
      await put(key, lossesOf(11, 18));
      expect(told(await look())).toEqual([[11, 12, 13, 14, 15, 16, 17, 18], ["replaced"]]);
      await put(key, lossAt(1));
      expect(told(await look())).toEqual([[1], ["replaced"]]);
      await put(key, Buffer.alloc(0));
      expect(told(await look())).toEqual([[], ["replaced"]]);
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      expect(told(await look())).toBe("gone");
    });

    it("says in a sentence that there is no such bucket", async () => {
      const scanner = s3LogSource().scanner("s3://nobodys-logs/x", defaultScanIntervals);
      expect((await scanner.sweep(later)).problems).toEqual([
        expect.stringMatching(/^s3:\/\/nobodys-logs: there is no such bucket/),
      ]);
    });
  },
);
