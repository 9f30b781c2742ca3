import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";

import type { FaultBook } from "./fault-book.js";
import type { JsonObject, World } from "./world.js";
import { isObject } from "./world.js";

export interface EnvelopeInput {
  readonly type: string;
  readonly payload: JsonObject;
  /** Events come again when they are not acknowledged; commands do not. */
  readonly repeat?: boolean;
}

export interface Ack {
  readonly envelopeId: string;
  readonly ms: number;
  readonly payload: JsonObject;
}

/** The Socket Mode side: single-use tickets, hello, envelopes to one link each, acknowledgements, repeats. */
export class SocketHub {
  readonly acks: Ack[] = [];
  /** Envelopes that nobody acknowledged in three seconds. */
  readonly unacked: { readonly type: string; readonly envelopeId: string }[] = [];
  /** Links that got their hello, in all. */
  opened = 0;
  /** The fewest links open at once since `watchOpen` was called. */
  fewestOpen = Number.POSITIVE_INFINITY;
  readonly #world: World;
  readonly #faults: FaultBook;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #links = new Set<WebSocket>();
  readonly #all = new Set<WebSocket>();
  readonly #pending = new Map<
    string,
    { at: number; resolve: (ack: Ack | undefined) => void; link: WebSocket }
  >();
  readonly #timers = new Set<NodeJS.Timeout>();
  #turn = 0;
  #watching = false;

  constructor(world: World, faults: FaultBook) {
    this.#world = world;
    this.#faults = faults;
  }

  ticket(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return ticket;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? "/", "http://fake").searchParams.get("ticket") ?? "";
    const fault = this.#faults.take("socket", undefined);
    if (fault?.kind === "cut" || !this.#tickets.delete(ticket)) {
      socket.end("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (link) => {
      this.#all.add(link);
      link.on("close", () => this.#gone(link));
      link.on("error", () => link.terminate());
      link.on("message", (frame) => this.#answered(link, textOf(frame)));
      if (fault?.kind === "no-hello") return;
      this.#links.add(link);
      this.opened += 1;
      link.send(JSON.stringify(hello(this.#links.size)));
    });
  }

  get open(): number {
    return this.#links.size;
  }

  /** Every connection, also those without a hello. */
  get connected(): number {
    return this.#all.size;
  }

  watchOpen(): void {
    this.#watching = true;
    this.fewestOpen = this.#links.size;
  }

  /** Sends an envelope over one of the links; resolves with its acknowledgement, or undefined after three seconds without. */
  async send(input: EnvelopeInput): Promise<Ack | undefined> {
    for (let attempt = 0; ; attempt += 1) {
      const ack = await this.#sendOnce(input, attempt);
      if (ack !== undefined || input.repeat !== true || attempt === 3) return ack;
    }
  }

  /** Sends any text, or bytes, over every link. */
  raw(frame: string | Buffer): void {
    for (const link of this.#links) link.send(frame);
  }

  /** What Slack does before it closes a link: says so, and closes some time later. */
  rotate(reason: string, closeAfterMs: number): void {
    for (const link of [...this.#links]) {
      link.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "fake" } }));
      this.#later(closeAfterMs, () => link.close());
    }
  }

  /** The links there are go silent without closing, until the returned function is called. */
  freeze(): () => void {
    const frozen = [...this.#all];
    for (const link of frozen) {
      this.#links.delete(link);
      link.pause();
    }
    return () => {
      for (const link of frozen) link.resume();
    };
  }

  /** Resolves when every link's client has read what was sent before. */
  async read(): Promise<void> {
    const read = [...this.#links].map(
      (link) =>
        new Promise((resolve) => {
          link.once("pong", resolve);
          link.ping();
        }),
    );
    await Promise.all(read);
  }

  drop(): void {
    for (const link of [...this.#all]) link.terminate();
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.drop();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #sendOnce(input: EnvelopeInput, attempt: number): Promise<Ack | undefined> {
    const envelopeId = randomUUID();
    const link = await this.#anyLink();
    if (link === undefined) {
      this.unacked.push({ type: input.type, envelopeId });
      return undefined;
    }
    const retry = attempt === 0 ? {} : { retry_attempt: attempt, retry_reason: "timeout" };
    const frame = {
      envelope_id: envelopeId,
      type: input.type,
      payload: input.payload,
      accepts_response_payload: false,
      ...retry,
    };
    return new Promise((resolve) => {
      const settle = (ack: Ack | undefined): void => {
        if (!this.#pending.delete(envelopeId)) return;
        if (ack === undefined) this.unacked.push({ type: input.type, envelopeId });
        resolve(ack);
      };
      this.#pending.set(envelopeId, { at: performance.now(), resolve: settle, link });
      this.#later(3_000, () => settle(undefined));
      link.send(JSON.stringify(frame));
    });
  }

  /** One of the open links, in turn; waits three seconds for one to open. */
  async #anyLink(): Promise<WebSocket | undefined> {
    for (let wait = 0; wait < 300 && this.#links.size === 0; wait += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const links = [...this.#links];
    this.#turn += 1;
    return links[this.#turn % Math.max(1, links.length)];
  }

  #answered(link: WebSocket, text: string): void {
    const frame: unknown = JSON.parse(text);
    const id = isObject(frame) ? frame["envelope_id"] : undefined;
    const pending = typeof id === "string" ? this.#pending.get(id) : undefined;
    if (!isObject(frame) || typeof id !== "string") {
      this.#world.problems.push(`a frame that acknowledges nothing: ${text.slice(0, 100)}`);
      return;
    }
    const payload = isObject(frame["payload"]) ? frame["payload"] : {};
    const ack = { envelopeId: id, ms: pending === undefined ? 0 : performance.now() - pending.at, payload };
    this.acks.push(ack);
    if (pending?.link === link) pending.resolve(ack);
  }

  #gone(link: WebSocket): void {
    this.#all.delete(link);
    this.#links.delete(link);
    if (this.#watching) this.fewestOpen = Math.min(this.fewestOpen, this.#links.size);
    for (const pending of [...this.#pending.values()]) if (pending.link === link) pending.resolve(undefined);
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }
}

function hello(connections: number): object {
  return {
    type: "hello",
    num_connections: connections,
    connection_info: { app_id: "A0FAKE" },
    debug_info: { host: "fake", build_number: 1, approximate_connection_time: 18_060 },
  };
}

function textOf(frame: Buffer | ArrayBuffer | readonly Buffer[]): string {
  if (Buffer.isBuffer(frame)) return frame.toString("utf8");
  return frame instanceof ArrayBuffer
    ? Buffer.from(frame).toString("utf8")
    : Buffer.concat([...frame]).toString("utf8");
}
