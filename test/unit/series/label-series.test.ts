import { describe, expect, test } from "vitest";
import type { Direction, MetricKind, Phase } from "../../../src/series/labels.js";
import { labelSeries } from "../../../src/series/label-series.js";
import { watchIdOf } from "../../../src/series/run.js";

const run = { watch: watchIdOf("/logs"), name: "mnist/1" };

type Row = readonly [split: string, tag: string, kind: MetricKind, phase: Phase, why: string];

const rows: readonly Row[] = [
  ["train", "epoch_loss", "loss", "train", "Keras"],
  ["validation", "epoch_loss", "loss", "validation", "Keras"],
  ["validation", "epoch_accuracy", "accuracy", "validation", "Keras"],
  ["train", "batch_loss", "loss", "train", "Keras"],
  ["validation", "evaluation_loss_vs_iterations", "loss", "validation", "Keras"],
  ["train", "epoch_learning_rate", "learning-rate", "train", "Keras"],
  ["train", "epoch_sparse_categorical_accuracy", "accuracy", "train", "Keras"],
  ["", "train_loss", "loss", "train", "Lightning"],
  ["", "train_loss_epoch", "loss", "train", "Lightning"],
  ["", "val_loss", "loss", "validation", "Lightning"],
  ["", "val/acc", "accuracy", "validation", "Lightning"],
  ["", "lr-AdamW", "learning-rate", "unknown", "Lightning's monitor"],
  ["", "epoch", "progress", "unknown", "Lightning"],
  ["", "hp_metric", "other", "unknown", "Lightning"],
  ["", "train/loss", "loss", "train", "HF Trainer"],
  ["", "eval/loss", "loss", "validation", "HF Trainer"],
  ["", "eval/accuracy", "accuracy", "validation", "HF Trainer"],
  ["", "eval/f1", "accuracy", "validation", "HF Trainer"],
  ["", "train/learning_rate", "learning-rate", "train", "HF Trainer"],
  ["", "train/grad_norm", "gradient-norm", "train", "HF Trainer"],
  ["", "train/epoch", "progress", "train", "HF Trainer"],
  ["", "eval/samples_per_second", "throughput", "validation", "HF Trainer"],
  ["", "train/train_runtime", "other", "train", "HF Trainer"],
  ["", "train/box_loss", "loss", "train", "Ultralytics"],
  ["", "val/dfl_loss", "loss", "validation", "Ultralytics"],
  ["", "metrics/mAP50(B)", "accuracy", "validation", "Ultralytics"],
  ["", "metrics/mAP50-95(B)", "accuracy", "validation", "Ultralytics"],
  ["", "metrics/mAP_0.5:0.95", "accuracy", "validation", "YOLOv5"],
  ["", "metrics/precision(B)", "accuracy", "validation", "Ultralytics"],
  ["", "lr/pg0", "learning-rate", "unknown", "Ultralytics"],
  ["", "x/lr0", "learning-rate", "unknown", "YOLOv5"],
  ["", "Loss/train", "loss", "train", "PyTorch tutorial"],
  ["", "Accuracy/test", "accuracy", "validation", "PyTorch tutorial"],
  ["", "loss", "loss", "unknown", "plain PyTorch"],
  ["", "trainLoss", "loss", "train", "camel case"],
  ["", "valAccuracy", "accuracy", "validation", "camel case"],
  ["", "rollout/ep_rew_mean", "other", "train", "SB3"],
  ["", "train/value_loss", "loss", "train", "SB3"],
  ["", "train/entropy_loss", "regulariser", "train", "SB3: meant to move"],
  ["", "train/approx_kl", "regulariser", "train", "SB3"],
  ["", "train/explained_variance", "other", "train", "SB3"],
  ["", "time/fps", "throughput", "unknown", "SB3"],
  ["", "total_loss", "loss", "unknown", "detectron2"],
  ["", "loss_box_reg", "loss", "unknown", "detectron2: reg is regression here"],
  ["", "bbox/AP50", "accuracy", "unknown", "detectron2"],
  ["", "regression_loss", "loss", "unknown", "whole words: no regulariser"],
  ["", "gradient_accumulation", "other", "unknown", "whole words: no accuracy"],
  ["", "RegLoss", "regulariser", "unknown", "meant to grow"],
  ["", "l2_penalty", "regulariser", "unknown", "meant to grow"],
  ["", "kl_loss", "regulariser", "unknown", "VAE"],
  ["", "cross_entropy", "loss", "unknown", "no entropy bonus"],
  ["", "train/smooth_l1_loss", "loss", "train", "no L1 penalty"],
  ["", "dice_loss", "loss", "unknown", "a loss before an accuracy"],
  ["", "loss_scale", "other", "unknown", "mixed precision"],
  ["", "validation/perplexity", "loss", "validation", "language models"],
  ["", "validation/wer", "loss", "validation", "speech"],
  ["", "global_gradient_norm", "gradient-norm", "unknown", "JAX"],
  ["", "system/gpu.0.utilization", "utilisation", "unknown", "machine metrics"],
  ["", "losses/policy_loss", "loss", "unknown", "CleanRL"],
  ["", "losses/explained_variance", "other", "unknown", "CleanRL: the folder's name is not enough"],
  ["", "losses/clipfrac", "other", "unknown", "CleanRL"],
  ["", "charts/SPS", "throughput", "unknown", "CleanRL"],
  ["", "val_dice_coef", "accuracy", "validation", "a score, no setting"],
  ["", "train/ent_coef", "other", "train", "a setting"],
  ["", "rewards/accuracies", "accuracy", "unknown", "TRL"],
  ["", "bits_per_byte", "loss", "unknown", "language models"],
  ["", "samples/sec", "throughput", "unknown", "two parts, one unit"],
  ["", "step_time", "other", "unknown", "no progress"],
  ["", "lm loss validation", "loss", "validation", "Megatron"],
  ["", "grad-norm/grad-norm", "gradient-norm", "unknown", "Megatron"],
  ["eval", "loss", "loss", "validation", "tf.estimator"],
  ["", "global_step/sec", "throughput", "unknown", "tf.estimator"],
  ["eval", "accuracy_baseline", "accuracy", "validation", "tf.estimator"],
  ["", "Environment/Cumulative Reward", "other", "unknown", "ML-Agents"],
  ["", "Losses/Policy Loss", "loss", "unknown", "ML-Agents"],
  ["", "Policy/Entropy", "regulariser", "unknown", "ML-Agents: meant to fall"],
  ["", "Policy/Learning Rate", "learning-rate", "unknown", "ML-Agents"],
  ["train", "steps_per_sec", "throughput", "train", "JAX clu"],
  ["eval", "accuracy", "accuracy", "validation", "JAX clu"],
  ["train", "learning_rate", "learning-rate", "train", "JAX clu"],
  ["", "loss-scale/loss-scale", "other", "unknown", "Megatron"],
  ["", "valid_ppl", "loss", "validation", "fairseq"],
  ["", "train_gnorm", "gradient-norm", "train", "fairseq"],
  ["", "decode.loss_ce", "loss", "unknown", "OpenMMLab"],
  ["", "coco/bbox_mAP", "accuracy", "unknown", "OpenMMLab"],
  ["", "训练/损失", "loss", "train", "Chinese names"],
  ["", "验证/准确率", "accuracy", "validation", "Chinese names"],
];

