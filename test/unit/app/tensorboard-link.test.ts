import { expect, test } from "vitest";
import { tensorboardLink } from "../../../src/app/tensorboard-link.js";
import { watchIdOf } from "../../../src/series/run.js";

test.each([
  ["exp/run.1", "http://tb/?runFilter=%5Eexp%2Frun%5C.1(%2F%7C%24)#timeseries"],
  [".", "http://tb/?runFilter=%5E%5C.%24#timeseries"],
  ["half\ud800name", "http://tb/?runFilter=%5Ehalf%EF%BF%BDname(%2F%7C%24)#timeseries"],
])("the run %j alone is selected", (name, link) => {
  expect(tensorboardLink("http://tb", { watch: watchIdOf("/logs"), name })).toBe(link);
});

test("there is no link without an address", () => {
  expect(tensorboardLink(undefined, { watch: watchIdOf("/logs"), name: "run" })).toBeUndefined();
});
