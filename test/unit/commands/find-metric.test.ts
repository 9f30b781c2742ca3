import { describe, expect, it } from "vitest";
import { findMetric } from "../../../src/commands/find-metric.js";
import { heldRun } from "../../support/command-ports.js";

const keras = [
  ["train", "epoch_loss", 1],
  ["validation", "epoch_loss", 1],
  ["train", "epoch_accuracy", 1],
  ["validation", "epoch_accuracy", 1],
  ["train", "epoch_learning_rate", 1],
] as const;
const lightning = [
  ["", "train_loss_step", 1],
  ["", "train_loss_epoch", 1],
  ["", "val_loss", 1],
  ["", "reg_loss", 1],
  ["", "lr-Adam", 1],
] as const;
const torch = [
  ["", "Loss/train", 1],
  ["", "Loss/test", 1],
  ["", "metrics/mAP50(B)", 1],
  ["", "nll", 1],
] as const;

describe("a metric is an exact tag, else a last path part, else words", () => {
  it.each([
    [keras, "epoch_loss", "tag", ["train/epoch_loss", "validation/epoch_loss"]],
    [keras, "loss", "word", ["train/epoch_loss", "validation/epoch_loss"]],
    [keras, "val_loss", "split", ["validation/epoch_loss"]],
    [keras, "validation/loss", "split", ["validation/epoch_loss"]],
    [keras, "val/epoch_loss", "split", ["validation/epoch_loss"]],
    [keras, "验证 准确率", "split", ["validation/epoch_accuracy"]],
    [keras, "训练损失", "split", ["train/epoch_loss"]],
    [keras, "train acc", "split", ["train/epoch_accuracy"]],
    [keras, "lr", "word", ["train/epoch_learning_rate"]],
    [lightning, "val_loss", "tag", ["/val_loss"]],
    [lightning, "VAL_LOSS", "tag", ["/val_loss"]],
    [lightning, "validation loss", "word", ["/val_loss"]],
    [lightning, "loss", "word", ["/train_loss_step", "/train_loss_epoch", "/val_loss"]],
    [lightning, "reg_loss", "tag", ["/reg_loss"]],
    [lightning, "train_loss_step,val_loss", "tag", ["/train_loss_step", "/val_loss"]],
    [torch, "train", "part", ["/Loss/train"]],
    [torch, "train loss", "word", ["/Loss/train"]],
    [torch, "map", "word", ["/metrics/mAP50(B)"]],
    [torch, "acc", "word", ["/metrics/mAP50(B)"]],
    [torch, "bleu", "none", []],
    [torch, "", "none", []],
    [torch, "val", "none", []],
  ] as const)("%#: %s", (...[curves, query, by, tags]) => {
    const found = findMetric(heldRun("run42", [...curves]).series, query);
    const got =
      found.kind === "unknown" ? { by: "none", tags: [] } : { by: found.by, tags: found.series.map(nameOf) };
    expect(got).toEqual({ by, tags });
  });

  it("names the nearest tags where none fits", () => {
    expect(findMetric(heldRun("run42", [...keras]).series, "epoch_losss")).toEqual({
      kind: "unknown",
      nearest: ["epoch_loss"],
    });
  });
});

function nameOf({ labels }: { readonly labels: { readonly split: string; readonly tag: string } }): string {
  return `${labels.split}/${labels.tag}`;
}