const directions: Partial<Record<MetricKind, Direction>> = {
  loss: "lower",
  accuracy: "higher",
  regulariser: "unknown",
};

describe("labels from names", () => {
  test.each(rows)("%j %j is %s, %s (%s)", (...[split, tag, kind, phase]) => {
    const labels = labelSeries({ run, split, tag });
    expect({ kind: labels.kind, phase: labels.phase }).toEqual({ kind, phase });
    const direction = directions[kind];
    if (direction !== undefined) expect(labels.direction).toBe(direction);
  });

  test("the config has the last word, pattern after pattern and field by field", () => {
    const metrics = {
      "my_*": { kind: "accuracy" },
      "train:my_metric": { direction: "lower", phase: "train" },
    } as const;
    expect(labelSeries({ run, split: "train", tag: "my_metric" }, metrics)).toMatchObject({
      kind: "accuracy",
      direction: "lower",
      phase: "train",
    });
    expect(labelSeries({ run, split: "val", tag: "my_metric" }, metrics)).toMatchObject({
      kind: "accuracy",
      direction: "higher",
      phase: "validation",
    });
  });

  test("of a hostile name only the end is looked at", () => {
    const tag = `${"loss/".repeat(200_000)}accuracy`;
    expect(labelSeries({ run, split: tag, tag }).kind).toBe("accuracy");
  });
});
