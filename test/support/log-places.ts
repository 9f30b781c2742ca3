import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { vi } from "vitest";
import { gsLogSource } from "../../src/eventlog/gs/gs-log-source.js";
import type { LogSource } from "../../src/eventlog/log-source.js";
import { openLogSource } from "../../src/eventlog/log-sources.js";
import { s3LogSource } from "../../src/eventlog/s3/s3-log-source.js";
import { fakeGcs } from "./fake-gcs.js";
import { FakeBucket } from "./fake-objects.js";
import { fakeS3, fakeS3Credentials } from "./fake-s3.js";

/** A place that holds event files, as its writers see it: paths below the root, times by the test's clock. */
export interface LogPlace {
  readonly root: string;
  readonly source: LogSource;
  write(path: string, bytes: Uint8Array, mtimeMs: number): void;
  readonly append: (path: string, bytes: Uint8Array, mtimeMs: number) => void;
  /** As rsync does: a new file in the place of the old one. */
  replace(path: string, bytes: Uint8Array, mtimeMs: number): void;
  truncate(path: string, size: number, mtimeMs: number): void;
  remove(path: string): void;
  close(): Promise<void>;
}

/** The places whose sources read bytes, by scheme. */
export const logPlaces = { file: openDirectory, s3: openS3Place, gs: openGsPlace } as const;

export interface BucketPlace extends LogPlace {
  readonly bucket: FakeBucket;
}

export async function openS3Place(): Promise<BucketPlace> {
  const bucket = new FakeBucket();
  const service = fakeS3(bucket);
  vi.stubEnv("AWS_ENDPOINT_URL", await service.open());
  vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
  for (const [name, value] of Object.entries(fakeS3Credentials)) vi.stubEnv(name, value);
  return bucketPlace(bucket, s3LogSource({ pace: unhurried() }), () => service.close());
}

export async function openGsPlace(): Promise<BucketPlace> {
  const bucket = new FakeBucket();
  const service = fakeGcs(bucket);
  vi.stubEnv("STORAGE_EMULATOR_HOST", await service.open());
  return bucketPlace(bucket, gsLogSource({ pace: unhurried() }), () => service.close());
}

function openDirectory(): Promise<LogPlace> {
  const root = mkdtempSync(join(tmpdir(), "tensorbell-place-"));
  const at = (path: string, mtimeMs: number, act: (path: string) => void): void => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    act(full);
    utimesSync(full, mtimeMs / 1_000, mtimeMs / 1_000);
  };
  return Promise.resolve({
    root,
    source: openLogSource(root),
    write: (path, bytes, mtimeMs) => at(path, mtimeMs, (full) => writeFileSync(full, bytes)),
    append: (path, bytes, mtimeMs) => at(path, mtimeMs, (full) => appendFileSync(full, bytes)),
    replace: (path, bytes, mtimeMs) =>
      at(path, mtimeMs, (full) => {
        writeFileSync(`${full}.partial`, bytes);
        renameSync(`${full}.partial`, full);
      }),
    truncate: (path, size, mtimeMs) => at(path, mtimeMs, (full) => truncateSync(full, size)),
    remove: (path) => rmSync(join(root, path)),
    close: () => {
      rmSync(root, { recursive: true });
      return Promise.resolve();
    },
  });
}

function bucketPlace(bucket: FakeBucket, source: LogSource, close: () => Promise<void>): BucketPlace {
  const key = (path: string): string => `team/${path}`;
  const bytesOf = (path: string): Buffer => bucket.get(key(path))?.bytes ?? Buffer.alloc(0);
  const write: LogPlace["write"] = (path, bytes, mtimeMs) => bucket.put(key(path), bytes, mtimeMs);
  return {
    bucket,
    root: `${source.scheme}://${bucket.name}/team`,
    source,
    write,
    replace: write,
    append: (path, bytes, mtimeMs) => write(path, Buffer.concat([bytesOf(path), bytes]), mtimeMs),
    truncate: (path, size, mtimeMs) => {
      const bytes = Buffer.alloc(size);
      bytesOf(path).copy(bytes);
      write(path, bytes, mtimeMs);
    },
    remove: (path) => bucket.remove(key(path)),
    close: async () => {
      vi.unstubAllEnvs();
      await close();
    },
  };
}

/** A clock on which every fault is old at once and no request has to wait. */
function unhurried() {
  let elapsed = 0;
  return { elapsed: () => (elapsed += 10_000), wait: () => Promise.resolve() };
}
