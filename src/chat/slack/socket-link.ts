import { SocketModeClient } from "@slack/socket-mode";
import { z } from "zod";

import type { Log } from "../../lib/log.js";
import type { Secret } from "../../lib/secret.js";
import type { WayOut } from "../way-out.js";
import { sdkLogger } from "./sdk-logger.js";
import type { SlackTimings } from "./slack-timings.js";
import { wait } from "../../lib/wait.js";
import { settledWithin } from "../../lib/within.js";

/** An envelope as Socket Mode delivered it. */
export interface Envelope {
  readonly envelopeId: string;
  readonly type: string;
  readonly body: Record<string, unknown>;
  readonly retryNum: number | undefined;
  readonly retryReason: string | undefined;
  /** Sends the answer over the link the envelope came by; rejects where that link is gone. */
  ack(response?: unknown): Promise<void>;
}

/** One open socket. */
export interface SocketLink {
  /** Resolves when the server asked for another link or this one is gone; never rejects. */
  readonly ended: Promise<"rotate" | "closed" | "disabled">;
  /** Resolves when the socket is gone. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

export interface SocketLinkOptions {
  readonly appToken: Secret;
  readonly apiUrl: string;
  readonly log: Log;
  readonly timings: SlackTimings;
  readonly wayOut: WayOut;
  /** Gives up opening at once. */
  readonly signal: AbortSignal;
  onEnvelope(envelope: Envelope): void;
}

/** The server never said hello. */
export class HelloMissing extends Error {}

/** Opens one socket and resolves after the server's hello; rejects where that fails, with nothing left open. */
export async function openSocketLink(options: SocketLinkOptions): Promise<SocketLink> {
  const { timings } = options;
  const client = createClient(options);
  let end: (why: "rotate" | "closed" | "disabled") => void = () => undefined;
  const ended = new Promise<"rotate" | "closed" | "disabled">((resolve) => (end = resolve));
  const closed = new Promise<void>((resolve) => client.once("disconnected", () => resolve()));
  void closed.then(() => end("closed"));
  guardFrames(client, options, (reason) => end(reason === "link_disabled" ? "disabled" : "rotate"));
  client.on("slack_event", (frame: unknown) => {
    const parsed = slackEvent.safeParse(frame);
    if (!parsed.success) return;
    const envelope = envelopeOf(parsed.data);
    if (envelope.type === workless) envelope.ack().catch(() => undefined);
    else options.onEnvelope(envelope);
  });
  const link: SocketLink = { ended, closed, close: () => closeClient(client, timings.closeMs) };
  const opening = client.start();
  const over = new AbortController();
  const outcome = await Promise.race([
    opening.then(
      () => ({ kind: "open" as const }),
      (error: unknown) => ({ kind: "failed" as const, error }),
    ),
    wait(timings.helloMs, AbortSignal.any([over.signal, options.signal])).then(() => ({
      kind: "late" as const,
    })),
  ]);
  over.abort();
  if (outcome.kind === "open") return link;
  await abandon(client, opening, timings.closeMs);
  if (outcome.kind === "late") throw new HelloMissing("the server did not say hello in time");
  throw new Error("the socket could not be opened", { cause: outcome.error });
}

type Frame = z.infer<typeof slackEvent>;

const slackEvent = z.object({
  ack: z.custom<(response?: unknown) => Promise<void>>((value) => typeof value === "function"),
  envelope_id: z.string(),
  type: z.string(),
  body: z.record(z.string(), z.unknown()),
  retry_num: z.number().optional().catch(undefined),
  retry_reason: z.string().optional().catch(undefined),
});

const frameHead = z.object({
  type: z.string(),
  reason: z.string().optional().catch(undefined),
  envelope_id: z.string().optional().catch(undefined),
  payload: z.unknown().optional(),
});

const withInnerEvent = z.object({ event: z.object({ type: z.string() }) });

