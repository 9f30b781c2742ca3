import { vi } from "vitest";
import { gsLogSource } from "../../src/eventlog/gs/gs-log-source.js";
import { FakeBucket } from "../support/fake-objects.js";
import { fakeGcs } from "../support/fake-gcs.js";
import { objectSourceContract, type OpenedBucket } from "./log-source-objects.js";

async function openGsBucket(): Promise<OpenedBucket> {
  const bucket = new FakeBucket();
  const service = fakeGcs(bucket);
  vi.stubEnv("STORAGE_EMULATOR_HOST", await service.open());
  const source = gsLogSource({ pace: unhurried() });
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

objectSourceContract("gs", openGsBucket, {
  denied: { status: 403, code: "forbidden" },
  missing: { status: 404, code: "notFound" },
  throttled: { status: 429, code: "rateLimitExceeded" },
});
