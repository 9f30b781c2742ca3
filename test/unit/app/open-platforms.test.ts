import { expect, it } from "vitest";
import { parseConfig } from "../../../src/app/config.js";
import { readEnvironment } from "../../../src/app/environment.js";
import { openPlatforms } from "../../../src/app/platforms.js";
import { systemClock } from "../../../src/lib/clock.js";
import { silentLog } from "../../../src/lib/log.js";
import { watchIdOf } from "../../../src/series/run.js";

const robot = { DINGTALK_WEBHOOK_URL: "https://oapi.dingtalk.com/robot/send?access_token=t" };
const app = { DINGTALK_CLIENT_ID: "ding1", DINGTALK_CLIENT_SECRET: "s" };
const run = { watch: watchIdOf("/logs"), name: "exp/run42" };

function actsOf(env: Readonly<Record<string, string>>): Readonly<Record<string, string | undefined>> {
  const [environment, config] = [readEnvironment(env, "/"), parseConfig("", undefined, "/")];
  if (environment.kind !== "ok" || config.kind !== "ok") throw new Error("the test's own set-up is refused");
  const open = openPlatforms({
    ...{ environment: environment.environment, config: config.config },
    ...{ clock: systemClock, log: silentLog },
  });
  return Object.fromEntries(open.map((one) => [one.platform.name, one.act(run, "en")]));
}

it("offers no command where a robot speaks that hears nothing", () => {
  expect(actsOf(robot)).toEqual({ "dingtalk-webhook": undefined });
});

it("offers it beside an app that hears it", () => {
  expect(actsOf({ ...robot, ...app })).toEqual({
    dingtalk: "@TensorBell mute exp/run42 2h",
    "dingtalk-webhook": "/tb mute exp/run42 2h",
  });
});
