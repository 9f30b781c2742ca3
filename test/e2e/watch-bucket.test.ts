import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { scalarRecord } from "../../src/eventlog/event-records.js";
import { type Bot, startBot, throwAwayFolder } from "../support/bot-process.js";
import { FakeBucket } from "../support/fake-objects.js";
import { fakeGcs } from "../support/fake-gcs.js";
import { fakeS3, fakeS3Credentials } from "../support/fake-s3.js";
import { FakeRuns, fakeTensorBoard } from "../support/fake-tensorboard.js";
import { findMoto, startMoto } from "../support/moto-server.js";
import { Training } from "../support/training.js";

const key = "team/run42/events.out.tfevents.1";
const moto = findMoto();
let folder: ReturnType<typeof throwAwayFolder>;
let bots: Bot[];
beforeEach(() => {
  folder = throwAwayFolder();
  bots = [];
});
afterEach(async () => {
  await Promise.all(bots.map((bot) => bot.stop()));
  folder.remove();
});

function curve(...values: readonly number[]): Buffer {
  return Buffer.concat(
    values.map((value, step) =>
      scalarRecord({ wallTime: 1_790_000_000 + step, step, tag: "loss", value, style: "tf2" }),
    ),
  );
}

function start(words: readonly string[], env: Readonly<Record<string, string>>): Bot {
  const bot = startBot({
    words: ["start", ...words],
    env: { ...fakeS3Credentials, ...env },
    home: folder.path,
  });
  bots.push(bot);
  return bot;
}

const countOf = (text: string, words: string): number => text.split(words).length - 1;

