import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeObject {
  readonly bytes: Buffer;
  readonly generation: number;
  readonly mtimeMs: number;
}

/** What a faked service answers instead of what was asked for. */
export interface FakeFault {
  readonly status: number;
  readonly code: string;
}

/** The objects of one bucket, and what goes wrong with it. */
export class FakeBucket {
  readonly name: string;
  readonly #objects = new Map<string, FakeObject>();
  #generation = 1_700_000_000_000_000;
  /** Keys a page; the services' own bound is 1,000. */
  pageSize = 1_000;
  /** Answers of the next requests; `always` of all. */
  readonly faults: FakeFault[] = [];
  always: FakeFault | undefined;
  readonly denied = new Set<string>();
  /** `LIST prefix` and `GET key start-end`, in the order they came. */
  readonly requests: string[] = [];

  constructor(name = "training-logs") {
    this.name = name;
  }

  put(key: string, bytes: Uint8Array, mtimeMs: number): void {
    this.#objects.set(key, { bytes: Buffer.from(bytes), generation: (this.#generation += 1), mtimeMs });
  }

  remove(key: string): void {
    this.#objects.delete(key);
  }

  get(key: string): FakeObject | undefined {
    return this.#objects.get(key);
  }

  /** One page behind `after`; keys in the order of their bytes. */
  page(prefix: string, delimiter: string, after: string): FakePage {
    const keys = [...this.#objects.keys()]
      .filter((key) => key.startsWith(prefix) && Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
      .filter((key) => delimiter === "" || !key.slice(prefix.length).includes(delimiter))
      .sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    const page = keys.slice(0, this.pageSize);
    return { keys: page, next: keys.length > page.length ? page.at(-1) : undefined };
  }

  takeRequests(): readonly string[] {
    return this.requests.splice(0);
  }
}

export interface FakePage {
  readonly keys: readonly string[];
  readonly next: string | undefined;
}

export const etagOf = (bytes: Buffer): string => `"${createHash("md5").update(bytes).digest("hex")}"`;

/** The bytes a `Range` header asks for, by the letter of the specification for one range. */
export function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; end: number } | "unsatisfiable" {
  const [, from = "", to = ""] = /^bytes=(\d+)-(\d+)$/.exec(header ?? "") ?? [];
  if (from === "") throw new Error(`a client of ours asks for one closed range, not ${String(header)}`);
  const { start, last } = { start: Number(from), last: Number(to) };
  if (last < start) throw new Error(`the range ${header ?? ""} is empty`);
  return start >= size ? "unsatisfiable" : { start, end: Math.min(last, size - 1) + 1 };
}

/** A server on loopback; what its script throws fails the request and is kept for the test. */
export class FakeService {
  readonly complaints: unknown[] = [];
  readonly #server: Server;

  constructor(answer: (request: IncomingMessage, url: URL, response: ServerResponse) => void) {
    this.#server = createServer((request, response) => {
      try {
        answer(request, new URL(request.url ?? "/", "http://fake"), response);
      } catch (error) {
        this.complaints.push(error);
        response.writeHead(400).end(String(error));
      }
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    if (this.complaints.length > 0) throw new Error("the fake service complains", { cause: this.complaints });
  }
}
