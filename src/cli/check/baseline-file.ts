import { z } from "zod";
import type { Baseline } from "../../alerts/gate-baseline.js";
import { UsageError } from "../exit-codes.js";

const version = 1;
const finite = z.number();
const name = z.string().max(10_000);

const schema = z.strictObject({
  kind: z.literal("tensorbell-baseline"),
  version: z.literal(version),
  metrics: z
    .array(
      z.strictObject({
        split: name,
        tag: name,
        direction: z.enum(["lower", "higher"]),
        phase: z.enum(["train", "validation", "unknown"]),
        curves: z
          .array(
            z.strictObject({
              run: name,
              curve: z
                .array(z.tuple([finite, finite, finite]))
                .min(1)
                .max(1_000)
                .refine((rows) => rows.every(([step], i) => i === 0 || step > (rows[i - 1]?.[0] ?? 0)), {
                  error: "rows that ascend in step",
                }),
            }),
          )
          .min(1)
          .max(10_000),
      }),
    )
    .max(20_000),
});

/** A baseline as its file: sorted, a row of a curve a line, so that a diff shows what moved. */
export function writeBaseline(baseline: Baseline): string {
  const metrics = baseline.metrics.map(({ split, tag, direction, phase, curves }) => {
    const head = Object.entries({ split, tag, direction, phase }).map(
      ([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`,
    );
    const runs = curves.map(({ run, curve }) => {
      const rows = curve.map((row) => `            ${JSON.stringify(row)}`).join(",\n");
      return `        {\n          "run": ${JSON.stringify(run)},\n          "curve": [\n${rows}\n          ]\n        }`;
    });
    return `    {\n${head.join("")}      "curves": [\n${runs.join(",\n")}\n      ]\n    }`;
  });
  const list = metrics.length === 0 ? "[]" : `[\n${metrics.join(",\n")}\n  ]`;
  return `{\n  "kind": "tensorbell-baseline",\n  "version": ${version},\n  "metrics": ${list}\n}\n`;
}

/** Reads such a file; throws a UsageError that names `file` and what is wrong. */
export function parseBaseline(text: string, file: string): Baseline {
  const parsed = schema.safeParse(plain(text));
  if (parsed.success) return { metrics: parsed.data.metrics };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  const said = `${where === "" ? "" : `${where}: `}${issue?.message ?? ""}`;
  throw new UsageError(
    `${file}: not a baseline file of this version (${said}); make one with tensorbell baseline save`,
  );
}

function plain(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
