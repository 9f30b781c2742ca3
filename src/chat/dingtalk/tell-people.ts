import { z } from "zod";

import type { Post } from "../../message/post.js";
import type { SaidOnce } from "../../lib/said-once.js";
import type { DingTalkApi } from "./dingtalk-api.js";
import { dingtalkLimits } from "./dingtalk-limits.js";
import type { Governor } from "./governor.js";
import { mentionedPeople } from "./mentioned-people.js";
import type { RenderedMarkdown } from "./render-markdown.js";

export interface TellParts {
  readonly api: DingTalkApi;
  readonly governor: Governor;
  readonly robotCode: string;
  readonly said: SaidOnce;
  /** Goes on beside the delivery; a stop waits for it. */
  readonly aside: (work: Promise<void>) => void;
}

/** A group message can name nobody, only a card's arrival can: who is responsible gets each alert directly, too. */
export function tellPeople(
  { api, governor, robotCode, said, aside }: TellParts,
  { message }: Post,
  shape: RenderedMarkdown,
): void {
  const userIds = mentionedPeople(message, dingtalkLimits.people);
  const tell = async (): Promise<void> => {
    if (
      userIds.length === 0 ||
      !(await governor.allows({ what: "owner-note", critical: message.tone === "critical" }))
    )
      return;
    const answer = await api.call("POST", "/v1.0/robot/oToMessages/batchSend", {
      robotCode,
      userIds,
      msgKey: "sampleMarkdown",
      msgParam: JSON.stringify(shape),
    });
    const missed = answer.ok ? missedOf(answer.body) : answer.fault.reason;
    if (missed === undefined) said.good("owners");
    else said.bad("owners", missed);
  };
  aside(tell());
}

/** A partial failure comes with HTTP 200. */
function missedOf(body: unknown): string | undefined {
  const parsed = missedSchema.safeParse(body);
  const missed = parsed.success
    ? [...parsed.data.invalidStaffIdList, ...parsed.data.flowControlledStaffIdList]
    : [];
  return missed.length === 0 ? undefined : `not reached directly: ${missed.slice(0, 10).join(", ")}`;
}

const missedSchema = z.object({
  invalidStaffIdList: z.array(z.string()).catch([]),
  flowControlledStaffIdList: z.array(z.string()).catch([]),
});
