import type { Config } from "../app/config.js";
import type { Environment } from "../app/environment.js";
import { readDingTalkOptions, readDingTalkWebhookOptions } from "../chat/dingtalk/dingtalk-config.js";
import { type Inspection, inspectDingTalk } from "../chat/dingtalk/dingtalk-inspection.js";
import { systemClock } from "../lib/clock.js";
import type { Check } from "./doctor-check.js";

/** Whether DingTalk accepts the app, opens Stream mode and has the robot in the group; the custom robot by its address alone, because asking it would post. */
export async function checkDingTalk(environment: Environment, config: Config): Promise<readonly Check[]> {
  return [...(await checkApp(environment, config)), ...checkWebhook(environment)];
}

async function checkApp(environment: Environment, config: Config): Promise<readonly Check[]> {
  const app = readDingTalkOptions(environment.variables);
  if (app.kind === "off") {
    const found = "off (DINGTALK_CLIENT_ID and DINGTALK_CLIENT_SECRET are not set)";
    return [{ name: "dingtalk", state: "ok", found }];
  }
  if (app.kind === "problem") return app.problems.map(wrongVariable);
  const conversation = config.dingtalk.conversation ?? environment.variables.DINGTALK_CONVERSATION;
  const steps = await inspectDingTalk(app.options, systemClock, conversation);
  return [...steps.map(checkOf), ...(conversation === undefined ? [withoutGroup(config)] : [])];
}

function checkOf({ step, problem }: Inspection): Check {
  const name = `dingtalk ${step}`;
  if (problem === undefined) return { name, state: "ok", found: good[step] };
  return { name, state: "fault", found: problem, remedy: remedies[step] };
}

const good = { credentials: "accepted", stream: "connected", group: "the robot is in the group" } as const;

const remedies = {
  credentials:
    "copy DINGTALK_CLIENT_ID and DINGTALK_CLIENT_SECRET from the app's page of credentials; check the network and DINGTALK_API_URL if it is set",
  stream:
    "in the developer console: add a robot that receives messages in Stream mode, publish a version, allow this machine's address",
  group:
    "add the robot to the group (group settings, robots), grant qyapi_robot_sendmsg, and copy the id that `@TensorBell whoami` shows there",
} as const;

function withoutGroup(config: Config): Check {
  const routed = config.routes.some(({ to }) => to.some((id) => id.startsWith("dingtalk:")));
  if (routed) return { name: "dingtalk group", state: "ok", found: "by routes" };
  const remedy =
    "write `@TensorBell whoami` in the group and set dingtalk.conversation in tensorbell.yaml or DINGTALK_CONVERSATION to the id it shows";
  return { name: "dingtalk group", state: "fault", found: "no group for alerts is named", remedy };
}

function checkWebhook(environment: Environment): readonly Check[] {
  const robot = readDingTalkWebhookOptions(environment.variables);
  if (robot.kind === "off") return [];
  if (robot.kind === "problem") return robot.problems.map(wrongVariable);
  const { secret, keyword } = robot.options;
  const name = "dingtalk webhook";
  if (secret !== undefined || keyword !== undefined) {
    return [{ name, state: "ok", found: secret === undefined ? "set, with a keyword" : "set, signed" }];
  }
  const remedy =
    "fine where the robot's security setting is a list of addresses; else set DINGTALK_WEBHOOK_SECRET or DINGTALK_WEBHOOK_KEYWORD";
  return [{ name, state: "note", found: "set, without signature or keyword", remedy }];
}

function wrongVariable(remedy: string): Check {
  return { name: "dingtalk", state: "fault", found: "its variables are wrong", remedy };
}
