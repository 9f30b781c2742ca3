import { describe, expect, it } from "vitest";
import { type ChecklistItem, expectHeld } from "../support/checklist.js";

const live = "contract/log-source-live.test.ts";
const large = "contract/log-source-large.test.ts";
const scan = "contract/log-source-scan.test.ts";
const bounds = "contract/log-source-bounds.test.ts";
const unreadable = "contract/log-source-unreadable.test.ts";
const watched = "contract/watched-runs.test.ts";
const decode = "unit/eventlog/decode.test.ts";

/** What happens to files that are read while they are written, and the test that shows what becomes of it. */
const happenings: readonly ChecklistItem[] = [
  { what: "half a record, later the other half", by: [[live, "waits for the other half of a record"]] },
  {
    what: "a longer copy renamed over the file, as rsync does",
    by: [[live, "reads only what is new from a longer copy renamed over the file"]],
  },
  { what: "cut, and written shorter", by: [[live, "after it was cut and written shorter"]] },
  {
    what: "cut, and written longer with records of the same size",
    by: [[live, "written anew longer, with records of the same size"]],
  },
  {
    what: "zeros that records overwrite later",
    by: [
      [live, "waits behind zeros and reads the records that overwrite them"],
      [live, "reports zeros once when they stay, and still reads what fills them later"],
    ],
  },
  {
    what: "a hole of zeros with records behind it, filled later",
    by: [[live, "loses no record behind a hole that is filled later"]],
  },
  {
    what: "a damaged payload, repaired in place within 30 s or never",
    by: [
      [live, "takes a payload that heals in time"],
      [live, "gives a payload up after 30 s, reports it once and reads on"],
    ],
  },
  {
    what: "a bad length",
    by: [
      [live, "stops one file at a bad length, reports it once and goes on with the others"],
      [live, "tries a stopped file again when it changes"],
    ],
  },
  {
    what: "an older file of the run grows after a newer one exists",
    by: [
      [live, "sees an older file grow after a newer one exists"],
      [live, "says once that two files grow at once under one tag"],
    ],
  },
  {
    what: "the run's directory is deleted and made again",
    by: [[watched, "closes the alerts of a run whose directory was deleted, and judges what is made in"]],
  },
  {
    what: "one file of several is deleted and made again",
    by: [[live, "reads a file that was deleted and made again"]],
  },
  {
    what: "far more files than descriptors",
    by: [
      [live, "reads two thousand files one after another"],
      [unreadable, "are none although there are far more of them than descriptors"],
    ],
  },
  {
    what: "a network share that tells old sizes",
    by: [
      [
        "unit/eventlog/known-files.test.ts",
        "are opened once a minute, which shows what their attributes hide",
      ],
    ],
  },
  {
    what: "killed in the middle of a read",
    by: [
      ["contract/ingest-crash.test.ts", "wherever it is cut"],
      ["e2e/kill-loop.test.ts", "however often the process is killed"],
    ],
  },
  {
    what: "Redis is gone for a while",
    by: [["e2e/redis-away.test.ts", "says so once, and loses nothing of what happened meanwhile"]],
  },
  {
    what: "the event loop goes on while a backlog is read",
    by: [[bounds, "lets the event loop turn after every piece"]],
  },
  {
    what: "the writer's clock is two hours ahead",
    by: [
      [watched, "is called silent when one whose clock is right would be"],
      ["unit/message/format-time.test.ts", "[-60_000, "],
    ],
  },
  {
    what: "a run goes on from a checkpoint: nothing is lost, what was taken away is told apart",
    by: [
      ["contract/run-restarts.test.ts", "is marked as restarted, %s"],
      ["unit/series/effective.test.ts", "marks exactly those points that do not stand"],
      ["e2e/export.test.ts", "exports what a restart took away, marked"],
    ],
  },
];

/** What is bounded, and the test that goes beyond. */
const limits: readonly ChecklistItem[] = [
  {
    what: "a record of 64 MiB",
    by: [[large, "skips what is over 64 MiB and no plain blob, with a diagnostic"]],
  },
  {
    what: "a length beyond 2^31-1",
    by: [[live, "stops at a length beyond 2^31-1 at once"]],
  },
  {
    what: "memory by a length field",
    by: [
      [large, "waits for the rest of a large record and takes no memory for it before"],
      [bounds, "takes no memory for what a length promises"],
    ],
  },
  { what: "20,000 tags of a log run", by: [[bounds, "keeps 20,000 tags of a log run"]] },
  { what: "16 MiB of tag names of a log run", by: [[bounds, "keeps 16 MiB of tag names"]] },
  { what: "8 KiB of one tag", by: [[bounds, "leaves out what stands under a tag of more than 8 KiB"]] },
  { what: "20,000 histograms of a record", by: [[bounds, "keeps 20,000 histograms of one record"]] },
  { what: "100 findings of a file", by: [[bounds, "lists 100 damaged places of a file"]] },
  {
    what: "hyper-parameters of a run",
    by: [
      [bounds, "keeps 200 hyper-parameters"],
      [bounds, "says once that hyper-parameters were left out or cut"],
    ],
  },
  { what: "50,000 log runs of a watch", by: [[scan, "watches so many log runs and no more"]] },
  { what: "32 directories deep", by: [[scan, "says where a tree is deeper than is walked"]] },
  { what: "whatever bytes", by: [[decode, "never throws, whatever the bytes"]] },
];

describe("what reading logs is held to", () => {
  it.each([...happenings, ...limits].map((item) => [item.what, item] as const))("%s", (_what, item) =>
    expectHeld(item),
  );

  it("is all of it", () => {
    expect([happenings.length, limits.length]).toEqual([18, 12]);
  });
});
