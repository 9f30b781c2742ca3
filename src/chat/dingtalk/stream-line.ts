import { DWClient } from "dingtalk-stream";
import { z } from "zod";

import type { Timer, Timers } from "../../lib/timers.js";
import type { WayOut } from "../way-out.js";
import type { DingTalkOptions } from "./dingtalk-config.js";
import { apiFault } from "./dingtalk-fault.js";
import type { DingTalkTimings } from "./dingtalk-timings.js";
import { httpCall } from "./http-call.js";
import { readFrame, type StreamFrame, streamTopics } from "./stream-frame.js";

export type LineOpening =
  | { readonly kind: "open" }
  /** The gateway does not accept the credentials or the app's settings. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

export interface LineParts {
  readonly options: Pick<DingTalkOptions, "clientId" | "clientSecret" | "apiUrl">;
  readonly timings: DingTalkTimings;
  readonly wayOut: WayOut;
  readonly timers: Timers;
  now(): number;
  /** A robot message or a card's click, with the way back on the same line. */
  onFrame(line: StreamLine, frame: StreamFrame & { readonly messageId: string }): void;
  /** Something healthy came: the next failure starts from the shortest pause again. */
  onLife(line: StreamLine): void;
  onGoodbye(line: StreamLine): void;
  onBadFrame(line: StreamLine): void;
  /** Once, after it had been open. */
  onEnd(line: StreamLine, reason: string): void;
}

/**
 * One connection of Stream mode: a vendor's client that lives for one socket only. Of the vendor's client remain the
 * subscriptions, the socket's making and the dispatch of a frame by type and topic with the answer to `ping`. Replaced, since they cannot be made
 * safe from outside: the gateway call (fixed host, no timeout), the address (its ticket is not encoded), the socket's listeners
 * (they parse unguarded, print to the console, reconnect twice for one failure), the heartbeat (its timers outlive their socket), the acknowledgement (lost without a word).
 */
export class StreamLine extends DWClient {
  readonly #parts: LineParts;
  readonly #cutting = new AbortController();
  #ended = false;
  #heardAt = 0;
  #pinging: Timer | undefined;
  #handshake: Timer | undefined;
  #line: LineSocket | undefined;

