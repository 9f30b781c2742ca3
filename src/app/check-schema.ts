import { z } from "zod";
import { duration, interval, oneOrMore, text } from "./schema-parts.js";

const requirement = z
  .strictObject({
    metric: text.describe(
      "Name of a metric, as in commands: val_loss, eval/acc. Without limits it must be there.",
    ),
    runs: oneOrMore(text).optional().describe("Only runs whose name matches; every run otherwise."),
    value: z.enum(["final", "best"]).default("final").describe("Which value the limits are held against."),
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
    withinSteps: z
      .number()
      .nonnegative()
      .optional()
      .describe("The last step at which the limits may be met first."),
    within: duration.optional().describe("The same as time since the run's first point: 30m, 2h."),
  })
  .refine(
    ({ atLeast, atMost, withinSteps, within }) =>
      (withinSteps === undefined && within === undefined) || atLeast !== undefined || atMost !== undefined,
    { error: "a limit (atLeast or atMost) that is to be reached within that time" },
  )
  .refine(({ atLeast, atMost }) => (atLeast ?? -Infinity) <= (atMost ?? Infinity), {
    error: "atLeast at or below atMost",
  });

/** `check:` of tensorbell.yaml. */
export const checkSchema = z
  .strictObject({
    failOn: z
      .enum(["warning", "critical"])
      .default("warning")
      .describe("Alerts of this severity and above fail."),
    resolved: z
      .enum(["count", "ignore"])
      .default("count")
      .describe("Whether alerts that ended before the run did still count."),
    runs: oneOrMore(text).optional().describe("Only runs whose name matches are checked; all otherwise."),
    requirements: z.array(requirement).max(1_000).default([]).describe("What every run must hold to."),
    baseline: z
      .strictObject({
        path: text.optional().describe("Baseline file or log directory, relative to this file."),
        metrics: z.array(text).min(1).max(1_000).optional().describe("Tags (patterns) that are compared."),
        compare: z.enum(["best", "final"]).default("best"),
        tolerance: z.number().nonnegative().max(10).default(0.02).describe("Share of the baseline's mean."),
        z: z
          .number()
          .nonnegative()
          .max(100)
          .default(3)
          .describe("Standard deviations between 3 or more runs."),
        minSteps: z.number().min(0).max(1).default(0.9).describe("Share of the baseline's steps to reach."),
      })
      .prefault({}),
    quietFor: interval(600_000, "How long a run must be quiet for --wait to take it as finished."),
    timeout: interval(21_600_000, "How long --wait waits."),
  })
  .prefault({})
  .describe("What `tensorbell check` asks of runs.");
