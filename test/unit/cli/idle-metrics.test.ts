import { expect, test } from "vitest";
import { idleMetrics } from "../../../src/cli/idle-metrics.js";
import { ownRulesSchema } from "../../../src/rules/own-rules-schema.js";
import { labelSeries } from "../../../src/series/label-series.js";
import { watchIdOf } from "../../../src/series/run.js";

const run = { watch: watchIdOf("/logs"), name: "a" };
const series = [labelSeries({ run, split: "train", tag: "loss" }), labelSeries({ run, split: "", tag: "" })];

test.each([
  ["a metric that is there", { metric: "lo*", condition: "value > 1" }, []],
  [
    "a tag that is nowhere",
    { metric: "los", condition: "value > 1" },
    ["own rule r judges nothing here: no series fits its metric (los)"],
  ],
  [
    "one metric of several, of a split that is nowhere",
    { metrics: { t: "loss", v: { tag: "loss", split: "validation" } }, condition: "t > v" },
    ["own rule r judges nothing here: no series fits its metric v (loss of split validation)"],
  ],
  [
    "runs that are not here",
    { metric: "loss", runs: "b*", condition: "value > 1" },
    ["own rule r judges nothing here: no series fits its metric (loss)"],
  ],
])("%s", (_, section, lines) => {
  expect(idleMetrics(ownRulesSchema.parse({ r: section }), series)).toEqual(lines);
});
