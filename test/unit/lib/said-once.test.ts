import { expect, it } from "vitest";

import { createSaidOnce } from "../../../src/lib/said-once.js";
import { recordingLog } from "../../support/slack-rig.js";

it("says a trouble when it starts, when its reason changes and when it is over, and nothing between", () => {
  const log = recordingLog();
  const said = createSaidOnce(log, "slack");
  said.good("uploads");
  said.bad("uploads", "no scope");
  said.bad("uploads", "no scope");
  said.bad("uploads", "too large");
  said.bad("owners", "no scope");
  said.good("uploads");
  said.good("uploads");
  said.bad("uploads", "too large");
  expect(log.lines.map(({ event, facts }) => `${event} ${Object.values(facts).join(": ")}`)).toEqual([
    "slack_degraded uploads: no scope",
    "slack_degraded uploads: too large",
    "slack_degraded owners: no scope",
    "slack_recovered uploads",
    "slack_degraded uploads: too large",
  ]);
});
