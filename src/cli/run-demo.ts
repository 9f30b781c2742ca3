import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { throwAwayHome } from "../app/home.js";
import { systemClock } from "../lib/clock.js";
import { demoConfig, demoEnvironment } from "./demo/demo-config.js";
import { demoWords } from "./demo/demo-words.js";
import { runDemoTraining } from "./demo/run-demo-training.js";
import { openLog } from "./open-log.js";
import type { Prepared } from "./prepare.js";
import { runApp } from "./run-app.js";

/** Runs the product in a home of its own, on runs that are trained at the same time; nothing of it is left behind. */
export async function runDemo(prepared: Prepared, { slack }: { readonly slack: boolean }): Promise<void> {
  const home = throwAwayHome();
  const root = join(home.path, "logs");
  mkdirSync(root);
  const environment = demoEnvironment(prepared.environment, { home: home.path, slack });
  process.stdout.write(demoWords(root, prepared.config.language));
  try {
    await runApp({
      config: demoConfig(root, prepared.config),
      environment,
      log: openLog(environment),
      beside: (signal) => runDemoTraining({ root, clock: systemClock, signal }),
    });
  } finally {
    home.remove();
  }
}
