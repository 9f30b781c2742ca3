import type { ServerResponse } from "node:http";
import { FakeService } from "./fake-objects.js";

export type FakePoint = readonly [wallTime: number, step: number, value: number];

/** The series a faked TensorBoard holds; `sample` is how many points it hands out of each, its last one always among them. */
export class FakeRuns {
  readonly #series = new Map<string, Map<string, FakePoint[]>>();
  sample = 1_000;
  prefix = "";
  status = 200;
  /** Tags at which TensorBoard throws. */
  readonly broken = new Set<string>();
  /** Tags of type bool. */
  readonly flags = new Set<string>();
  readonly requests: string[] = [];

  add(run: string, tag: string, points: readonly FakePoint[]): void {
    const tags = this.#series.get(run) ?? new Map<string, FakePoint[]>();
    this.#series.set(run, tags);
    tags.set(tag, [...(tags.get(tag) ?? []), ...points]);
  }

  /** A restart from a checkpoint, as TensorBoard shows it: later steps go. */
  cut(run: string, tag: string, step: number): void {
    const tags = this.#series.get(run);
    tags?.set(
      tag,
      (tags.get(tag) ?? []).filter((point) => point[1] < step),
    );
  }

  remove(run: string): void {
    this.#series.delete(run);
  }

  takeRequests(): readonly string[] {
    return this.requests.splice(0);
  }

  tags(): object {
    const runs = [...this.#series].map(([run, tags]) => {
      const named = [...tags.keys()].map((tag) => [tag, { displayName: tag, description: "" }] as const);
      return [run, Object.fromEntries(named)] as const;
    });
    return Object.fromEntries(runs);
  }

  points(run: string, tag: string): readonly unknown[] | undefined {
    const points = this.#series.get(run)?.get(tag);
    const every = Math.ceil((points?.length ?? 0) / this.sample);
    return points
      ?.filter((_point, index) => index % every === 0 || index === points.length - 1)
      .map((point) =>
        point.map((value, column) => {
          if (column === 2 && this.flags.has(tag)) return value !== 0;
          return Number.isFinite(value) ? value : String(value);
        }),
      );
  }
}

/** The scalars API of TensorBoard; only what is asked for by the letter is answered. */
export function fakeTensorBoard(runs: FakeRuns): FakeService {
  return new FakeService((request, url, response) => {
    runs.requests.push(`${url.pathname}${url.search}`);
    if (request.method !== "GET") throw new Error("scalars are only ever asked for");
    const answer = answerOf(runs, url);
    if (runs.status !== 200) send(response, runs.status, "no");
    else if (runs.broken.has(url.searchParams.get("tag") ?? "")) send(response, 500, "no");
    else if (answer === undefined) send(response, 404, "not found");
    else send(response, 200, JSON.stringify(answer));
  });
}

function answerOf(runs: FakeRuns, { pathname, searchParams }: URL): unknown {
  if (pathname === `${runs.prefix}/data/plugin/scalars/tags`) return runs.tags();
  if (pathname !== `${runs.prefix}/data/plugin/scalars/scalars`) return undefined;
  if ([...searchParams.keys()].sort().join() !== "run,tag")
    throw new Error("exactly run and tag are expected");
  return runs.points(searchParams.get("run") ?? "", searchParams.get("tag") ?? "");
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(text);
}
