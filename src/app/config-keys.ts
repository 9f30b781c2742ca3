import { z } from "zod";

/** The keys that may stand at a path of a schema, read from its JSON Schema so that unions and defaults need no care here. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let places: readonly unknown[] = [jsonSchemaOf(schema)];
  for (const key of path) places = places.flatMap(alternatives).flatMap((place) => below(place, key));
  return [
    ...new Set(places.flatMap(alternatives).flatMap((place) => Object.keys(field(place, "properties")))),
  ];
}

/** The schema of what a person writes (before defaults and transforms). */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: "input", reused: "inline" });
}

function alternatives(place: unknown): readonly unknown[] {
  const choices = at(place, "anyOf");
  return Array.isArray(choices) ? choices.flatMap(alternatives) : [place];
}

function below(place: unknown, key: PropertyKey): readonly unknown[] {
  const next = typeof key === "number" ? at(place, "items") : at(at(place, "properties"), key);
  const other = typeof key === "number" ? undefined : at(place, "additionalProperties");
  return [next ?? other].filter((found) => found !== undefined);
}

function field(place: unknown, key: string): object {
  const found = at(place, key);
  return typeof found === "object" && found !== null ? found : {};
}

function at(place: unknown, key: PropertyKey): unknown {
  return typeof place === "object" && place !== null ? Reflect.get(place, key) : undefined;
}
