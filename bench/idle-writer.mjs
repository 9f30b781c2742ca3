// Appends one scalar a second to each of the given files, spread over the second; a record's wall time is the moment it was written.
import { appendFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { setInterval, setTimeout } from "node:timers";

const [dist, ...files] = process.argv.slice(2);
const { scalarRecord } = await import(pathToFileURL(resolve(dist, "eventlog/event-records.js")).href);
let step = 0;
files.forEach((file, index) => {
  setTimeout(
    () => {
      setInterval(() => {
        step += 1;
        const wallTime = Date.now() / 1_000;
        appendFileSync(file, scalarRecord({ wallTime, step, tag: "live", value: step, style: "tf2" }));
      }, 1_000);
    },
    (index * 1_000) / files.length,
  );
});
