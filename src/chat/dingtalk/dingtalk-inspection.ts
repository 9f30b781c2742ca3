import { z } from "zod";

import type { Clock } from "../../lib/clock.js";
import { systemTimers } from "../../lib/timers.js";
import { createWayOut, type WayOut } from "../way-out.js";
import type { DingTalkOptions } from "./dingtalk-config.js";
import { createDingTalkApi } from "./dingtalk-api.js";
import { dingtalkTimings } from "./dingtalk-timings.js";
import { StreamLine } from "./stream-line.js";

/** What a look at the app's set-up found, one step after the other; what depends on a failed step is left out. */
export interface Inspection {
  readonly step: "credentials" | "stream" | "group";
  /** Undefined: this step is right. */
  readonly problem: string | undefined;
}

/** Looks at the app without changing anything: the token, a line of Stream mode that is closed at once, the robot's place in the group (one counted call). */
export async function inspectDingTalk(
  options: DingTalkOptions,
  clock: Clock,
  conversation: string | undefined,
): Promise<readonly Inspection[]> {
  const never = new AbortController();
  const wayOut = createWayOut(options.proxies);
  const api = createDingTalkApi({
    options,
    clock,
    timings: dingtalkTimings,
    stopping: never.signal,
    wayOut,
    onCounted: () => undefined,
  });
  const refused = await api.token();
  if (refused !== undefined) return [{ step: "credentials", problem: refused.reason }];
  const found: Inspection[] = [{ step: "credentials", problem: undefined }];
  found.push({ step: "stream", problem: await lineProblem(options, clock, wayOut) });
  if (conversation !== undefined)
    found.push({ step: "group", problem: await groupProblem(api, options, conversation) });
  return found;
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
): Promise<string | undefined> {
  const answer = await api.call("POST", "/v1.0/robot/groups/robots/query", {
    openConversationId: conversation,
  });
  if (!answer.ok) return answer.fault.reason;
  const parsed = robots.safeParse(answer.body);
  if (!parsed.success) return "the answer was not DingTalk's";
  return parsed.data.chatbotInstanceVOList.some((robot) => robot.robotCode === robotCode)
    ? undefined
    : "the robot is not in this group";
}

const robots = z.object({ chatbotInstanceVOList: z.array(z.object({ robotCode: z.string().optional() })) });
