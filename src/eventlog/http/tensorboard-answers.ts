import { z } from "zod";

/** JSON has no NaN and no infinities: TensorBoard writes them as strings. Scalars of type bool it hands out as they are. */
const handedNumber = z
  .union([z.number(), z.boolean(), z.enum(["NaN", "Infinity", "-Infinity"])])
  .transform((value) => Number(value));
const gone = z.null().transform((): undefined => undefined);

/** What TensorBoard's scalars API answers. A module of its own, loaded with the first question: reading a directory does not pay for zod (a third of a cold start). */
export const answers = {
  points: z
    .array(z.tuple([handedNumber, z.number(), handedNumber]))
    .or(gone)
    .or(z.literal("unreadable")),
  // Not a record schema: that loses a run called `__proto__`.
  tags: z
    .custom<Readonly<Record<string, unknown>>>(isRecord)
    .refine((runs) => Object.values(runs).every(isRecord))
    .transform((runs) => Object.entries(runs).map(([run, tags]) => [run, Object.keys(tags ?? {})] as const)),
} as const;

export type TensorBoardAnswers = typeof answers;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
