import { expect, test } from "vitest";
import { Turns } from "../../../src/jobs/turns.js";

test("turns come in order, and between any two the event loop has gone round", async () => {
  const turns = new Turns();
  const order: string[] = [];
  let rounds = 0;
  const count = (): void => {
    rounds += 1;
    if (order.length < 3) setImmediate(count);
  };
  setImmediate(count);
  const work = async (name: string): Promise<void> => {
    await turns.next();
    order.push(`${name} in round ${rounds}`);
  };
  await Promise.all([work("a"), work("b"), work("c")]);
  expect(order).toEqual(["a in round 1", "b in round 2", "c in round 3"]);
});
