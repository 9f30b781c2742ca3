import { dingtalkEnvironment } from "../chat/dingtalk/dingtalk-config.js";
import { proxyEnvironment } from "../chat/proxies.js";
import { slackEnvironment } from "../chat/slack/slack-config.js";

/** One environment variable the product reads; a secret is also read from the file that `<NAME>_FILE` names. */
export interface Variable {
  readonly name: string;
  readonly sentence: string;
  readonly secret: boolean;
  /** Also read in lower case, which wins. */
  readonly lowerCase?: true;
}

const own = [
  {
    name: "TENSORBELL_HOME",
    sentence: "Folder for the embedded Redis and its data, readable by you alone (default ~/.tensorbell).",
    secret: false,
  },
  {
    name: "TENSORBELL_CONFIG",
    sentence: "Configuration file to read instead of ./tensorbell.yaml.",
    secret: false,
  },
  {
    name: "TENSORBELL_LOG_LEVEL",
    sentence: "How much is logged: debug, info, warn, error or silent (default info, on a terminal warn).",
    secret: false,
  },
  {
    name: "TENSORBELL_DEBUG",
    sentence: "1: an unexpected error is printed with its stack.",
    secret: false,
  },
  {
    name: "TENSORBELL_NO_INSTALL",
    sentence: "1: set-up never installs a system package, it only says what is missing.",
    secret: false,
  },
  {
    name: "REDIS_URL",
    sentence:
      "A Redis to use instead of the embedded one: redis://, rediss://, redis+sentinel://host,host/name or redis+cluster://host,host.",
    secret: true,
  },
  {
    name: "TENSORBOARD_URL",
    sentence: "Address of your TensorBoard; alerts then link to their run in it.",
    secret: false,
  },
  {
    name: "SLACK_CHANNEL",
    sentence: "Id of the Slack channel for alerts (C…), unless tensorbell.yaml names one.",
    secret: false,
  },
  {
    name: "DINGTALK_CONVERSATION",
    sentence: "Id of the DingTalk group for alerts (cid…), unless tensorbell.yaml names one.",
    secret: false,
  },
] as const satisfies readonly Variable[];

/** Every variable there is; `.env.example` and the docs are checked against this table. */
export const variables = [
  ...own,
  ...slackEnvironment,
  ...dingtalkEnvironment,
  ...proxyEnvironment,
] as const satisfies readonly Variable[];

export type VariableName = (typeof variables)[number]["name"];
