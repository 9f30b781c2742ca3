import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { configSchema } from "../../../src/app/config-schema.js";
import { parseConfig } from "../../../src/app/config.js";
import { variables } from "../../../src/app/environment-variables.js";

const docs = readFileSync(new URL("../../../docs/configuration.md", import.meta.url), "utf8");

it.each(Object.keys(configSchema.shape))("explains the key %s", (key) => {
  expect(docs).toMatch(new RegExp(`^\\| \`${key}\``, "m"));
});

it.each(variables.map(({ name, sentence }) => [name, sentence]))(
  "explains the variable %s",
  (name, sentence) => {
    const rows = docs.split("\n").filter((line) => line.startsWith(`| \`${name}\``));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain(sentence);
  },
);

it("shows an example that is right", () => {
  const examples = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? "");
  expect(examples.length).toBeGreaterThan(1);
  for (const text of examples) expect(parseConfig(text, undefined, "/")).toMatchObject({ kind: "ok" });
});
