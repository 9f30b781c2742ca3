import { consecutiveDrop } from "./builtin/consecutive-drop.js";
import { consecutiveRise } from "./builtin/consecutive-rise.js";
import { divergence } from "./builtin/divergence.js";
import { evalDrop } from "./builtin/eval-drop.js";
import { explosion } from "./builtin/explosion.js";
import { finished } from "./builtin/finished.js";
import { gradExploding } from "./builtin/grad-exploding.js";
import { gradVanishing } from "./builtin/grad-vanishing.js";
import { gpuIdle } from "./builtin/gpu-idle.js";
import { hiddenNan } from "./builtin/hidden-nan.js";
import { jump } from "./builtin/jump.js";
import { lrAnomaly } from "./builtin/lr-anomaly.js";
import { missingMetric } from "./builtin/missing-metric.js";
import { noLearning } from "./builtin/no-learning.js";
import { nonFinite } from "./builtin/non-finite.js";
import { oscillation } from "./builtin/oscillation.js";
import { overfit } from "./builtin/overfit.js";
import { plateau } from "./builtin/plateau.js";
import { reset } from "./builtin/reset.js";
import { silent } from "./builtin/silent.js";
import { spike } from "./builtin/spike.js";
import { allZero } from "./builtin/all-zero.js";
import { crashed } from "./builtin/crashed.js";
import { deadRelu } from "./builtin/dead-relu.js";
import { variance } from "./builtin/variance.js";
import { weightsExploding } from "./builtin/weights-exploding.js";
import { weightsUnchanged } from "./builtin/weights-unchanged.js";
import { stalled } from "./builtin/stalled.js";
import { throughputDrop } from "./builtin/throughput-drop.js";
import { threshold } from "./builtin/threshold.js";
import type { Rule } from "./rule.js";

/** Every rule by its id, in the order they judge; configuration, docs and contract tests are read from here. */
export const ruleRegistry = {
  non_finite: nonFinite,
  hidden_nan: hiddenNan,
  explosion,
  divergence,
  jump,
  spike,
  eval_drop: evalDrop,
  no_learning: noLearning,
  plateau,
  overfit,
  oscillation,
  reset,
  grad_exploding: gradExploding,
  grad_vanishing: gradVanishing,
  consecutive_rise: consecutiveRise,
  consecutive_drop: consecutiveDrop,
  lr_anomaly: lrAnomaly,
  threshold,
  throughput_drop: throughputDrop,
  missing_metric: missingMetric,
  gpu_idle: gpuIdle,
  stalled,
  crashed,
  finished,
  silent,
  dead_relu: deadRelu,
  all_zero: allZero,
  weights_exploding: weightsExploding,
  weights_unchanged: weightsUnchanged,
  variance,
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof ruleRegistry;

export const ruleIds = Object.keys(ruleRegistry) as readonly RuleId[];

export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(ruleRegistry, id);
}

/** The rule of an id, its settings' type forgotten. */
export function ruleOf(id: RuleId): Rule {
  return ruleRegistry[id];
}
