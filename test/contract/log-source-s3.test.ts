import { vi } from "vitest";
import { s3LogSource } from "../../src/eventlog/s3/s3-log-source.js";
import { FakeBucket } from "../support/fake-objects.js";
import { fakeS3, fakeS3Credentials } from "../support/fake-s3.js";
import { objectSourceContract, type OpenedBucket } from "./log-source-objects.js";

async function openS3Bucket(): Promise<OpenedBucket> {
  const bucket = new FakeBucket();
  const service = fakeS3(bucket);
  vi.stubEnv("AWS_ENDPOINT_URL", await service.open());
  for (const [name, value] of Object.entries(fakeS3Credentials)) vi.stubEnv(name, value);
  vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
  const source = s3LogSource({ pace: unhurried() });
  return {
    source,
    bucket,
    close: async () => {
      vi.unstubAllEnvs();
      await service.close();
    },
  };
}

/** A clock on which every fault is old at once. */
function unhurried() {
  let elapsed = 0;
  return { elapsed: () => (elapsed += 10_000), wait: () => Promise.resolve() };
}

objectSourceContract("s3", openS3Bucket, {
  denied: { status: 403, code: "AccessDenied" },
  missing: { status: 404, code: "NoSuchBucket" },
  throttled: { status: 503, code: "SlowDown" },
});
