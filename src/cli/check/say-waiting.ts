import { formatCount } from "../../message/format-number.js";
import { printable } from "../print.js";
import type { WaitNews } from "./follow.js";

/** Some runners end a job that says nothing for ten minutes. */
const repeatMs = 300_000;

/** Says on standard error what the gate waits for: when that changes and every few minutes; on a terminal in one line that is kept fresh. */
export function sayWaiting(): (news: WaitNews) => void {
  let said = "";
  let saidAt = -Infinity;
  return ({ now, runs, open, points }) => {
    const named = open.slice(0, 3).map(printable).join(", ") + (open.length > 3 ? ", …" : "");
    const waiting =
      runs === 0
        ? "waiting for a run to appear"
        : `waiting for ${formatCount(open.length)} of ${formatCount(runs)} ${runs === 1 ? "run" : "runs"}: ${named}`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[K${waiting}, ${formatCount(points)} points`.slice(0, 200));
      return;
    }
    if (waiting === said && now - saidAt < repeatMs) return;
    said = waiting;
    saidAt = now;
    process.stderr.write(`${waiting}, ${formatCount(points)} points so far\n`);
  };
}