async function until(isTrue: () => boolean, bot: Bot): Promise<void> {
  const end = Date.now() + 60_000;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`in vain\n${bot.output()}\n${bot.log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it("watches a bucket: alerts from objects that grow, goes on where it was after a crash, and an outage loses nothing", async () => {
  const bucket = new FakeBucket();
  const service = fakeS3(bucket);
  const env = { AWS_ENDPOINT_URL: await service.open(), AWS_MAX_ATTEMPTS: "1" };
  writeFileSync(
    join(folder.path, "tensorbell.yaml"),
    "watches: [s3://training-logs/team]\npolling: { known: 1s, hot: 1s }\n",
  );
  bucket.put(key, curve(3, 2, 1), Date.now());
  const first = start([], env);
  await until(() => first.log().includes("watch_live"), first);
  bucket.put(key, curve(3, 2, 1, Number.NaN), Date.now());
  await first.says(/run42/);
  await first.says(/NaN/);
  expect(bucket.takeRequests().filter((request) => request.startsWith("GET")).length).toBeLessThan(4);

  bucket.always = { status: 503, code: "SlowDown" };
  bucket.put("team/other/events.out.tfevents.1", curve(5, Number.NaN), Date.now());
  await until(() => first.log().includes("scan_problem"), first);
  await until(() => bucket.takeRequests().length >= 1, first);
  await until(() => bucket.takeRequests().length >= 1, first);
  bucket.always = undefined;
  await first.says(/other/);
  expect(countOf(first.log(), "scan_problem")).toBe(1);
  expect(countOf(first.log(), "scan_recovered")).toBe(1);
  expect(countOf(first.log(), "job_failed")).toBe(0);

  await first.kill();
  bots.splice(0);
  bucket.takeRequests();
  bucket.put(key, curve(3, 2, 1, Number.NaN, 1, 1), Date.now());
  const offset = curve(3, 2, 1, Number.NaN).length;
  const second = start([], env);
  await until(() => bucket.requests.some((request) => request.startsWith(`GET ${key}`)), second);
  expect(bucket.requests.filter((request) => request.startsWith("GET"))).toEqual([
    expect.stringContaining(`GET ${key} ${offset - 64}-`),
  ]);
  expect(await second.stop(), second.log()).toBe(0);
  bots.splice(0);
  expect(second.output()).not.toContain("run42 · loss");
  await service.close();
});

it("lets buckets that hang delay no directory", async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const logs = join(folder.path, "logs");
  mkdirSync(logs);
  const buckets = Array.from({ length: 12 }, (_, index) => `s3://bucket-${index}/team`);
  writeFileSync(join(folder.path, "tensorbell.yaml"), `watches: [${[...buckets, "logs"].join(", ")}]\n`);
  const bot = start([], { AWS_ENDPOINT_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` });
  await until(() => bot.log().includes("watch_live") && sockets.size >= 4, bot);
  const begun = Date.now();
  new Training(join(logs, "run42"), Date.now()).log("loss", [1, 0.9, Number.NaN]);
  await bot.says(/NaN/, 15_000);
  expect(Date.now() - begun).toBeLessThan(15_000);
  await bot.kill();
  bots.splice(0);
  for (const socket of sockets) socket.destroy();
  silent.close();
});

/** Says what becomes NaN at a place elsewhere, once, and ends in order. */
async function tells(
  { root, env }: { readonly root: string; readonly env: Readonly<Record<string, string>> },
  grow: () => unknown,
): Promise<void> {
  writeFileSync(
    join(folder.path, "tensorbell.yaml"),
    `watches: ["${root}"]\npolling: { known: 1s, hot: 1s }\n`,
  );
  const bot = start([], env);
  await until(() => bot.log().includes("watch_live"), bot);
  await grow();
  await bot.says(/run42/, 60_000);
  await bot.says(/NaN/, 60_000);
  expect([countOf(bot.log(), "scan_problem"), countOf(bot.log(), "job_failed")]).toEqual([0, 0]);
  expect(await bot.stop(), bot.log()).toBe(0);
  bots.splice(0);
}

it.skipIf(moto === undefined)(
  "watches a bucket in an S3 of another make (skipped where the Python package moto is not installed)",
  { timeout: 180_000 },
  async () => {
    const server = await startMoto(moto ?? "");
    const region = "eu-west-1";
    const env = { ...fakeS3Credentials, AWS_REGION: region, AWS_ENDPOINT_URL: server.url };
    const client = new S3Client({
      endpoint: server.url,
      region,
      forcePathStyle: true,
      credentials: {
        accessKeyId: fakeS3Credentials.AWS_ACCESS_KEY_ID,
        secretAccessKey: fakeS3Credentials.AWS_SECRET_ACCESS_KEY,
      },
    });
    const put = (bytes: Buffer) =>
      client.send(new PutObjectCommand({ Bucket: "training-logs", Key: key, Body: bytes }));
    await client.send(
      new CreateBucketCommand({
        Bucket: "training-logs",
        CreateBucketConfiguration: { LocationConstraint: region },
      }),
    );
    await put(curve(3, 2, 1));
    await tells({ root: "s3://training-logs/team", env }, () => put(curve(3, 2, 1, Number.NaN)));
    client.destroy();
    await server.stop();
  },
);

/** A way to a server that can be cut and mended; the address stays. */
async function cuttable(target: string) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const way = createServer((near) => {
    const far = connect(Number(new URL(target).port), "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
    }
    if (isCut) near.destroy();
    else near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => way.listen(0, "127.0.0.1", resolve));
  const end = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${(way.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true;
      end();
    },
    mend: () => {
      isCut = false;
    },
    close: () => {
      way.close();
      end();
    },
  };
}

it.skipIf(moto === undefined)(
  "loses nothing and says nothing twice in an S3 of another make, over an outage and a kill (skipped where the Python package moto is not installed)",
  { timeout: 180_000 },
  async () => {
    const server = await startMoto(moto ?? "");
    const way = await cuttable(server.url);
    const env = { AWS_REGION: "us-east-1", AWS_ENDPOINT_URL: way.url, AWS_MAX_ATTEMPTS: "1" };
    const client = new S3Client({
      endpoint: server.url,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: {
        accessKeyId: fakeS3Credentials.AWS_ACCESS_KEY_ID,
        secretAccessKey: fakeS3Credentials.AWS_SECRET_ACCESS_KEY,
      },
    });
    const put = (run: string, ...values: readonly number[]) =>
      client.send(
        new PutObjectCommand({
          Bucket: "training-logs",
          Key: `team/${run}/events.out.tfevents.1`,
          Body: curve(...values),
        }),
      );
    await client.send(new CreateBucketCommand({ Bucket: "training-logs" }));
    writeFileSync(
      join(folder.path, "tensorbell.yaml"),
      "watches: [s3://training-logs/team]\npolling: { known: 1s, hot: 1s }\n",
    );
    await put("run42", 3, 2, 1);
    await put("run43", 3, 2, 1);
    const first = start([], env);
    await until(() => first.log().includes("watch_live"), first);
    await put("run42", 3, 2, 1, Number.NaN);
    await first.says(/run42/);

    way.cut();
    await until(() => first.log().includes("scan_problem"), first);
    await put("run43", 3, 2, 1, Number.NaN, 1);
    way.mend();
    await first.says(/run43/, 60_000);
    expect(countOf(first.log(), "scan_recovered")).toBe(1);
    await first.kill();
    bots.splice(0);

    await put("run42", 3, 2, 1, Number.NaN, 1, 1);
    await put("run43", 3, 2, 1, Number.NaN, 1, 1);
    await put("run44", 3, Number.NaN);
    const second = start([], env);
    await second.says(/Critical · run44/, 60_000);
    expect(await second.stop(), second.log()).toBe(0);
    bots.splice(0);
    const said = first.output() + second.output();
    for (const run of ["run42", "run43", "run44"])
      expect([run, countOf(said, `Critical · ${run} · loss became NaN`)]).toEqual([run, 1]);
    way.close();
    client.destroy();
    await server.stop();
  },
);

it("watches a bucket of Cloud Storage", async () => {
  const bucket = new FakeBucket();
  const service = fakeGcs(bucket);
  const env = { STORAGE_EMULATOR_HOST: await service.open() };
  bucket.put(key, curve(3, 2, 1), Date.now());
  await tells({ root: "gs://training-logs/team", env }, () =>
    bucket.put(key, curve(3, 2, 1, Number.NaN), Date.now()),
  );
  await service.close();
});

it("watches what a running TensorBoard shows", async () => {
  const runs = new FakeRuns();
  const service = fakeTensorBoard(runs);
  const root = await service.open();
  const now = Date.now() / 1_000;
  runs.add(
    "run42",
    "loss",
    [3, 2, 1].map((value, step) => [now - 5 + step, step, value] as const),
  );
  await tells({ root, env: {} }, () => runs.add("run42", "loss", [[now, 3, Number.NaN]]));
  await service.close();
});
