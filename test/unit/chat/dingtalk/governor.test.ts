import { describe, expect, it } from "vitest";
import { createGovernor } from "../../../../src/chat/dingtalk/governor.js";
import { createMemoryQuotaStore, type QuotaStore } from "../../../../src/chat/dingtalk/quota-store.js";

const clock = { now: () => Date.UTC(2026, 10, 15) };
const month = "2026-11";
const budget = { api: 200, webhookStream: 100 };
/** Allowed while 100 calls of 200 are unspent. */
const plainText = { what: "text", critical: false } as const;

function governorOn(store: QuotaStore) {
  const warnings: string[] = [];
  const failures: string[] = [];
  const governor = createGovernor({
    store,
    budget,
    clock,
    onWarning: (kind, percent) => warnings.push(`${kind} ${percent}`),
    onStoreFailure: (reason) => failures.push(reason),
  });
  return { governor, warnings, failures };
}

/** A memory store whose additions wait until they are let through, or fail. */
function gated() {
  const memory = createMemoryQuotaStore();
  let letThrough = (): void => undefined;
  const opened = new Promise<void>((resolve) => (letThrough = resolve));
  return {
    store: {
      ...memory,
      add: (...given: Parameters<QuotaStore["add"]>) => opened.then(() => memory.add(...given)),
    },
    letThrough,
    memory,
  };
}

describe("what is spent", () => {
  it("counts for whoever asks next, however slow the store is", async () => {
    const { store, letThrough } = gated();
    const { governor } = governorOn(store);
    const isAllowedAtFirst = await governor.allows(plainText);
    for (let call = 0; call < 100; call += 1) void governor.spend("api");
    const after = governor.allows(plainText);
    letThrough();
    expect([isAllowedAtFirst, await after]).toEqual([true, false]);
  });

  it("is stored before its call is made, so that a crash forgets nothing", async () => {
    const { store, letThrough, memory } = gated();
    const { governor } = governorOn(store);
    let isMade = false;
    const call = governor.spend("api").then(() => (isMade = true));
    await Promise.resolve();
    expect(isMade).toBe(false);
    letThrough();
    await call;
    expect(await memory.read(month)).toEqual({ api: 1, webhookStream: 0 });
  });

  it("is given back where it was free", async () => {
    const memory = createMemoryQuotaStore();
    const { governor } = governorOn(memory);
    await governor.spend("api");
    await governor.giveBack("api");
    expect(await memory.read(month)).toEqual({ api: 0, webhookStream: 0 });
  });

  it("counts while the store fails, stops nothing, and is stored once the store is back", async () => {
    const memory = createMemoryQuotaStore();
    let isAway = true;
    const away = (): Promise<never> => Promise.reject(new Error("away"));
    const { governor, failures } = governorOn({
      ...memory,
      add: (...given) => (isAway ? away() : memory.add(...given)),
      read: (...given) => (isAway ? away() : memory.read(...given)),
    });
    for (let call = 0; call < 100; call += 1) await governor.spend("api");
    expect(await governor.allows(plainText)).toBe(false);
    expect(new Set(failures)).toEqual(new Set(["away"]));
    isAway = false;
    await governor.spend("api");
    expect(await memory.read(month)).toEqual({ api: 101, webhookStream: 0 });
    expect((await governor.standing()).spent).toEqual({ api: 101, webhookStream: 0 });
  });

  it("warns once at 80 and once at 95 per cent, also where two processes count together", async () => {
    const memory = createMemoryQuotaStore();
    const [one, two] = [governorOn(memory), governorOn(memory)];
    for (let call = 0; call < 50; call += 1) {
      await one.governor.spend("webhookStream");
      await two.governor.spend("webhookStream");
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect([...one.warnings, ...two.warnings].sort()).toEqual(["webhookStream 80", "webhookStream 95"]);
  });
});
