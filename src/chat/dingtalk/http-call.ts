import { z } from "zod";

import { networkCode, wasNeverSent } from "../../lib/network-failure.js";
import type { WayOut } from "../way-out.js";
import type { RawAnswer } from "./dingtalk-fault.js";

export interface HttpCall {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FormData;
  readonly timeoutMs: number;
  readonly stopping?: AbortSignal;
  readonly wayOut: WayOut;
}

/** One HTTP exchange as a value: never throws, reads at most 1 MiB, takes an HTML page for an answer without a body. */
export async function httpCall({
  method,
  url,
  headers,
  body,
  timeoutMs,
  stopping,
  wayOut,
}: HttpCall): Promise<RawAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await wayOut.fetch(url, {
      method,
      // A connection of its own: on a kept one that died meanwhile, nobody knows whether a message went out. Nor is one left idle for a stop to close.
      headers: { accept: "application/json", connection: "close", ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: "error",
      signal: stopping === undefined ? timeout : AbortSignal.any([timeout, stopping]),
    });
    return { kind: "answer", status: response.status, body: jsonOf(await textOf(response)) };
  } catch (error) {
    const code = networkCode(error) ?? "no answer";
    return { kind: "failed", sent: !wasNeverSent(code), code };
  }
}

const mostBytes = 1_048_576;

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of response.body ?? []) {
    text += decoder.decode(z.instanceof(Uint8Array).parse(part), { stream: true });
    if (text.length > mostBytes) break;
  }
  return text;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
