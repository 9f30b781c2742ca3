import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

import { type WebSocket, WebSocketServer } from "ws";

import { isObject, type JsonObject } from "./world.js";

export interface FakeAck {
  readonly code: number;
  readonly content: JsonObject;
  readonly ms: number;
  /** Which socket answered, by its number. */
  readonly socket: number;
}

/** The WebSocket side of Stream mode: single-use tickets, frames, goodbyes, faults of the line. */
export class GatewayHub {
  /** Told after whatever happened here. */
  readonly #changed: () => void;
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly #tickets = new Set<string>();
  readonly #used = new Set<string>();
  readonly #sockets = new Map<
    WebSocket,
    {
      readonly number: number;
      readonly wire: Duplex;
      silent: boolean;
      /** Frames that were sent over it and not acknowledged yet. */
      readonly owed: Set<string>;
      pings: number;
    }
  >();
  readonly #acks = new Map<string, (ack: FakeAck) => void>();
  readonly problems: string[] = [];
  /** `refuse`: 401; `mute`: the handshake is never answered; `drop`: closed at once. */
  mode: "open" | "refuse" | "mute" | "drop" = "open";
  /** `plain`: tickets that need no encoding, for a client that does none. */
  tickets: "strange" | "plain" = "strange";
  /** How many of the next tickets are too old when they are used: they live for ninety seconds. */
  stale = 0;
  /** Sockets opened so far. */
  opened = 0;
  lost = 0;
  readonly #raw = new Set<Duplex>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get open(): number {
    return this.#sockets.size;
  }

  /** TCP connections of lines, whatever became of their handshake. */
  get reached(): number {
    return this.#raw.size;
  }

  ticket(): string {
    const ticket = `${this.tickets === "strange" ? "a+b/c==" : ""}${randomUUID()}`;
    this.#tickets.add(ticket);
    return ticket;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => undefined);
    this.#raw.add(socket);
    this.#changed();
    socket.once("close", () => {
      this.#raw.delete(socket);
      this.#changed();
    });
    const url = new URL(request.url ?? "/", "http://fake");
    const ticket = url.searchParams.get("ticket") ?? "";
    if (this.#used.has(ticket)) this.problems.push("a ticket was used twice");
    const good = this.#tickets.delete(ticket) && url.pathname === "/connect";
    this.#used.add(ticket);
    if (this.mode === "mute") {
      socket.resume();
      socket.on("end", () => socket.destroy());
      return;
    }
    const isStale = this.stale > 0;
    if (isStale) this.stale -= 1;
    if (!good || isStale || this.mode === "refuse") {
      if (!good) this.problems.push("a ticket that is none of ours");
      socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (line) => this.#adopt(line, socket));
  }

  /** Sends a frame to the newest socket that listens, and resolves with the acknowledgement, or undefined where none comes in time. */
  push(
    topic: string,
    content: JsonObject,
    given: {
      readonly type?: string;
      readonly messageId?: string;
      readonly ms?: number;
      readonly socket?: number;
    } = {},
  ): Promise<FakeAck | undefined> {
    const line = this.#line(given.socket);
    if (line === undefined) {
      this.lost += 1;
      return Promise.resolve(undefined);
    }
    const messageId = given.messageId ?? randomUUID();
    const before = performance.now();
    const answered = new Promise<FakeAck | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), given.ms ?? 3_000);
      this.#acks.set(messageId, (ack) => {
        clearTimeout(timer);
        resolve({ ...ack, ms: performance.now() - before });
      });
    });
    this.#sockets.get(line)?.owed.add(messageId);
    line.send(frameOf({ type: given.type ?? "CALLBACK", topic, messageId }, content));
    return answered;
  }

  /** Raw bytes to the newest socket. */
  raw(content: string | Uint8Array): void {
    const line = this.#line(undefined);
    if (line === undefined) return;
    const [, messageId] = /"messageId":"([^"]*)"/.exec(String(content)) ?? [];
    if (messageId !== undefined) this.#sockets.get(line)?.owed.add(messageId);
    line.send(content, { binary: typeof content !== "string" });
  }

  /** Says goodbye to the newest socket, which is silent from now on; what is returned closes it, as the gateway does ten seconds later. */
  goodbye(): () => void {
    const line = this.#line(undefined);
    const state = line === undefined ? undefined : this.#sockets.get(line);
    if (line === undefined || state === undefined) throw new Error("no line is open");
    line.send(
      JSON.stringify({
        specVersion: "1.0",
        type: "SYSTEM",
        headers: { topic: "disconnect", contentType: "application/json", time: "1" },
        data: JSON.stringify({ reason: "connection is expired" }),
      }),
    );
    state.silent = true;
    return () => line.close();
  }

  /** The newest socket stops reading and answering, as a dead network would; what is returned lets it notice what came meanwhile. */
  freeze(): () => void {
    const line = this.#line(undefined);
    line?.pause();
    if (line !== undefined) this.#sockets.delete(line);
    return () => line?.resume();
  }

  /** Pings of the newest line, each of which it has answered. */
  get pings(): number {
    const line = this.#line(undefined);
    return line === undefined ? 0 : (this.#sockets.get(line)?.pings ?? 0);
  }

  /** Resolves when the newest line's client has read whatever was sent before, pongs too. */
  async read(): Promise<void> {
    const line = this.#line(undefined);
    if (line === undefined) throw new Error("no line is open");
    await new Promise((resolve) => {
      line.once("pong", resolve);
      line.ping();
    });
  }

  /** Bytes that the newest line was sent, its handshake included. */
  get written(): number {
    const line = this.#line(undefined);
    const wire = line === undefined ? undefined : this.#sockets.get(line)?.wire;
    return wire instanceof Socket ? wire.bytesWritten : 0;
  }

  /** Closes the newest line as a server that restarts does. */
  hangUp(): void {
    this.#line(undefined)?.close(1001);
  }

  /** Cuts every line. */
  cut(): void {
    for (const line of this.#sockets.keys()) line.terminate();
    for (const socket of this.#raw) socket.destroy();
  }

  #line(number: number | undefined): WebSocket | undefined {
    const open = [...this.#sockets].filter(([, state]) =>
      number === undefined ? !state.silent : state.number === number,
    );
    return open.at(-1)?.[0];
  }

  #adopt(line: WebSocket, wire: Duplex): void {
    this.opened += 1;
    this.#changed();
    if (this.mode === "drop") {
      line.terminate();
      return;
    }
    const number = this.opened;
    const state = { number, wire, silent: false, owed: new Set<string>(), pings: 0 };
    this.#sockets.set(line, state);
    line.on("ping", () => {
      state.pings += 1;
      this.#changed();
    });
    line.on("error", () => undefined);
    this.#changed();
    line.on("close", () => {
      this.#sockets.delete(line);
      this.#changed();
    });
    line.on("message", (raw) => {
      const text = Buffer.isBuffer(raw) ? raw.toString("utf8") : "null";
      const parsed: unknown = JSON.parse(text);
      if (!isObject(parsed) || !isObject(parsed["headers"]) || typeof parsed["data"] !== "string") {
        this.problems.push(`an acknowledgement out of shape: ${text}`);
        return;
      }
      const content: unknown = JSON.parse(parsed["data"]);
      const messageId = String(parsed["headers"]["messageId"]);
      if (!state.owed.delete(messageId))
        this.problems.push(`an acknowledgement that line ${number} did not ask for: ${messageId}`);
      this.#acks.get(messageId)?.({
        code: Number(parsed["code"]),
        content: isObject(content) ? content : {},
        ms: 0,
        socket: number,
      });
      this.#acks.delete(messageId);
      this.#changed();
    });
  }
}

function frameOf(
  { type, topic, messageId }: Readonly<Record<"type" | "topic" | "messageId", string>>,
  content: JsonObject,
): string {
  return JSON.stringify({
    specVersion: "1.0",
    type,
    headers: {
      topic,
      messageId,
      contentType: "application/json",
      time: "1700000000000",
      appId: "fake",
      connectionId: "fake",
    },
    data: JSON.stringify(content),
  });
}
