import { beforeEach, describe, expect, it } from "vitest";
import type { OutboxEntry } from "../../../src/alerts/outbox-entry.js";
import { emptyRunCommit } from "../../../src/alerts/empty-run-commit.js";
import { newRunFacts } from "../../../src/alerts/run-facts.js";
import { showProgress, tick } from "../../../src/jobs/tick.js";
import { type RunId, runIdOf, watchIdOf } from "../../../src/series/run.js";
import { MemoryLaneStore } from "../../support/memory-lane-store.js";
import { MemoryRunStore } from "../../support/memory-run-store.js";
import { RecordingPlatform } from "../../support/recording-platform.js";
import { MemoryWatchRegistry } from "../../support/memory-watch-registry.js";

const watch = watchIdOf("/logs");
const lane = "rec:c";
const minute = 60_000;
const started = 1_800_000_000_000;

let now: number;
let woken: string[];
let ports: Parameters<typeof tick>[0];
let lanes: MemoryLaneStore;
let runs: MemoryRunStore;
let registry: MemoryWatchRegistry;
beforeEach(() => {
  now = started;
  woken = [];
  [lanes, runs, registry] = [new MemoryLaneStore(), new MemoryRunStore(), new MemoryWatchRegistry()];
  const wake = (what: string) => (which: string, delayMs?: number) => {
    woken.push(`${what} ${which}${delayMs === undefined ? "" : ` in ${delayMs}`}`);
    return Promise.resolve();
  };
  ports = {
    lanes,
    runs,
    registry,
    platforms: new Map([["rec", new RecordingPlatform()]]),
    clock: { now: () => now },
    wakes: { ingest: wake("ingest"), relay: wake("relay"), deliver: wake("deliver"), chart: wake("chart") },
  };
});

const idOf = (name: string): RunId => runIdOf({ watch, name });
const said = (id: string): OutboxEntry => ({
  id,
  destination: lane,
  at: 0,
  body: { kind: "operator", subject: "s", detail: "d" },
});

describe("what time alone wakes", () => {
  it("looks at runs whose deadline has come, and not every few seconds again", async () => {
    await registry.setDeadline(idOf("due"), now);
    await registry.setDeadline(idOf("later"), now + 1);
    await tick(ports);
    await tick(ports);
    expect(woken).toEqual([`ingest ${idOf("due")}`]);
    now += minute;
    woken = [];
    await tick(ports);
    expect(woken.sort()).toEqual([`ingest ${idOf("due")}`, `ingest ${idOf("later")}`].sort());
  });

  it("wakes lanes in which something was left waiting, and charts that were", async () => {
    const ref = { channel: "c", id: "1" };
    const run = idOf("run");
    const chart: OutboxEntry = {
      ...said("a/chart"),
      body: { kind: "chart", run, name: { watch, name: "run" }, alert: "a", transitions: [] },
    };
    await lanes.append("rec:empty", [said("x")]);
    await lanes.conclude("rec:empty", { entryId: "x" }, now);
    await lanes.append(lane, [said("a"), said("b")]);
    await lanes.conclude(lane, { entryId: "a", ref, chart: { entry: chart, ref } }, now);
    await tick(ports);
    expect(woken).toEqual([`deliver ${lane} in 0`, `chart ${lane} in 0`]);
  });
});

describe("progress of roots", () => {
  async function thread(
    name: string,
    { saidAt, heardAt }: { saidAt: number; heardAt: number },
  ): Promise<void> {
    const run = { watch, name };
    await lanes.append(lane, [said(`${name}/said`)]);
    await lanes.conclude(lane, { entryId: `${name}/said` }, now);
    await lanes.openThread(lane, idOf(name), {
      root: { channel: "c", id: name },
      openedAt: 0,
      rootHash: "",
      rootSaidAt: saidAt,
    });
    await runs.commit({
      ...emptyRunCommit(run),
      facts: { ...newRunFacts, phase: "live", lastArrivalAt: heardAt },
    });
  }

  async function refreshed(): Promise<readonly string[]> {
    const names: string[] = [];
    for (let head = await lanes.head(lane); head !== undefined; head = await lanes.head(lane)) {
      if (head.entry.body.kind === "root") names.push(head.entry.body.name.name);
      await lanes.conclude(lane, { entryId: head.entry.id }, now);
    }
    return names;
  }

  it.each([
    { which: "said five minutes ago of a run that grows", saidAgo: 5, heardAgo: 0, wanted: ["run"] },
    { which: "said lately", saidAgo: 4.9, heardAgo: 0, wanted: [] },
    { which: "of a run that fell quiet since", saidAgo: 8, heardAgo: 6, wanted: ["run"] },
    { which: "of a run that was quiet long before: it was shown so", saidAgo: 6, heardAgo: 30, wanted: [] },
  ])("a root $which", async ({ saidAgo, heardAgo, wanted }) => {
    await thread("run", { saidAt: now - saidAgo * minute, heardAt: now - heardAgo * minute });
    await showProgress(ports);
    expect(await refreshed()).toEqual(wanted);
    expect(woken).toEqual(wanted.length > 0 ? [`deliver ${lane} in 0`] : []);
  });

  it("edits at most 30 in a minute, those that were said longest ago first", async () => {
    for (let at = 0; at < 40; at += 1)
      await thread(`run${at}`, { saidAt: now - (10 + ((at * 7) % 40)) * minute, heardAt: now });
    await showProgress(ports);
    const first = await refreshed();
    const age = (name: string): number => (Number(name.slice(3)) * 7) % 40;
    expect(first.map(age)).toEqual(Array.from({ length: 30 }, (_, at) => 39 - at));
  });

  it("asks for one root once, however many processes look in that minute", async () => {
    await thread("run", { saidAt: 0, heardAt: now });
    await Promise.all([showProgress(ports), showProgress(ports)]);
    await showProgress(ports);
    expect(await refreshed()).toEqual(["run"]);
    await showProgress(ports);
    expect(await refreshed()).toEqual([]);
  });
});
