import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/app/config.js";
import { absolute } from "../../../src/app/environment.js";
import { createWatchStore } from "../../../src/app/watch-store.js";
import type { WatchRegistry } from "../../../src/alerts/watch-registry.js";

describe("addresses of logs that are no paths", () => {
  it.each([
    ["s3://bucket/logs/", "s3://bucket/logs"],
    ["gs://bucket", "gs://bucket"],
    ["http://127.0.0.1:6006/", "http://127.0.0.1:6006"],
    ["logs", "/here/logs"],
    ["/logs", "/logs"],
  ])("leaves the scheme of %s alone", (given, made) => {
    expect(absolute(given, "/here")).toBe(made);
  });

  it("stay as they are in the configuration", () => {
    const parsed = parseConfig(
      "watches: [s3://bucket/a, {path: gs://bucket/b}, c]\nroots: [s3://bucket]",
      undefined,
      "/here",
    );
    expect(parsed.kind === "ok" ? parsed.config : undefined).toMatchObject({
      watches: [{ root: "s3://bucket/a" }, { root: "gs://bucket/b" }, { root: "/here/c" }],
      roots: ["s3://bucket"],
    });
  });
});

describe("watching an address that a person names", () => {
  const roots = ["/logs", "s3://bucket/team"];
  const add = async (root: string): Promise<string> => {
    const registry = {
      list: () => Promise.resolve([]),
      put: () => Promise.resolve(),
      runs: () => Promise.resolve(new Map()),
    } as unknown as WatchRegistry;
    const ignore = (): Promise<void> => Promise.resolve();
    const store = createWatchStore({
      registry,
      roots,
      nameOf: () => undefined,
      onAdded: ignore,
      onRemoved: ignore,
    });
    const outcome = await store.add(root, "Ada", 1);
    return outcome.kind === "added" ? outcome.watch.root : `${outcome.why}: ${outcome.place}`;
  };

  it.each([
    ["s3://bucket/team", "s3://bucket/team"],
    ["s3://bucket/team/run/", "s3://bucket/team/run"],
  ])("takes %s, at or below a root", async (given, taken) => {
    expect(await add(given)).toBe(taken);
  });

  it.each([
    "s3://bucket",
    "s3://bucket/teammate",
    "s3://bucket/team/../other",
    "s3://bucket/team/%2e%2e/other",
    "gs://bucket/team",
    "http://169.254.169.254/latest",
    "s3://me:secret@bucket/team",
  ])("refuses %s, whatever is there", async (given) => {
    expect(await add(given)).toBe(`outside: ${given}`);
  });
});
