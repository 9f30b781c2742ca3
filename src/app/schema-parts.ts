import { z } from "zod";
import { parseDuration } from "../lib/duration.js";

/** A text that a person writes into the configuration. */
export const text = z.string().min(1).max(1_000);
/** `15s`, `2m` or a number of seconds, as milliseconds. */
export const duration = z
  .union([z.number().positive().max(86_400), z.string().max(40)], {
    error: "a duration such as 15s or 2m",
  })
  .transform((given, context) => {
    const ms = typeof given === "number" ? given * 1_000 : parseDuration(given);
    if (ms !== undefined && ms >= 100) return ms;
    context.addIssue({
      code: "custom",
      message: "a duration of at least 100ms such as 15s or 2m",
      input: given,
    });
    return z.NEVER;
  });

/** A duration with a default (ms). */
export const interval = (ms: number, says: string) => duration.default(ms).describe(says);

/** One or several: a lone value means a list of one. */
export function oneOrMore<T extends z.ZodType>(item: T) {
  return z
    .union([item, z.array(item).min(1).max(100)])
    .transform((given) => (Array.isArray(given) ? given : [given]));
}
