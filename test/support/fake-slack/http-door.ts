import type { IncomingMessage, ServerResponse } from "node:http";

import type { Fault, FaultBook } from "./fault-book.js";
import { methodSpecs, readArgs } from "./method-args.js";
import type { Args } from "./method-args.js";
import type { MethodTools } from "./web-methods.js";
import { callMethod, Refusal } from "./web-methods.js";
import type { JsonObject, World } from "./world.js";
import { isObject } from "./world.js";

export interface RecordedCall {
  readonly method: string;
  readonly args: Args;
  readonly at: number;
  /** `ok`, Slack's error, or the fault it met. */
  outcome: string;
}

export interface DoorOptions {
  readonly world: World;
  readonly faults: FaultBook;
  readonly tools: MethodTools;
  readonly tokens: { readonly bot: string; readonly app: string };
  readonly scopes: readonly string[];
  readonly missing: ReadonlySet<string>;
  readonly calls: RecordedCall[];
  onResponse(ticket: string, body: JsonObject): boolean;
}

/** Serves the Web API, upload addresses and response addresses. */
export function createDoor(
  options: DoorOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    serve(options, request, response).catch(() => response.destroy());
  };
}

async function serve(
  options: DoorOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(request.url ?? "/", "http://fake").pathname;
  const body = await bodyOf(request);
  const [, area, name = ""] = path.split("/");
  if (request.method !== "POST") {
    reply(response, 405, "");
    return;
  }
  if (area === "api") {
    api(options, { method: name, request, body, response });
    return;
  }
  if (area === "upload") {
    upload(options, { ticket: name, request, body, response });
    return;
  }
  if (area === "response") {
    answer(options, { ticket: name, body, response });
    return;
  }
  reply(response, 404, "not found");
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly response: ServerResponse;
}

function api(
  options: DoorOptions,
  { method, request, body, response }: Exchange & { readonly method: string },
): void {
  const fields = fieldsOf(request, body);
  const channel = fields.get("channel");
  const fault = options.faults.take(method, channel);
  const read = readArgs(method, fields);
  const call: RecordedCall = {
    method,
    args: "args" in read ? read.args : Object.fromEntries(fields),
    at: Date.now(),
    outcome: fault?.kind ?? "ok",
  };
  options.calls.push(call);
  if (fault !== undefined && !doesTheWork(fault)) {
    meet(fault, response);
    return;
  }
  const work = (): JsonObject => {
    try {
      const refused = refusal(options, { method, token: bearer(request) });
      if (refused !== undefined) throw refused;
      if ("wrong" in read)
        throw new Refusal("invalid_arguments", {
          response_metadata: { messages: [`[ERROR] ${read.wrong}`] },
        });
      return callMethod(options.tools, method, read.args);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      call.outcome = error.message;
      return { ok: false, error: error.message, ...error.more };
    }
  };
  if (fault?.kind === "slow") {
    setTimeout(() => {
      call.outcome = "ok";
      json(options, response, work());
    }, fault.ms).unref();
    return;
  }
  const answered = work();
  if (fault?.kind === "lost") response.destroy();
  else if (fault?.kind === "lost-500") reply(response, 500, "server error");
  else json(options, response, answered);
}

function doesTheWork(fault: Fault): boolean {
  return fault.kind === "lost" || fault.kind === "lost-500" || fault.kind === "slow";
}

/** A fault that comes instead of the work. */
function meet(fault: Fault, response: ServerResponse): void {
  switch (fault.kind) {
    case "rate-limited":
      if (fault.seconds !== undefined) response.setHeader("retry-after", String(fault.seconds));
      {
        reply(response, 429, "");
        return;
      }
    case "http": {
      reply(response, fault.status, "server error");
      return;
    }
    case "error": {
      reply(response, 200, JSON.stringify({ ok: false, error: fault.error, ...fault.more }));
      return;
    }
    case "garbage": {
      reply(response, 200, "<html>proxy error</html>");
      return;
    }
    case "cut":
      response.destroy();
      return;
    case "hang":
    case "no-hello":
    case "lost":
    case "lost-500":
    case "slow":
      return;
  }
}

function refusal(
  options: DoorOptions,
  { method, token }: { method: string; token: string | undefined },
): Refusal | undefined {
  const spec = methodSpecs[method];
  if (spec === undefined || options.missing.has(method))
    return new Refusal("unknown_method", { req_method: method });
  if (token === undefined) return new Refusal("not_authed");
  if (token !== options.tokens.bot && token !== options.tokens.app) return new Refusal("invalid_auth");
  if (token !== options.tokens[spec.token]) return new Refusal("not_allowed_token_type");
  const needed = spec.scopes.find((scope) => !options.scopes.includes(scope));
  return needed === undefined
    ? undefined
    : new Refusal("missing_scope", { needed, provided: options.scopes.join(",") });
}

function upload(
  options: DoorOptions,
  { ticket, request, body, response }: Exchange & { readonly ticket: string },
): void {
  const fault = options.faults.take("upload", undefined);
  options.calls.push({ method: "upload", args: {}, at: Date.now(), outcome: fault?.kind ?? "ok" });
  if (fault !== undefined) {
    meet(fault, response);
    return;
  }
  if (request.headers.authorization !== undefined)
    options.world.problems.push("the token was sent to the upload address");
  const file = [...options.world.files.values()].find((one) => one.ticket === ticket);
  if (file === undefined || file.bytes !== undefined) {
    reply(response, 404, "no such upload");
    return;
  }
  if (body.length !== file.length) {
    reply(response, 400, "length mismatch");
    return;
  }
  file.bytes = body;
  reply(response, 200, `OK - ${body.length}`);
}

function answer(
  options: DoorOptions,
  { ticket, body, response }: Pick<Exchange, "body" | "response"> & { readonly ticket: string },
): void {
  const fault = options.faults.take("response", undefined);
  if (fault !== undefined) {
    meet(fault, response);
    return;
  }
  const parsed: unknown = JSON.parse(body.toString("utf8"));
  const taken = isObject(parsed) && options.onResponse(ticket, parsed);
  reply(response, taken ? 200 : 404, taken ? "ok" : "expired_url");
}

function json(options: DoorOptions, response: ServerResponse, body: JsonObject): void {
  if (response.destroyed) return;
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.setHeader("x-oauth-scopes", options.scopes.join(","));
  reply(response, 200, JSON.stringify(body));
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}

function bearer(request: IncomingMessage): string | undefined {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
}

function fieldsOf(request: IncomingMessage, body: Buffer): ReadonlyMap<string, string> {
  const text = body.toString("utf8");
  if (!(request.headers["content-type"] ?? "").startsWith("application/json"))
    return new Map(new URLSearchParams(text));
  const parsed: unknown = JSON.parse(text);
  const entries = isObject(parsed) ? Object.entries(parsed) : [];
  return new Map(
    entries.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
