import { expect, test } from "vitest";
import { Turns } from "../../../src/jobs/turns.js";

test("between any two turns the event loop has a turn of its own", async () => {
  const turns = new Turns();
  const order: string[] = [];
  const work = async (name: string): Promise<void> => {
    await turns.next();
    order.push(name);
    // A socket's news would come the same way.
    setImmediate(() => order.push(`after ${name}`));
  };
  await Promise.all([work("a"), work("b"), work("c")]);
  await turns.next();
  expect(order.filter((name) => !name.startsWith("after"))).toEqual(["a", "b", "c"]);
  for (const [name, next] of [
    ["a", "c"],
    ["b", "c"],
  ] as const) {
    expect(order.indexOf(`after ${name}`)).toBeLessThanOrEqual(order.indexOf(next) + 1);
    expect(order).toContain(`after ${name}`);
  }
});
