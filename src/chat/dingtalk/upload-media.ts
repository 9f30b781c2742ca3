import { createHash } from "node:crypto";
import { z } from "zod";

import type { DingTalkApi } from "./dingtalk-api.js";
import { dingtalkLimits } from "./dingtalk-limits.js";

/** Uploads pictures and remembers them: the same bytes are never uploaded twice while remembered (500 pictures). */
export interface MediaShelf {
  /** The media id, or undefined where DingTalk does not take the picture now; then the text goes without it. */
  upload(png: Uint8Array): Promise<string | undefined>;
}

export function createMediaShelf(api: DingTalkApi, onFailure: (reason: string) => void): MediaShelf {
  const held = new Map<string, string>();
  return {
    async upload(png) {
      if (png.length > dingtalkLimits.pictureBytes) {
        onFailure(`a picture of ${png.length} bytes is too large`);
        return undefined;
      }
      const mark = createHash("sha256").update(png).digest("base64");
      const known = held.get(mark);
      if (known !== undefined) return known;
      const uploaded = await tryTwice(api, png);
      if (uploaded.kind === "failed") {
        onFailure(uploaded.reason);
        return undefined;
      }
      held.set(mark, uploaded.id);
      const oldest = held.size > 500 ? held.keys().next().value : undefined;
      if (oldest !== undefined) held.delete(oldest);
      return uploaded.id;
    },
  };
}

type Uploaded =
  { readonly kind: "id"; readonly id: string } | { readonly kind: "failed"; readonly reason: string };

/** A second upload does no harm, so an unclear answer is simply asked again, once. */
async function tryTwice(api: DingTalkApi, png: Uint8Array): Promise<Uploaded> {
  const form = (): FormData => {
    const made = new FormData();
    made.set("type", "image");
    made.set("media", new Blob([Uint8Array.from(png)], { type: "image/png" }), "chart.png");
    return made;
  };
  for (let tries = 1; ; tries += 1) {
    const answer = await api.upload("/media/upload?type=image", form);
    if (answer.ok) {
      const parsed = uploadedSchema.safeParse(answer.body);
      if (parsed.success) return { kind: "id", id: parsed.data.media_id };
      return { kind: "failed", reason: "the upload's answer names no picture" };
    }
    if (answer.fault.kind !== "unclear" || tries === 2)
      return { kind: "failed", reason: answer.fault.reason };
  }
}

/** Media ids look like `@lAD…` or `$iAE…`: nothing that could end the markdown around them. */
const uploadedSchema = z.object({ media_id: z.string().regex(/^[@$A-Za-z0-9_+/=.-]{1,200}$/) });
