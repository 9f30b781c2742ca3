import { mkdirSync } from "node:fs";
import { EventFileWriter } from "../../src/eventlog/event-file-writer.js";

const secondsAPoint = 20;
const stepsAPoint = 25;

/** A run whose training loss falls with some noise, then rises five times in a row, then falls on; its last point is written now. */
export function lossThatRises(folder: string, now: number): { rise(): void; recover(): void } {
  const [falling, rising, again] = [fallingLoss(), [0.35, 0.4, 0.46, 0.52, 0.59], [0.36, 0.35, 0.34, 0.34]];
  mkdirSync(folder, { recursive: true });
  const start = now / 1_000 - (falling.length + rising.length + again.length) * secondsAPoint;
  const writer = new EventFileWriter(folder, { wallTime: start });
  let points = 0;
  const write = (values: readonly number[]): void => {
    for (const value of values) {
      points += 1;
      writer.scalar("train/loss", points * stepsAPoint, value, start + points * secondsAPoint);
    }
    writer.flush();
  };
  return {
    rise: () => write([...falling, ...rising]),
    recover: () => write(again),
  };
}

/** The same noise every time. */
function fallingLoss(): readonly number[] {
  let state = 7;
  return Array.from({ length: 160 }, (_point, at) => {
    state = (state * 48_271) % 2_147_483_647;
    return 0.3 + 2 * Math.exp(-at / 35) + 0.05 * (state / 2_147_483_647 - 0.5);
  });
}
