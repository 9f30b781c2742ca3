import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { configJsonSchema } from "../../../src/app/config-json-schema.js";

it("stands in docs/tensorbell.schema.json as `tensorbell schema` prints it", () => {
  const file = new URL("../../../docs/tensorbell.schema.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});
