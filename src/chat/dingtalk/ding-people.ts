import type { Message } from "../../message/message.js";
import { plainText } from "../../message/message.js";
import type { DingTalkApi } from "./dingtalk-api.js";
import type { DingTalkFault } from "./dingtalk-fault.js";
import { cleanLine } from "./dingtalk-text.js";
import { isPersonId } from "./render-markdown.js";

/** A DING in the app, by SMS or by a phone call; the last two cost the organisation money. */
export type DingWay = keyof typeof remindTypes;

const remindTypes = { app: 1, sms: 2, phone: 3 } as const;
/** People in one DING: 200 in the app, 20 by SMS or phone. */
const mostPeople = 20;

/** DINGs people by user id, one counted call; undefined where it was accepted. */
export async function dingPeople(
  { api, robotCode }: { readonly api: DingTalkApi; readonly robotCode: string },
  {
    way,
    people,
    message,
  }: { readonly way: DingWay; readonly people: readonly string[]; readonly message: Message },
): Promise<DingTalkFault | undefined> {
  const receiverUserIdList = [...new Set(people)].filter(isPersonId).slice(0, mostPeople);
  if (receiverUserIdList.length === 0) return { kind: "refused", reason: "there is nobody to DING" };
  const answer = await api.call("POST", "/v1.0/robot/ding/send", {
    robotCode,
    remindType: remindTypes[way],
    receiverUserIdList,
    content: wordsOf(message),
  });
  return answer.ok ? undefined : answer.fault;
}

/** A DING is plain text: nothing in it is markup. */
function wordsOf({ headline, blocks }: Message): string {
  const notes = blocks.flatMap((block) => (block.kind === "note" ? [plainText(block.content)] : []));
  return [headline, ...notes].map((line) => cleanLine(line, 300)).join("\n");
}
