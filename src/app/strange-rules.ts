import type { z } from "zod";
import { ruleIdProblem } from "../rules/own-rules-schema.js";
import { isRuleId } from "../rules/rule-registry.js";

/**
 * Ids below `rules:` that no rule can have: neither the registry's, nor of `own_rules`, nor, where modules are named, that
 * of one of theirs (which only loading them tells). Read from what was written, so that it is said beside every other problem.
 */
export function strangeRules(given: unknown): readonly z.core.$ZodIssueUnrecognizedKeys[] {
  const own = new Set(ownRuleIds(given));
  const modules = entryOf(given, "rule_modules");
  const hasModules = Array.isArray(modules) && modules.length > 0;
  const keys = keysOf(entryOf(given, "rules")).filter(
    (id) => !isRuleId(id) && !own.has(id) && !(hasModules && ruleIdProblem(id) === undefined),
  );
  if (keys.length === 0) return [];
  return [
    { code: "unrecognized_keys", path: ["rules"], keys, message: "unknown rules", input: given as never },
  ];
}

/** Ids of rules that the file itself describes. */
export function ownRuleIds(given: unknown): readonly string[] {
  return keysOf(entryOf(given, "own_rules"));
}

function entryOf(given: unknown, key: string): unknown {
  return typeof given === "object" && given !== null ? Reflect.get(given, key) : undefined;
}

function keysOf(given: unknown): readonly string[] {
  return typeof given === "object" && given !== null && !Array.isArray(given) ? Object.keys(given) : [];
}
