import { type Config, parseConfig } from "../../app/config.js";
import type { Environment } from "../../app/environment.js";
import { stalledRunSteps } from "./demo-runs.js";

/** The configuration that the demo runs with: silence counts after seconds, for the one run that is to stall. */
export const demoConfigText = `# Half an hour of silence is the usual floor; a demo cannot wait that long.
rules:
  stalled:
    - runs: "*/stalls"
      min_silence: 10
      max_steps: ${stalledRunSteps}
digest:
  enabled: false
`;

/** That configuration, watching `root`; of the user's own file the language and the Slack channel are kept. */
export function demoConfig(root: string, user: Config): Config {
  const parsed = parseConfig(demoConfigText, undefined, root);
  if (parsed.kind !== "ok") throw new Error("the demo's own configuration must be right");
  const { language, slack } = user;
  const terminal = { ...user.terminal, enabled: true };
  const watches = [{ root, name: "demo" }];
  return { ...parsed.config, language, slack, terminal, watches, roots: [root] };
}

/** A Redis of its own, whatever REDIS_URL says, and no chat platform but Slack, where that was asked for: a team is told of nothing that is only a show. */
export function demoEnvironment(
  environment: Environment,
  { home, slack }: { readonly home: string; readonly slack: boolean },
): Environment {
  const variables = Object.fromEntries(
    Object.entries(environment.variables).filter(
      ([name]) => (slack && name.startsWith("SLACK_")) || !/^(SLACK|DINGTALK)_/.test(name),
    ),
  );
  return { ...environment, home, redisUrl: undefined, variables };
}
