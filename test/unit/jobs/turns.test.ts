import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Turns } from "../../../src/jobs/turns.js";

describe("work that takes turns on the event loop", () => {
  it("leaves a round of the event loop between any two", async () => {
    const turns = new Turns();
    const order: string[] = [];
    const other = async (): Promise<void> => {
      for (let round = 0; round < 3; round += 1) {
        await setImmediate();
        order.push("other");
      }
    };
    await Promise.all([
      turns.next().then(() => order.push("a")),
      turns.next().then(() => order.push("b")),
      other(),
    ]);
    expect(order.indexOf("other")).toBeLessThan(order.indexOf("b"));
    expect(order.indexOf("a")).toBeLessThan(order.indexOf("b"));
  });

  it("says when a turn has lasted long enough", async () => {
    let now = 0;
    const turns = new Turns({ now: () => now, turnMs: 4 });
    expect(turns.isOver).toBe(true);
    await turns.next();
    now += 3;
    expect(turns.isOver).toBe(false);
    now += 1;
    expect(turns.isOver).toBe(true);
  });

  it("waits until an answer that goes first is given", async () => {
    const turns = new Turns({ stepsBackMs: 2_147_483_647 });
    const { promise, resolve } = promiseOf();
    const order: string[] = [];
    const answer = turns.first(() => promise.then(() => order.push("answer")));
    const work = turns.next().then(() => order.push("work"));
    for (let round = 0; round < 5; round += 1) await setImmediate();
    resolve();
    await Promise.all([answer, work]);
    expect(order).toEqual(["answer", "work"]);
  });

  it("goes on where an answer fails", async () => {
    const turns = new Turns({ stepsBackMs: 2_147_483_647 });
    const { promise, reject } = promiseOf();
    const answer = turns.first(() => promise);
    const work = turns.next();
    reject(new Error("no answer"));
    await expect(answer).rejects.toThrow("no answer");
    await work;
  });

  it("steps back for a while at most, and then goes on for as long as it stood back", async () => {
    let looks = 0;
    const times = [0, 1_000, 1_000, 1_500, 1_500, 2_500];
    const now = (): number => times[(looks += 1) - 1] ?? 2_500;
    const turns = new Turns({ now, stepsBackMs: 0 });
    void turns.first(() => new Promise(() => undefined));
    await turns.next();
    expect(looks).toBe(3);
    // One look at the clock less where it does not step back.
    await turns.next();
    expect(looks).toBe(5);
    await turns.next();
    expect(looks).toBe(8);
  });
});

function promiseOf() {
  let resolve = (): void => undefined;
  let reject = (_error: Error): void => undefined;
  const promise = new Promise<void>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}