  constructor(parts: LineParts) {
    const { clientId, clientSecret } = parts.options;
    // A list of our own: the vendor's default subscribes to every event and is shared between clients.
    const given = {
      clientId,
      clientSecret: clientSecret.reveal(),
      keepAlive: false,
      autoReconnect: false,
      subscriptions: [],
    };
    super(given);
    this.#parts = parts;
    for (const topic of Object.values(streamTopics)) {
      this.registerCallbackListener(topic, (message) => this.#hear(message.headers.topic, message));
    }
  }

  /** Asks the gateway for a ticket and opens the socket; resolves when it is open or has failed, never rejects. */
  async open(): Promise<LineOpening> {
    const ticket = await this.#ticket();
    if (ticket.kind !== "ticket") return ticket;
    if (this.#ended) return { kind: "failed", reason: "stopped" };
    Object.assign(this, { dw_url: ticket.url, sslopts: this.#socketOptions(ticket.url) });
    // The vendor's promise hangs on listeners that are taken away in the same breath.
    this._connect().catch(() => undefined);
    const made: unknown = Reflect.get(this, "socket");
    if (!isSocket(made)) return { kind: "failed", reason: "the gateway's address is not usable" };
    this.#line = made;
    return this.#adopt(made);
  }

  #socketOptions(address: string): object {
    const agent = this.#parts.wayOut.agentFor(address);
    return {
      rejectUnauthorized: true,
      perMessageDeflate: false,
      maxPayload: 1_048_576,
      ...(agent === undefined ? {} : { agent }),
    };
  }

  /** Answers a frame on this line; false where the line is gone. */
  acknowledge(messageId: string, code: number, content: object): boolean {
    if (this.#line?.readyState !== isOpen || this.#ended) return false;
    const headers = { contentType: "application/json", messageId };
    this.#line.send(
      JSON.stringify({
        code,
        headers,
        message: code === 200 ? "OK" : "not handled",
        data: JSON.stringify(content),
      }),
      () => undefined,
    );
    return true;
  }

  /** Ends it at once, without a word to `onEnd`. */
  kill(): void {
    this.#ended = true;
    this.#cutting.abort();
    this.#handshake?.cancel();
    this.#pinging?.cancel();
    if (this.#line === undefined) return;
    this.#line.removeAllListeners();
    // Cutting a socket that is still opening reports an error to whoever listens, and throws where nobody does.
    this.#line.on("error", () => undefined);
    this.#line.terminate();
  }

  /** The vendor's dispatch, behind a guard: whatever comes, the socket stays alive. */
  override onDownStream(text: string): void {
    try {
      const frame = readFrame(text);
      if (frame === undefined) {
        this.#parts.onBadFrame(this);
        return;
      }
      if (frame.topic === "disconnect") this.#parts.onGoodbye(this);
      else this.#parts.onLife(this);
      if (frame.type === "SYSTEM") this.#system(frame, text);
      else if (frame.type === "CALLBACK" && isKnown(frame.topic)) super.onDownStream(text);
      else if (frame.messageId !== undefined) this.acknowledge(frame.messageId, 404, {});
    } catch {
      this.#parts.onBadFrame(this);
    }
  }

  #system(frame: StreamFrame, text: string): void {
    if (frame.topic === "ping" && this.#line?.readyState !== isOpen) return;
    super.onDownStream(text);
  }

  #hear(
    topic: string,
    { headers, data: content }: { readonly headers: { readonly messageId: string }; readonly data: string },
  ): void {
    const { messageId } = headers;
    if (typeof messageId !== "string" || typeof content !== "string") {
      this.#parts.onBadFrame(this);
      return;
    }
    this.#parts.onFrame(this, { type: "CALLBACK", topic, messageId, content });
  }

  async #ticket(): Promise<
    { readonly kind: "ticket"; readonly url: string } | Exclude<LineOpening, { readonly kind: "open" }>
  > {
    const { options, timings } = this.#parts;
    const answer = await httpCall({
      method: "POST",
      url: `${options.apiUrl}/v1.0/gateway/connections/open`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        clientId: options.clientId,
        clientSecret: options.clientSecret.reveal(),
        ua: "tensorbell-node/1",
        subscriptions: this.config.subscriptions,
      }),
      timeoutMs: timings.handshakeMs,
      stopping: this.#cutting.signal,
      wayOut: this.#parts.wayOut,
    });
    const fault = apiFault(answer);
    if (fault !== undefined) {
      const refused =
        answer.kind === "answer" &&
        answer.status >= 400 &&
        answer.status < 500 &&
        fault.kind !== "later" &&
        fault.kind !== "banned";
      return { kind: refused ? "refused" : "failed", reason: fault.reason };
    }
    const parsed = ticketSchema.safeParse(answer.kind === "answer" ? answer.body : undefined);
    if (!parsed.success) return { kind: "failed", reason: "the gateway's answer was not DingTalk's" };
    return {
      kind: "ticket",
      url: `${parsed.data.endpoint}?ticket=${encodeURIComponent(parsed.data.ticket)}`,
    };
  }

  #adopt(socket: LineSocket): Promise<LineOpening> {
    socket.removeAllListeners();
    return new Promise((resolve) => {
      let opened = false;
      let problem = "";
      const over = (reason: string): void => {
        // Before it is killed, which would say that it was stopped.
        resolve({ kind: "failed", reason });
        if (this.#ended) return;
        this.kill();
        if (opened) this.#parts.onEnd(this, reason);
      };
      this.#cutting.signal.addEventListener("abort", () => resolve({ kind: "failed", reason: "stopped" }), {
        once: true,
      });
      // From the first packet to the answer, TLS and a proxy's tunnel among it: a limit of the socket's own would start anew with every byte.
      this.#handshake = this.#parts.timers.after(this.#parts.timings.handshakeMs, () =>
        over("the handshake was not answered in time"),
      );
      socket.on("open", () => {
        opened = true;
        this.#handshake?.cancel();
        this.#heardAt = this.#parts.now();
        this.#pinging = this.#parts.timers.every(this.#parts.timings.pingMs, () => this.#ping(socket, over));
        resolve({ kind: "open" });
      });
      socket.on("error", (error) => {
        problem = reasonOf(error);
        over(problem);
      });
      socket.on("close", (code) =>
        over(problem === "" ? `closed (${typeof code === "number" ? code : "no code"})` : problem),
      );
      socket.on("pong", () => {
        this.#heardAt = this.#parts.now();
        this.#parts.onLife(this);
      });
      socket.on("message", (content, binary) => {
        this.#heardAt = this.#parts.now();
        this.onDownStream(binary === true ? "" : String(content));
      });
    });
  }

  #ping(socket: LineSocket, over: (reason: string) => void): void {
    if (this.#parts.now() - this.#heardAt > this.#parts.timings.idleMs)
      over("nothing was heard for too long");
    else if (socket.readyState === isOpen) socket.ping();
  }
}

/** What is used of the vendor's socket. */
interface LineSocket {
  readonly readyState: number;
  on(event: string, listener: (...given: readonly unknown[]) => void): unknown;
  removeAllListeners(): unknown;
  send(text: string, done: () => void): void;
  ping(): void;
  terminate(): void;
}

const isOpen = 1;

function isSocket(value: unknown): value is LineSocket {
  if (typeof value !== "object" || value === null) return false;
  return ["on", "send", "ping", "terminate", "removeAllListeners"].every(
    (method) => typeof Reflect.get(value, method) === "function",
  );
}

function isKnown(topic: string): boolean {
  return Object.values<string>(streamTopics).includes(topic);
}

/** The library's words hold a status or a system code, never the address. */
function reasonOf(error: unknown): string {
  const parsed = z.object({ code: z.string().optional(), message: z.string() }).safeParse(error);
  if (!parsed.success) return "the socket failed";
  return parsed.data.code ?? parsed.data.message.replaceAll(/ticket=\S*/g, "ticket=…").slice(0, 100);
}

const ticketSchema = z.object({
  endpoint: z.url({ protocol: /^wss?$/ }),
  ticket: z.string().min(1).max(1_000),
});
