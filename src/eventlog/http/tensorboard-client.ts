import { z } from "zod";
import { ObjectPace, type PaceOptions } from "../object-pace.js";

/** One point as TensorBoard hands it out: wall time in seconds, step, value. */
export type HandedPoint = readonly [wallTime: number, step: number, value: number];

/** A TensorBoard that cannot be read at present; the message is a sentence for an operator. */
export class TensorBoardFault extends Error {
  constructor(place: string, sentence: string, cause?: unknown) {
    super(`${place}: ${sentence}`, { cause });
    this.name = "TensorBoardFault";
  }
}

const bounds = {
  timeoutMs: 30_000,
  bytes: 64 * 1024 * 1024,
  logRuns: 50_000,
  tags: 20_000,
  perMinute: 3_000,
} as const;

/** The scalars API of one running TensorBoard. Every method throws a `TensorBoardFault` where it does not answer as it should. */
export class TensorBoardClient {
  readonly place: string;
  readonly #pace: ObjectPace;

  /** Throws a RangeError with a sentence where the address is none. */
  constructor(root: string, pace: PaceOptions = {}) {
    if (!URL.canParse(root))
      throw new RangeError(`${root}: expected the address of a TensorBoard, http://host:port`);
    const { username, password, search, hash, origin, pathname } = new URL(root);
    if (username !== "" || password !== "" || search !== "" || hash !== "") {
      throw new RangeError(
        `${origin}: expected http://host:port or http://host:port/prefix, without account, query or #fragment`,
      );
    }
    this.place = `${origin}${pathname.replace(/\/+$/, "")}`;
    this.#pace = new ObjectPace({ perMinute: bounds.perMinute, ...pace });
  }

  /** The tags of every log run that has scalars. */
  async tags(): Promise<ReadonlyMap<string, readonly string[]>> {
    const answer = await this.#get("/data/plugin/scalars/tags", tagsAnswer);
    return new Map(answer.slice(0, bounds.logRuns).map(([run, tags]) => [run, tags.slice(0, bounds.tags)]));
  }

  /** The points TensorBoard holds of one series, a sample of them where there are many; none where it is gone. */
  async points(run: string, tag: string): Promise<readonly HandedPoint[]> {
    const query = new URLSearchParams({ run, tag }).toString();
    return (await this.#get(`/data/plugin/scalars/scalars?${query}`, pointsAnswer.or(gone))) ?? [];
  }

  async #get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#pace.ask(async () => {
      const parsed = schema.safeParse(parseJson(await this.#text(path)));
      if (parsed.success) return parsed.data;
      throw new TensorBoardFault(this.place, "it answers, but not as TensorBoard's scalars API does");
    });
  }

  /** `null` for a series that is not there. */
  async #text(path: string): Promise<string> {
    let response: Response;
    try {
      const signal = AbortSignal.timeout(bounds.timeoutMs);
      response = await fetch(`${this.place}${path}`, { signal, redirect: "error" });
      if (response.ok) return await boundedText(response);
    } catch (cause) {
      throw new TensorBoardFault(
        this.place,
        "no TensorBoard answers there; it is asked again, more and more slowly",
        cause,
      );
    }
    if (response.status === 404 && path.includes("?")) return "null";
    throw new TensorBoardFault(this.place, `it answers with status ${response.status} instead of scalars`);
  }
}

/** JSON has no NaN and no infinities: TensorBoard writes them as strings. */
const handedNumber = z
  .union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])])
  .transform((value) => Number(value));
const pointsAnswer = z.array(z.tuple([handedNumber, z.number(), handedNumber]));
const gone = z.null().transform((): undefined => undefined);
/** Not a record schema: that loses a run called `__proto__`. */
const tagsAnswer = z
  .custom<Readonly<Record<string, unknown>>>(isRecord)
  .refine((runs) => Object.values(runs).every(isRecord))
  .transform((runs) => Object.entries(runs).map(([run, tags]) => [run, Object.keys(tags ?? {})] as const));

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of z.custom<AsyncIterable<Uint8Array>>().parse(response.body ?? [])) {
    length += chunk.length;
    if (length > bounds.bytes) throw new Error("more than is ever read of one answer");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
