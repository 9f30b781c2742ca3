import { readFileSync, statSync } from "node:fs";
import type { Baseline } from "../../alerts/gate-baseline.js";
import { UsageError } from "../exit-codes.js";
import { openLogDirectory } from "../log-directory.js";
import { parseBaseline } from "./baseline-file.js";
import { type BaselineReader, baselineOf } from "./baseline-of-runs.js";

const largestFile = 64 << 20;

/** A baseline from its file, or from the runs below a directory: of those the metrics that the patterns name, else losses and accuracies. */
export async function loadBaseline(
  path: string,
  reader: BaselineReader,
  metrics?: readonly string[],
): Promise<Baseline> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`${path}: there is no such baseline file or directory`);
  if (!stats.isDirectory()) {
    if (stats.size > largestFile)
      throw new UsageError(`${path}: larger than a baseline file may be (64 MiB)`);
    return parseBaseline(readFileSync(path, "utf8"), path);
  }
  const opened = openLogDirectory(path);
  const baseline = await baselineOf({ ...reader, ...opened }, { metrics });
  if (baseline.metrics.length === 0) {
    const wanted = metrics === undefined ? "a loss or an accuracy" : `a metric like ${metrics.join(" or ")}`;
    throw new UsageError(`${path}: no run there has ${wanted} to compare`);
  }
  return baseline;
}
