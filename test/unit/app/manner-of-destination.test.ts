import { expect, it } from "vitest";
import { parseConfig } from "../../../src/app/config.js";
import { localeOf, timeZoneOf } from "../../../src/app/routing.js";

const text = `
language: en
timeZone: Europe/Berlin
slack: { timeZone: America/New_York }
dingtalk: { language: zh, timeZone: Asia/Shanghai }
routes:
  - { to: slack:C0123456789 }
  - { to: [slack:C0123456789, slack:C0987654321], language: zh, timeZone: Asia/Tokyo }
`;
const parsed = parseConfig(text, undefined, "/");
if (parsed.kind !== "ok") throw new Error("the test's config is wrong");
const { config } = parsed;

it.each([
  ["its first route that says something", "slack:C0123456789", { locale: "zh", zone: "Asia/Tokyo" }],
  ["any of the destinations of that route", "slack:C0987654321", { locale: "zh", zone: "Asia/Tokyo" }],
  ["its platform", "slack:C0000000001", { locale: "en", zone: "America/New_York" }],
  ["its platform, by whichever way in", "dingtalk-webhook:robot", { locale: "zh", zone: "Asia/Shanghai" }],
  ["the config as a whole", "terminal:stdout", { locale: "en", zone: "Europe/Berlin" }],
])("the language and the time zone of a destination follow %s", (_who, destination, own) => {
  expect({ locale: localeOf(config, destination), zone: timeZoneOf(config, destination) }).toEqual(own);
});

it("is the machine's time zone where nobody names one", () => {
  const silent = parseConfig("", undefined, "/");
  if (silent.kind !== "ok") throw new Error("the empty config is wrong");
  expect(timeZoneOf(silent.config, "slack:C1")).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
});
