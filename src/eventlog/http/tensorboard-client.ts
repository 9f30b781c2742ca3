import type { ZodType } from "zod";
import { ObjectPace, type PaceOptions } from "../object-pace.js";
import type { TensorBoardAnswers } from "./tensorboard-answers.js";
import { TensorBoardFault } from "./tensorboard-fault.js";

/** One point as TensorBoard hands it out: wall time in seconds, step, value. */
export type HandedPoint = readonly [wallTime: number, step: number, value: number];

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
    const answer = await this.#get("/data/plugin/scalars/tags", ({ tags }) => tags);
    return new Map(answer.slice(0, bounds.logRuns).map(([run, tags]) => [run, tags.slice(0, bounds.tags)]));
  }

  /** The points TensorBoard holds of one series, a sample of them where there are many; none where it is gone, `unreadable` where TensorBoard itself fails at it. */
  async points(run: string, tag: string): Promise<readonly HandedPoint[] | "unreadable"> {
    const query = new URLSearchParams({ run, tag }).toString();
    return (await this.#get(`/data/plugin/scalars/scalars?${query}`, ({ points }) => points)) ?? [];
  }

  async #get<T>(path: string, pick: (answers: TensorBoardAnswers) => ZodType<T>): Promise<T> {
    const { answers } = await import("./tensorboard-answers.js");
    return this.#pace.ask(async () => {
      const parsed = pick(answers).safeParse(parseJson(await this.#text(path)));
      if (parsed.success) return parsed.data;
      throw new TensorBoardFault(this.place, "it answers, but not as TensorBoard's scalars API does");
    });
  }

  /** `null` for a series that is not there; its web server answers 500 where one series makes it throw. */
  async #text(path: string): Promise<string> {
    let response: Response;
    try {
      const signal = AbortSignal.timeout(bounds.timeoutMs);
      response = await fetch(`${this.place}${path}`, { signal, redirect: "error" });
      if (response.ok) return await boundedText(response);
    } catch (cause) {
      throw new TensorBoardFault(this.place, "no TensorBoard answers there", cause);
    }
    if (response.status === 404 && path.includes("?")) return "null";
    if (response.status === 500 && path.includes("?")) return JSON.stringify("unreadable");
    throw new TensorBoardFault(this.place, `it answers with status ${response.status} instead of scalars`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function boundedText(response: Response): Promise<string> {
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > bounds.bytes) throw new Error("more than is ever read of one answer");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
