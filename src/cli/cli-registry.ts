import type { Command } from "commander";

/** Adds one command to the program. Its module stays light: what the command works with is imported when it runs. */
export type Register = (program: Command) => void;

/** Every command by name, loaded one by one so that `scalars` does not pay for `start`. */
export const cliCommands: Readonly<Record<string, () => Promise<Register>>> = {
  start: async () => (await import("./start.js")).registerStart,
  demo: async () => (await import("./demo.js")).registerDemo,
  doctor: async () => (await import("./doctor.js")).registerDoctor,
  inspect: async () => (await import("./inspect.js")).registerInspect,
  scalars: async () => (await import("./scalars.js")).registerScalars,
  replay: async () => (await import("./replay.js")).registerReplay,
  rules: async () => (await import("./rules.js")).registerRules,
  suggest: async () => (await import("./suggest.js")).registerSuggest,
  check: async () => (await import("./check.js")).registerCheck,
  baseline: async () => (await import("./baseline.js")).registerBaseline,
  "rule-test": async () => (await import("./rule-test.js")).registerRuleTest,
  "card-template": async () => (await import("./card-template.js")).registerCardTemplate,
  manifest: async () => (await import("./manifest.js")).registerManifest,
  schema: async () => (await import("./schema.js")).registerSchema,
};
