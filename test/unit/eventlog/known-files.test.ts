import { describe, expect, it } from "vitest";
import { type KnownFile, KnownFiles } from "../../../src/eventlog/file/known-files.js";
import type { LookAt } from "../../../src/eventlog/file/look-at.js";

const start = 1_700_000_000_000;
const second = 1_000;

/** A file on a server: the client tells the size it heard last, until the file is opened. */
class Share {
  size = 10;
  readonly asked: LookAt["by"][] = [];
  #told = 10;

  look({ by }: LookAt): { size: number; mtimeMs: number } {
    this.asked.push(by);
    if (by === "open") this.#told = this.size;
    return { size: this.#told, mtimeMs: start };
  }
}

function watched(share: Share, isRemote: boolean) {
  const files = new KnownFiles("/mnt/logs", {
    hotForMs: 600_000,
    mostLogRuns: 10,
    isRemote,
    look: (request) => share.look(request),
  });
  files.setNames("run", ["x.tfevents"]);
  const [file] = files.due("all", start);
  const lookAt = (now: number): string | undefined =>
    files.take(file as KnownFile, files.look(file as KnownFile, now), now)?.kind;
  return { lookAt };
}

describe("files on a network share", () => {
  it("are opened once a minute, which shows what their attributes hide", () => {
    const share = new Share();
    const { lookAt } = watched(share, true);
    expect(lookAt(start)).toBe("changed");
    share.size = 20;
    for (let at = 1; at < 60; at += 1) expect(lookAt(start + at * second)).toBeUndefined();
    expect(lookAt(start + 60 * second)).toBe("changed");
    for (let at = 61; at < 120; at += 1) expect(lookAt(start + at * second)).toBeUndefined();
    expect(share.asked.filter((by) => by === "open")).toHaveLength(2);
    lookAt(start + 120 * second);
    expect(share.asked.at(-1)).toBe("open");
  });

  it("are never opened to be looked at on a local disk", () => {
    const share = new Share();
    const { lookAt } = watched(share, false);
    for (let at = 0; at < 300; at += 15) lookAt(start + at * second);
    expect(new Set(share.asked)).toEqual(new Set(["stat"]));
  });
});
