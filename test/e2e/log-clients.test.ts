import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { throwAwayFolder } from "../support/bot-process.js";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const listing = new URL("../support/loaded-packages.mjs", import.meta.url).href;
const clients = ["@aws-sdk/client-s3", "@google-cloud/storage"];

/** Which of the clients a look at this place loads; no bucket answers. */
function clientsFor(place: string): readonly string[] {
  const { stderr } = spawnSync(process.execPath, ["--import", listing, main, "inspect", place], {
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"] ?? "",
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      STORAGE_EMULATOR_HOST: "http://127.0.0.1:1",
    },
  });
  const loaded = /^loaded (.*)$/m.exec(stderr)?.[1] ?? "nothing was said";
  const packages = z.array(z.string()).parse(JSON.parse(loaded));
  return clients.filter((client) => packages.includes(client));
}

describe("the client of a bucket", () => {
  it("is loaded for its own scheme alone: a directory and a TensorBoard need none", () => {
    const folder = throwAwayFolder();
    expect([
      clientsFor(folder.path),
      clientsFor("http://127.0.0.1:1"),
      clientsFor("s3://bucket/logs"),
      clientsFor("gs://bucket/logs"),
    ]).toEqual([[], [], ["@aws-sdk/client-s3"], ["@google-cloud/storage"]]);
    folder.remove();
  });
});
