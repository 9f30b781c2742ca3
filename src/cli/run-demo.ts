import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../app/environment.js";
import { throwAwayHome } from "../app/home.js";
import { systemClock } from "../lib/clock.js";
import { demoConfig } from "./demo/demo-config.js";
import { runDemoTraining } from "./demo/run-demo-training.js";
import { openLog } from "./open-log.js";
import type { Prepared } from "./prepare.js";
import { runApp } from "./run-app.js";

/** Runs the product in a home of its own, on runs that are trained at the same time; nothing of it is left behind. */
export async function runDemo(prepared: Prepared, { slack }: { readonly slack: boolean }): Promise<void> {
  const home = throwAwayHome();
  const root = join(home.path, "logs");
  mkdirSync(root);
  const environment = demoEnvironment(prepared.environment, home.path, slack);
  process.stdout.write(`Demo: five small models train below ${root} (Ctrl-C ends it).\n`);
  try {
    await runApp({
      config: demoConfig(root, prepared.config),
      environment,
      log: openLog(environment),
      beside: (signal) => runDemoTraining({ root, clock: systemClock, signal, onRun: tell }),
    });
  } finally {
    home.remove();
  }
}

function tell({ name, story }: { readonly name: string; readonly story: string }): void {
  process.stdout.write(`  ${name}: ${story}\n`);
}

/** A Redis of its own, whatever REDIS_URL says, and Slack only where it was asked for. */
function demoEnvironment(environment: Environment, home: string, slack: boolean): Environment {
  const variables = Object.fromEntries(
    Object.entries(environment.variables).filter(([name]) => slack || !name.startsWith("SLACK_")),
  );
  return { ...environment, home, redisUrl: undefined, variables };
}
