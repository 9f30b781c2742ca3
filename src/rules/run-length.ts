import type { RunLength } from "./rule.js";

/** How long a run means to be and whether its learning rate follows a schedule, from its hyper-parameters; empty where they do not say. */
export function runLengthOf(hparams: Readonly<Record<string, string | number | boolean>>): RunLength {
  let steps: number | undefined;
  let schedule: string | undefined;
  for (const [name, value] of Object.entries(hparams)) {
    const words = wordsOf(name);
    const number = typeof value === "string" ? Number(value) : value;
    if (names.has(words) && typeof number === "number" && Number.isFinite(number) && number > 0)
      steps ??= number;
    if (scheduleNames.has(words) && typeof value === "string" && !noSchedules.has(value.toLowerCase()))
      schedule ??= value.slice(0, 80);
  }
  return { ...(steps !== undefined && { steps }), ...(schedule !== undefined && { schedule }) };
}

/** Whether a scalar's tag names the length of its run: some trainers write it as a metric. */
export function namesRunLength(tag: string): boolean {
  return names.has(wordsOf(tag));
}

function wordsOf(name: string): string {
  const last = name.slice(name.lastIndexOf("/") + 1);
  return last.toLowerCase().replaceAll(/[^a-z]+/g, "_");
}

const scheduleNames: ReadonlySet<string> = new Set([
  "lr_schedule",
  "lr_scheduler",
  "lr_scheduler_type",
  "lr_decay_style",
  "learning_rate_schedule",
  "learning_rate_scheduler",
  "scheduler",
]);
const noSchedules: ReadonlySet<string> = new Set(["", "none", "null", "false", "off", "constant", "fixed"]);

const names: ReadonlySet<string> = new Set([
  "max_steps",
  "total_steps",
  "num_steps",
  "train_steps",
  "training_steps",
  "num_train_steps",
  "num_training_steps",
  "max_train_steps",
  "max_iters",
  "max_iterations",
  "num_iterations",
  "total_iterations",
  "total_timesteps",
]);
