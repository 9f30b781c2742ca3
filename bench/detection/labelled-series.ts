import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const number = z.union([z.number(), z.string().transform(Number)]);

const seriesSchema = z.object({
  id: z.string(),
  tag: z.string(),
  kind: z.string(),
  direction: z.enum(["min", "max"]),
  onset_index: z.number().nullish(),
  window_start_step: z.number().nullish(),
  jump_sigma: z.number().nullish(),
  points: z.array(z.tuple([z.number(), z.number(), number])),
});

export const parts = ["healthy", "bad", "injected"] as const;

/** A real curve with what hindsight says of it; values as single precision, as event files hold them. */
export interface LabelledSeries {
  readonly id: string;
  readonly part: (typeof parts)[number];
  readonly tag: string;
  readonly kind: string;
  readonly direction: "min" | "max";
  readonly onset: number;
  readonly windowStart: number;
  readonly steps: readonly number[];
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export function readLabelledSeries(folder: string): readonly LabelledSeries[] {
  return parts.flatMap((part) =>
    readFileSync(join(folder, `${part}.jsonl`), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const { id, tag, kind, direction, points, ...where } = seriesSchema.parse(JSON.parse(line));
        return {
          ...{ id, part, tag, kind, direction },
          onset: where.onset_index ?? 0,
          windowStart: where.window_start_step ?? 0,
          steps: points.map(([step]) => step),
          times: points.map(([, time]) => 1.7e9 + time),
          values: points.map(([, , value]) => Math.fround(value)),
        };
      }),
  );
}
