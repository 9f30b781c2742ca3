import type { RunLength } from "./rule.js";

/** How long a run means to be, from its hyper-parameters; empty where they do not say. */
export function runLengthOf(hparams: Readonly<Record<string, string | number | boolean>>): RunLength {
  for (const [name, value] of Object.entries(hparams)) {
    const words =
      name
        .toLowerCase()
        .split("/")
        .at(-1)
        ?.replaceAll(/[^a-z]+/g, "_") ?? "";
    const steps = typeof value === "string" ? Number(value) : value;
    if (names.has(words) && typeof steps === "number" && Number.isFinite(steps) && steps > 0)
      return { steps };
  }
  return {};
}

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
