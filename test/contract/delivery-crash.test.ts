import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OutboxEntry } from "../../src/alerts/outbox-entry.js";
import { emptyRunCommit } from "../../src/alerts/empty-run-commit.js";
import type { Episode } from "../../src/alerts/episode.js";
import type { DeliveryOutcome } from "../../src/chat/platform.js";
import { makeCharts } from "../../src/jobs/chart.js";
import { deliver } from "../../src/jobs/deliver.js";
import { relay } from "../../src/jobs/relay.js";
import type { Speaker } from "../../src/jobs/speaker.js";
import type { Wakes } from "../../src/jobs/wakes.js";
import { type Log, silentLog } from "../../src/lib/log.js";
import type { Message } from "../../src/message/message.js";
import { createRedisLaneStore } from "../../src/redis/lane-store.js";
import { createRedisRunStore } from "../../src/redis/run-store.js";
import { runIdOf, type WatchId } from "../../src/series/run.js";
import { PowerCut, PowerSupply } from "../support/power-cut.js";
import { RecordingPlatform } from "../support/recording-platform.js";
import { recordingLog } from "../support/slack-rig.js";
import { startTestRedis, type TestRedis } from "../support/test-redis.js";

const name = { watch: "w1" as WatchId, name: "run42" };
const run = runIdOf(name);
const lane = "rec:c";
const now = 1_000_000;
const noWakes: Wakes = {
  ingest: () => Promise.resolve(),
  relay: () => Promise.resolve(),
  deliver: () => Promise.resolve(),
  chart: () => Promise.resolve(),
};

const lost: DeliveryOutcome = { kind: "unclear", reason: "timeout" };
const later: DeliveryOutcome = { kind: "retry", afterMs: 1_000, reason: "too fast" };

const episode: Episode = {
  id: "e1",
  run,
  rule: "non_finite",
  split: "",
  tag: "loss",
  severity: "critical",
  state: "firing",
  opened: { step: 3, wallTime: 1, value: Number.NaN },
  evidence: { numbers: {} },
};
const entries: readonly OutboxEntry[] = [
  {
    id: "1",
    destination: lane,
    at: now,
    body: { kind: "alert", run, name, transitions: [{ kind: "fired", episode }] },
  },
  { id: "2", destination: lane, at: now, body: { kind: "root", run, name } },
  { id: "3", destination: lane, at: now, body: { kind: "restart", run, name, step: 2 } },
  { id: "4", destination: lane, at: now, body: { kind: "operator", subject: "s", detail: "d" } },
  {
    id: "5",
    destination: lane,
    at: now,
    body: {
      kind: "alert",
      run,
      name,
      transitions: [{ kind: "resolved", episode: { ...episode, state: "resolved" } }],
    },
  },
];

/** Each root said differently from the last, as a run that goes on would be. */
function talker(): Speaker {
  let roots = 0;
  const message = (headline: string): Message => ({ tone: "info", headline, blocks: [] });
  return {
    root: () => Promise.resolve(message(`root ${++roots}`)),
    message: (body) => Promise.resolve(message(body.kind)),
    draw: () => Promise.resolve({ png: Uint8Array.of(1), name: "chart.png", alt: "loss" }),
  };
}

