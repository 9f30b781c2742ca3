import { expect, test } from "vitest";
import { settingsAt } from "../../../src/app/rules-at.js";
import { effectiveSettings } from "../../../src/rules/effective-settings.js";
import { labelSeries } from "../../../src/series/label-series.js";
import { runIdOf, watchIdOf } from "../../../src/series/run.js";

const entry = (root: string, count: number) => ({
  watches: [root],
  watchIds: [watchIdOf(root)],
  settings: { count },
});

/** The count of consecutive_rise that holds for a run of a directory. */
function countAt(root: string, watches: readonly string[] = []): unknown {
  const rules = {
    consecutive_rise: [
      { settings: { count: 3 } },
      entry("/logs/team-a", 7),
      entry("/logs", 9),
      entry("s3://bucket/team", 8),
    ],
  };
  const run = { watch: watchIdOf(root), name: "run" };
  const settings = settingsAt({ rules, metrics: {}, watches: watches.map((path) => ({ root: path })) }, root);
  const labels = labelSeries({ run, split: "", tag: "loss" });
  return effectiveSettings({ settings, run: runIdOf(run), labels }, "consecutive_rise").settings["count"];
}

test.each([
  ["the watch itself", "/logs/team-a", 7],
  ["inside it", "/logs/team-a/nightly/2", 7],
  ["inside the one around it", "/logs/team-b", 9],
  ["beside it, with a name that begins alike", "/logs/team-ab", 9],
  ["elsewhere", "/other/logs/team-a", 3],
  ["a bucket's watch", "s3://bucket/team/run", 8],
  ["another bucket", "s3://other/team/run", 3],
  ["a relative name's root", "/", 3],
])("%s", (_, root, count) => {
  expect(countAt(root)).toBe(count);
});

test("the nearest watch is meant, also where nothing is said of it", () => {
  expect(countAt("/logs/team-c/run", ["/logs", "/logs/team-c"])).toBe(3);
});
