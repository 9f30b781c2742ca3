import type { Config } from "../app/config.js";
import type { Environment } from "../app/environment.js";
import { readDingTalkOptions, readDingTalkWebhookOptions } from "../chat/dingtalk/dingtalk-config.js";
import { type Inspection, inspectDingTalk, type SetupStep } from "../chat/dingtalk/dingtalk-inspection.js";
import { systemClock } from "../lib/clock.js";
import type { Check } from "./doctor-check.js";
import { checkBudget } from "./doctor-budget.js";

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
  const steps = await inspectDingTalk(app.options, systemClock, {
    conversation,
    cards: config.dingtalk.cardTemplateId !== undefined,
    ding: config.dingtalk.ding !== "off",
  });
  const through = steps.some(({ step }) => step === "stream");
  return [
    ...steps.map(checkOf),
    ...(conversation === undefined && through ? [withoutGroup(config)] : []),
    ...(through ? [published, await checkBudget(environment, config)] : []),
  ];
}

function checkOf({ step, problem, lacks }: Inspection): Check {
  const name = `dingtalk ${step}`;
  if (problem === undefined) return { name, state: "ok", found: good[step] };
  const remedy = lacks === "permission" ? grantIt : remedies[step];
  return { name, state: "fault", found: problem, remedy };
}

const grantIt =
  "in the developer console, permissions: grant the one that is named here, then publish a version";

const good: Readonly<Record<SetupStep, string>> = {
  credentials: "accepted",
  clock: "in step with DingTalk's",
  pictures: "the host of uploads and replies answers",
  address: "this machine's address is allowed",
  stream: "connected",
  send: "qyapi_robot_sendmsg is granted",
  cards: "Card.Instance.Write is granted",
  ding: "Premium.Ding.Write is granted",
  group: "the robot is in the group",
};

const remedies: Readonly<Record<SetupStep, string>> = {
  credentials:
    "copy DINGTALK_CLIENT_ID and DINGTALK_CLIENT_SECRET from the app's page of credentials; check the network and DINGTALK_API_URL if it is set",
  clock:
    "set it by a time server: a custom robot's signature is refused beyond an hour, and the quota's month turns by it",
  pictures:
    "let this machine reach oapi.dingtalk.com: pictures and answers to commands go there; check DINGTALK_OAPI_URL if it is set",
  address:
    "in the developer console, security settings: add this machine's public address to the list of server addresses, or empty the list",
  send: "in the developer console, permissions: grant qyapi_robot_sendmsg, then publish a version; DINGTALK_ROBOT_CODE must be the robot's where it is set",
  cards:
    "in the developer console, permissions: grant Card.Instance.Write, then publish a version; or leave out dingtalk.cardTemplateId",
  ding: "in the developer console, permissions: grant Premium.Ding.Write (paid editions), then publish a version; or set dingtalk.ding to off",
  stream:
    "in the developer console: add a robot that receives messages in Stream mode, publish a version, allow this machine's address",
  group:
    "add the robot to the group (group settings, robots), and copy the id that `@TensorBell whoami` shows there",
};

/** DingTalk has no call that tells it. */
const published: Check = {
  name: "dingtalk version",
  state: "note",
  found: "cannot be asked from here",
  remedy:
    "publish a version after every change of the robot or its permissions; `@TensorBell whoami` in the group shows your user id once one is published, and an id that begins with external- before",
};

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