describe("delivery when the power is cut", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  beforeEach(() => redis.clear());
  afterAll(() => redis.stop());

  async function work(platform: RecordingPlatform, power: PowerSupply, log: Log = silentLog): Promise<void> {
    const runs = power.wrap(createRedisRunStore(redis.client));
    const lanes = power.wrap(createRedisLaneStore(redis.client));
    const platforms = new Map([["rec", power.wrap(platform)]]);
    const ports = {
      runs,
      lanes,
      platforms,
      speaker: talker(),
      wakes: noWakes,
      clock: { now: () => now },
      log,
    };
    await lanes.breakLease(lane);
    await relay(ports, run);
    await deliver(ports, lane);
    await makeCharts(ports, lane);
    await deliver(ports, lane);
  }

  async function fill(): Promise<void> {
    await createRedisRunStore(redis.client).commit({ ...emptyRunCommit(name), entries });
  }

  it("says everything once, in its thread and in order, wherever it is cut", async () => {
    let cutAt = 0;
    for (let whole = false; !whole; cutAt += 1) {
      await redis.clear();
      await fill();
      const platform = new RecordingPlatform();
      const power = new PowerSupply(cutAt);
      await work(platform, power).catch((error: unknown) => {
        if (!(error instanceof PowerCut)) throw error;
      });
      whole = !power.cut;
      await work(platform, new PowerSupply(Number.MAX_SAFE_INTEGER));
      const said = platform.posts.map((post) => [post.entryId, post.root]);
      expect(said, `cut at ${cutAt}`).toEqual([
        [`${run}/root`, undefined],
        ["1", "1"],
        ["3", "1"],
        ["4", undefined],
        ["5", "1"],
      ]);
      expect(platform.posts[1]?.pictured, `cut at ${cutAt}`).toBe(true);
      expect(platform.posts[0]?.headline, `cut at ${cutAt}`).toMatch(/root/);
    }
    expect(cutAt).toBeGreaterThan(100);
  });

  it("prefers a duplicate to a loss where the platform cannot be asked", async () => {
    await fill();
    const platform = new RecordingPlatform({ find: false });
    platform.planned.push({ kind: "unclear", reason: "timeout" });
    await work(platform, new PowerSupply(Number.MAX_SAFE_INTEGER));
    expect(platform.posts.map((post) => post.entryId)).toEqual([`${run}/root`, "1", "3", "4", "5"]);
  });

  it.each<[string, readonly DeliveryOutcome[], readonly string[]]>([
    ["is said again", [lost], ["root"]],
    ["is said again after a pause", [lost, later], ["root"]],
    ["is lost again", [lost, lost], ["root", "root"]],
    [
      "is known to the vendor or held back",
      [lost, { kind: "delivered", ref: { channel: "c", id: "9" }, once: true }],
      [],
    ],
    ["is refused", [lost, { kind: "rejected", reason: "no" }], []],
    ["was never sent before", [later], []],
  ])(
    "tells of a possible duplicate exactly when a message is said again: it %s",
    async (_what, planned, told) => {
      await fill();
      const platform = new RecordingPlatform({ find: false });
      platform.planned.push(...planned);
      const log = recordingLog();
      for (let look = 0; look < 3; look += 1)
        await work(platform, new PowerSupply(Number.MAX_SAFE_INTEGER), log);
      const doubled = log.lines.filter(({ event }) => event === "possible_duplicate");
      expect(doubled.map(({ facts }) => facts)).toEqual(
        told.map((which) => ({ lane, entry: `${run}/${which}` })),
      );
      expect(platform.planned).toEqual([]);
    },
  );

  it("opens a new thread where somebody deleted the root", async () => {
    await fill();
    const platform = new RecordingPlatform();
    const lanes = createRedisLaneStore(redis.client);
    const root = { channel: "c", id: "deleted" };
    await lanes.openThread(lane, run, { root, openedAt: 0, rootHash: "", rootSaidAt: 0 });
    await work(platform, new PowerSupply(Number.MAX_SAFE_INTEGER));
    await work(platform, new PowerSupply(Number.MAX_SAFE_INTEGER));
    expect(platform.posts.map((post) => post.entryId)).toEqual([`${run}/root`, "1", "3", "4", "5"]);
    expect(await lanes.runOf(lane, root)).toBeUndefined();
  });

  it("keeps the head's place while it must wait, and buries what is refused for good", async () => {
    await fill();
    const platform = new RecordingPlatform();
    platform.planned.push({ kind: "retry", afterMs: 5_000, reason: "rate limited" });
    await work(platform, new PowerSupply(Number.MAX_SAFE_INTEGER));
    expect(platform.posts).toHaveLength(5);
    const refused = { kind: "rejected", reason: "channel_not_found" } as const;
    expect(await postsAfter(refused, refused)).toEqual(["4"]);
  });

  it("says an alert although its conversation could not be opened", async () => {
    expect(await postsAfter({ kind: "rejected", reason: "card template unknown" })).toEqual(["1", "4"]);
  });

  async function postsAfter(...planned: readonly DeliveryOutcome[]): Promise<readonly string[]> {
    const platform = new RecordingPlatform();
    platform.planned.push(...planned);
    await redis.clear();
    await fill();
    await work(platform, new PowerSupply(Number.MAX_SAFE_INTEGER));
    return platform.posts.map((post) => post.entryId);
  }
});
