import { z } from "zod";

import type { Clock } from "../../lib/clock.js";
import { networkCode } from "../../lib/network-failure.js";
import { systemTimers } from "../../lib/timers.js";
import { formatCount } from "../../message/format-number.js";
import { createWayOut, type WayOut } from "../way-out.js";
import type { DingTalkOptions } from "./dingtalk-config.js";
import { type ApiAnswer, createDingTalkApi } from "./dingtalk-api.js";
import { dingtalkTimings } from "./dingtalk-timings.js";
import { StreamLine } from "./stream-line.js";

/** The steps of the set-up guide that can be looked at from here. */
export type SetupStep =
  "credentials" | "clock" | "pictures" | "address" | "stream" | "send" | "cards" | "ding" | "group";

/** What a look at the app's set-up found, one step after the other; what depends on a failed step is left out. */
export interface Inspection {
  readonly step: SetupStep;
  /** Undefined: this step is right. */
  readonly problem: string | undefined;
  /** What is missing, where DingTalk says it. */
  readonly lacks?: string | undefined;
}

export interface InspectionWishes {
  readonly conversation: string | undefined;
  /** Whether run cards and DINGs are configured, and so must be allowed. */
  readonly cards: boolean;
  readonly ding: boolean;
}

/** Looks at the app without changing anything: the token, the clock, a line of Stream mode that is closed at once, each permission by a call that DingTalk refuses after it has looked at permissions, the robot's place in the group. At most four counted calls. */
export async function inspectDingTalk(
  options: DingTalkOptions,
  clock: Clock,
  { conversation, cards, ding }: InspectionWishes,
): Promise<readonly Inspection[]> {
  const never = new AbortController();
  const wayOut = createWayOut(options.proxies);
  const api = createDingTalkApi({
    options,
    clock,
    timings: dingtalkTimings,
    stopping: never.signal,
    wayOut,
    counter: { spend: () => Promise.resolve(), giveBack: () => Promise.resolve() },
  });
  const { robotCode } = options;
  const refused = await api.token();
  if (refused?.kind === "auth" && refused.lacks === "address")
    return [{ step: "address", problem: refused.reason }];
  if (refused !== undefined) return [{ step: "credentials", problem: refused.reason }];
  const found: Inspection[] = [
    { step: "credentials", problem: undefined },
    { step: "clock", problem: await clockProblem(options, clock, wayOut) },
    { step: "pictures", problem: await oldApiProblem(options, wayOut) },
  ];
  const send = await lackOf(
    api.call("POST", "/v1.0/robot/groupMessages/send", {
      ...{ robotCode, openConversationId: "cidDoctor", msgKey: "sampleText" },
      msgParam: JSON.stringify({ content: "doctor" }),
    }),
  );
  if (send?.lacks === "address") return [...found, { step: "address", problem: send.reason }];
  found.push({ step: "address", problem: undefined });
  found.push({ step: "stream", problem: await lineProblem(options, clock, wayOut) });
  found.push({ step: "send", problem: send?.reason });
  if (cards) {
    const update = { outTrackId: "tb-doctor", cardData: { cardParamMap: {} } };
    const body = { ...update, cardUpdateOptions: { updateCardDataByKey: true } };
    found.push({
      step: "cards",
      problem: (await lackOf(api.call("PUT", "/v1.0/card/instances", body)))?.reason,
    });
  }
  if (ding) {
    const body = { robotCode, openDingId: "tensorbell-doctor" };
    const lack = await lackOf(api.call("POST", "/v1.0/robot/ding/recall", body));
    found.push({ step: "ding", problem: lack?.reason });
  }
  if (conversation !== undefined)
    found.push({ step: "group", ...(await groupProblem(api, options, conversation)) });
  return found;
}

/** What kept a call from being looked at; a refusal of what it asks for is what was expected. */
async function lackOf(
  call: Promise<ApiAnswer>,
): Promise<{ readonly reason: string; readonly lacks: string | undefined } | undefined> {
  const answer = await call;
  if (answer.ok) return undefined;
  const { fault } = answer;
  if (fault.kind === "refused" || fault.kind === "gone" || fault.kind === "content") return undefined;
  return { reason: fault.reason, lacks: fault.kind === "auth" ? fault.lacks : undefined };
}

/** Beyond this a signature is still taken, but times in messages and the quota's month are wrong. */
const skewMs = 60_000;

/** DingTalk dates its answers to the second. */
async function clockProblem(
  { apiUrl }: DingTalkOptions,
  clock: Clock,
  wayOut: WayOut,
): Promise<string | undefined> {
  const response = await wayOut
    .fetch(`${apiUrl}/`, { method: "HEAD", signal: AbortSignal.timeout(dingtalkTimings.callMs) })
    .catch(() => undefined);
  const dated = Date.parse(response?.headers.get("date") ?? "");
  if (!Number.isFinite(dated)) return undefined;
  const off = clock.now() - dated;
  if (Math.abs(off) <= skewMs) return undefined;
  const seconds = formatCount(Math.round(Math.abs(off) / 1_000));
  return `this machine's clock is ${seconds} s ${off > 0 ? "ahead of" : "behind"} DingTalk's`;
}

/** Uploads and sessions are at a host of their own: one that a firewall may have forgotten. */
async function oldApiProblem({ oapiUrl }: DingTalkOptions, wayOut: WayOut): Promise<string | undefined> {
  try {
    await wayOut.fetch(`${oapiUrl}/`, {
      method: "HEAD",
      signal: AbortSignal.timeout(dingtalkTimings.callMs),
    });
    return undefined;
  } catch (error) {
    return `${new URL(oapiUrl).host} cannot be reached (${networkCode(error) ?? "no answer"})`;
  }
}

async function lineProblem(
  options: DingTalkOptions,
  clock: Clock,
  wayOut: WayOut,
): Promise<string | undefined> {
  const nothing = (): void => undefined;
  const line = new StreamLine({
    options,
    timings: dingtalkTimings,
    wayOut,
    timers: systemTimers,
    now: () => clock.now(),
    onFrame: nothing,
    onLife: nothing,
    onGoodbye: nothing,
    onBadFrame: nothing,
    onEnd: nothing,
  });
  const opened = await line.open();
  line.kill();
  return opened.kind === "open" ? undefined : opened.reason;
}

async function groupProblem(
  api: ReturnType<typeof createDingTalkApi>,
  { robotCode }: DingTalkOptions,
  conversation: string,
): Promise<Pick<Inspection, "problem" | "lacks">> {
  const answer = await api.call("POST", "/v1.0/robot/groups/robots/query", {
    openConversationId: conversation,
  });
  if (!answer.ok) {
    const { fault } = answer;
    return { problem: fault.reason, lacks: fault.kind === "auth" ? fault.lacks : undefined };
  }
  const parsed = robots.safeParse(answer.body);
  if (!parsed.success) return { problem: "the answer was not DingTalk's" };
  const isThere = parsed.data.chatbotInstanceVOList.some((robot) => robot.robotCode === robotCode);
  return { problem: isThere ? undefined : "the robot is not in this group" };
}

const robots = z.object({ chatbotInstanceVOList: z.array(z.object({ robotCode: z.string().optional() })) });