function createClient(options: SocketLinkOptions): SocketModeClient {
  return new SocketModeClient({
    appToken: options.appToken.reveal(),
    autoReconnectEnabled: false,
    clientPingTimeout: options.timings.pingMs,
    logger: sdkLogger(options.log),
    dispatcher: options.wayOut.dispatcher,
    clientOptions: {
      slackApiUrl: options.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      timeout: options.timings.helloMs,
      fetch: (url, init) =>
        options.wayOut.fetch(url, {
          ...init,
          signal: AbortSignal.any([options.signal, ...(init?.signal ? [init.signal] : [])]),
        }),
    },
  });
}

/**
 * Stands before the client's own reading of frames: a disconnect request does not close the link (the next one is opened
 * first), envelopes without an inner event or of unknown kinds are acknowledged and counted, and nothing that arrives
 * can throw. The client announces frames as `ws_message` to exactly one listener; where a version does otherwise, it is left as it is.
 */
function guardFrames(
  client: SocketModeClient,
  options: SocketLinkOptions,
  onRotate: (reason: string) => void,
): void {
  const own = client.listeners("ws_message");
  const read: ((...words: unknown[]) => unknown) | undefined = own[0];
  if (own.length !== 1 || read === undefined) {
    options.log.warn({ listeners: own.length }, "slack_frames_unguarded");
    return;
  }
  client.removeAllListeners("ws_message");
  client.on("ws_message", (raw: unknown, isBinary: unknown) => {
    const frame = isBinary === true ? undefined : parseFrame(raw);
    if (frame === undefined) {
      options.log.warn({}, "slack_frame_unreadable");
    } else if (frame.type === "disconnect") {
      options.log.debug({ reason: frame.reason }, "slack_link_rotates");
      onRotate(frame.reason ?? "");
    } else {
      if (frame.type !== "hello" && !isComplete(frame))
        options.log.warn(headOf(frame), "slack_envelope_without_work");
      const text = frame.type === "hello" || isComplete(frame) ? raw : worklessFrame(frame.envelope_id);
      Promise.resolve(read(text, false)).catch((error: unknown) => {
        options.log.warn({ err: error }, "slack_frame_failed");
      });
    }
  });
}

/** The type under which envelopes that ask nothing of us pass the client, to be acknowledged and no more. */
const workless = "workless";

function worklessFrame(envelopeId: string | undefined): string {
  return JSON.stringify({ type: workless, envelope_id: envelopeId ?? "", payload: {} });
}

function headOf(frame: z.infer<typeof frameHead>): object {
  const inner = z.object({ type: z.string() }).safeParse(frame.payload);
  return { type: frame.type, payload: inner.success ? inner.data.type : undefined };
}

function parseFrame(raw: unknown): z.infer<typeof frameHead> | undefined {
  if (typeof raw !== "string") return undefined;
  try {
    const parsed = frameHead.safeParse(JSON.parse(raw));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function isComplete(frame: z.infer<typeof frameHead>): boolean {
  if (frame.envelope_id === undefined) return false;
  if (frame.type === "events_api") return withInnerEvent.safeParse(frame.payload).success;
  return (
    (frame.type === "slash_commands" || frame.type === "interactive") &&
    z.looseObject({}).safeParse(frame.payload).success
  );
}

function envelopeOf(frame: Frame): Envelope {
  return {
    envelopeId: frame.envelope_id,
    type: frame.type,
    body: frame.body,
    retryNum: frame.retry_num,
    retryReason: frame.retry_reason,
    ack: frame.ack,
  };
}

/** Asks for a close, and where the other side does not answer in time, a second asking cuts the line. */
async function closeClient(client: SocketModeClient, closeMs: number): Promise<void> {
  if (await settledWithin(client.disconnect(), closeMs)) return;
  await settledWithin(client.disconnect(), closeMs);
}

/** A link that is given up: closed now, and once more should it open after all. */
async function abandon(client: SocketModeClient, opening: Promise<unknown>, closeMs: number): Promise<void> {
  opening.then(
    () => void closeClient(client, closeMs),
    () => undefined,
  );
  client.on("connecting", () => queueMicrotask(() => void closeClient(client, closeMs)));
  await closeClient(client, closeMs);
}
