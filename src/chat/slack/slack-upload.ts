import { z } from "zod";

import { shortHash } from "../../lib/short-hash.js";
import type { Picture } from "../../message/post.js";
import type { UploadOutcome } from "../platform.js";
import type { WayOut } from "../way-out.js";
import type { SaidOnce } from "../../lib/said-once.js";
import type { SlackApi } from "./slack-api.js";
import type { SlackFault } from "./slack-fault.js";
import { faultOf } from "./slack-fault.js";
import { cut, oneLine } from "./slack-text.js";
import type { SlackTimings } from "./slack-timings.js";
import { wait } from "../../lib/wait.js";

export interface UploadParts {
  readonly api: SlackApi;
  readonly apiUrl: string;
  readonly timings: SlackTimings;
  readonly said: SaidOnce;
  readonly stopping: AbortSignal;
  readonly wayOut: WayOut;
  /** Pictures uploaded but not usable yet, by content: a repeated attempt goes on waiting instead of uploading again. */
  readonly waiting: Map<string, string>;
}

type Png = Picture & { readonly kind: "png" };

/** Brings a picture to Slack, unshared, and waits until a message may show it. The bot's token never goes to the upload address. */
export async function uploadToSlack(parts: UploadParts, picture: Png): Promise<UploadOutcome> {
  const key = shortHash(`${picture.name}\n${Buffer.from(picture.png).toString("latin1")}`);
  let fileId = parts.waiting.get(key);
  if (fileId === undefined) {
    const sent = await send(parts, picture);
    if (!sent.ok) return refusal(parts, sent.fault);
    ({ fileId } = sent);
    remember(parts.waiting, key, fileId);
  }
  const usable = await waitUntilUsable(parts, fileId);
  if (usable !== "yes") return usable;
  parts.waiting.delete(key);
  parts.said.good("uploads");
  return { kind: "uploaded", picture: { kind: "uploaded", ref: fileId, alt: picture.alt } };
}

type Sent =
  { readonly ok: true; readonly fileId: string } | { readonly ok: false; readonly fault: SlackFault };

const ticket = z.object({
  upload_url: z.url({ protocol: /^https?$/ }),
  file_id: z.string().regex(/^F[A-Z0-9]+$/),
});

async function send(parts: UploadParts, picture: Png): Promise<Sent> {
  const filename = cut(oneLine(picture.name).replaceAll(/[\\/]/g, "_"), 100) || "chart.png";
  const asked = await parts.api.call("files.getUploadURLExternal", {
    filename,
    length: picture.png.byteLength,
  });
  if (!asked.ok) return asked;
  const parsed = ticket.safeParse(asked.body);
  if (!parsed.success || !isSafeTarget(parsed.data.upload_url, parts.apiUrl)) {
    return { ok: false, fault: { kind: "refused", reason: "the server's upload address is not usable" } };
  }
  const fault = await sendBytes(parts, parsed.data.upload_url, picture.png);
  if (fault !== undefined) return { ok: false, fault };
  const fileId = parsed.data.file_id;
  const done = await parts.api.call("files.completeUploadExternal", {
    files: [{ id: fileId, title: filename }],
  });
  return done.ok ? { ok: true, fileId } : done;
}

async function sendBytes(parts: UploadParts, url: string, png: Uint8Array): Promise<SlackFault | undefined> {
  const signal = AbortSignal.any([parts.stopping, AbortSignal.timeout(parts.timings.callMs)]);
  try {
    const headers = { "content-type": "application/octet-stream" };
    const response = await parts.wayOut.fetch(url, {
      method: "POST",
      body: new Uint8Array(png),
      headers,
      redirect: "error",
      signal,
    });
    await response.body?.cancel();
    if (response.status === 429)
      return { kind: "later", afterMs: 30_000, reason: "Slack asks to slow down (429)" };
    if (response.ok) return undefined;
    return { kind: "later", afterMs: 10_000, reason: `the upload address answers HTTP ${response.status}` };
  } catch (error) {
    return faultOf(error);
  }
}

/** Plain http only where the API itself is reached by it, and then on the same host: a test server. */
function isSafeTarget(uploadUrl: string, apiUrl: string): boolean {
  const [target, base] = [new URL(uploadUrl), new URL(apiUrl)];
  return target.protocol === "https:" || (base.protocol === "http:" && target.host === base.host);
}

const fileInfo = z.object({ file: z.object({ mimetype: z.string().optional() }) });

async function waitUntilUsable(parts: UploadParts, fileId: string): Promise<"yes" | UploadOutcome> {
  const { picturePollsMs, pictureCapMs } = parts.timings;
  let waited = 0;
  for (let poll = 0; waited < pictureCapMs; poll += 1) {
    const pause = picturePollsMs[Math.min(poll, picturePollsMs.length - 1)] ?? 1_000;
    await wait(pause, parts.stopping);
    waited += pause;
    if (parts.stopping.aborted) return { kind: "retry", afterMs: 1_000, reason: "stopping" };
    const answer = await parts.api.call("files.info", { file: fileId });
    if (answer.ok) {
      const info = fileInfo.safeParse(answer.body);
      if (info.success && (info.data.file.mimetype ?? "") !== "") return "yes";
    } else if (answer.fault.kind === "no-method" || answer.fault.kind === "auth") {
      // The message that shows the picture will tell: it is refused while the picture is not ready.
      parts.said.bad(
        "files.info",
        `Slack cannot be asked whether a picture is ready (${answer.fault.reason})`,
      );
      return "yes";
    } else if (answer.fault.kind === "refused") {
      parts.waiting.clear();
      return { kind: "retry", afterMs: 5_000, reason: answer.fault.reason };
    }
  }
  return { kind: "retry", afterMs: 15_000, reason: "Slack has not finished processing the picture" };
}

function refusal(parts: UploadParts, fault: SlackFault): UploadOutcome {
  switch (fault.kind) {
    case "later":
      return { kind: "retry", afterMs: fault.afterMs, reason: fault.reason };
    case "unclear":
      return { kind: "retry", afterMs: 5_000, reason: fault.reason };
    case "auth":
    case "no-method":
    case "content":
    case "thread":
    case "refused":
      parts.said.bad("uploads", `charts cannot be uploaded (${fault.reason}): alerts go without them`);
      return { kind: "rejected", reason: fault.reason };
  }
}

function remember(waiting: Map<string, string>, key: string, fileId: string): void {
  waiting.set(key, fileId);
  const oldest = waiting.size > 100 ? waiting.keys().next().value : undefined;
  if (oldest !== undefined) waiting.delete(oldest);
}
