import { describe, expect, it } from "vitest";
import { groupLogRuns } from "../../../src/series/group-log-runs.js";

const cases: readonly { why: string; names: readonly string[]; groups: Readonly<Record<string, string>> }[] =
  [
    {
      why: "Keras writes train and validation below a dated directory",
      names: ["fit/a/2026/train", "fit/a/2026/validation"],
      groups: {
        "fit/a/2026/train": "fit/a/2026 + train",
        "fit/a/2026/validation": "fit/a/2026 + validation",
      },
    },
    {
      why: "train is a split at first sight, long before validation exists",
      names: ["mnist/train"],
      groups: { "mnist/train": "mnist + train" },
    },
    {
      why: "Keras may log straight into the watched directory",
      names: ["train", "validation"],
      groups: { train: ". + train", validation: ". + validation" },
    },
    {
      why: "a directory of runs of which one happens to be called train",
      names: ["logs/train", "logs/resnet", "logs/vit"],
      groups: { "logs/train": "logs/train", "logs/resnet": "logs/resnet", "logs/vit": "logs/vit" },
    },
    {
      why: "runs deeper below the same directory also make train an ordinary name",
      names: ["logs/train", "logs/resnet/a"],
      groups: { "logs/train": "logs/train", "logs/resnet/a": "logs/resnet/a" },
    },
    {
      why: "test is a split only beside another one",
      names: ["a/test", "b/test", "b/train"],
      groups: { "a/test": "a/test", "b/test": "b + test", "b/train": "b + train" },
    },
    {
      why: "an estimator evaluates below its own model directory",
      names: ["model", "model/eval", "model/eval_holdout"],
      groups: { model: "model", "model/eval": "model + eval", "model/eval_holdout": "model + eval_holdout" },
    },
    {
      why: "Lightning counts its runs",
      names: ["lightning_logs/version_0", "lightning_logs/version_1"],
      groups: {
        "lightning_logs/version_0": "lightning_logs/version_0",
        "lightning_logs/version_1": "lightning_logs/version_1",
      },
    },
    {
      why: "counted runs stay runs where a stray file lies above them",
      names: ["exp", "exp/version_0", "exp/seed-3"],
      groups: { exp: "exp", "exp/version_0": "exp/version_0", "exp/seed-3": "exp/seed-3" },
    },
    {
      why: "tensorboardX's add_scalars keeps the slashes of the tag",
      names: ["base", "base/data/group/cos", "base/data/group/sin x"],
      groups: {
        base: "base",
        "base/data/group/cos": "base + data/group/cos",
        "base/data/group/sin x": "base + data/group/sin x",
      },
    },
    {
      why: "add_hparams makes a sub-run of the writer's directory",
      names: ["sweep/t0", "sweep/t0/1790314845.7573311", "sweep/t1", "sweep/t1/hp1"],
      groups: {
        "sweep/t0": "sweep/t0",
        "sweep/t0/1790314845.7573311": "sweep/t0 + 1790314845.7573311",
        "sweep/t1": "sweep/t1",
        "sweep/t1/hp1": "sweep/t1 + hp1",
      },
    },
    {
      why: "a watched directory that is one run takes its add_scalars sub-runs",
      names: [".", "lr_body", "lr_head", "acc_train", "acc_val"],
      groups: {
        ".": ".",
        lr_body: ". + lr_body",
        lr_head: ". + lr_head",
        acc_train: ". + acc_train",
        acc_val: ". + acc_val",
      },
    },
    {
      why: "a stray file in the watched directory makes no run of everything below it",
      names: [".", "a", "a/b", "d"],
      groups: { ".": ".", a: "a", "a/b": "a + b", d: "d" },
    },
    {
      why: "counted names that share a stem are runs",
      names: [".", "exp_1", "exp_2"],
      groups: { ".": ".", exp_1: "exp_1", exp_2: "exp_2" },
    },
    {
      why: "sub-runs of a split belong to the run of the split",
      names: ["r/train", "r/train/loss_a", "r/train/loss_b", "r/val"],
      groups: {
        "r/train": "r + train",
        "r/train/loss_a": "r + train/loss_a",
        "r/train/loss_b": "r + train/loss_b",
        "r/val": "r + val",
      },
    },
    {
      why: "runs named like parts of JavaScript's objects are runs",
      names: ["__proto__", "constructor/train"],
      groups: { __proto__: "__proto__", "constructor/train": "constructor + train" },
    },
  ];

describe("grouping log runs into runs and splits", () => {
  it.each(cases)("$why", ({ names, groups }) => {
    const expected = new Map(Object.entries(groups));
    const found = [...groupLogRuns(names)].map(([name, { run, split }]) => [
      name,
      split === "" ? run : `${run} + ${split}`,
    ]);
    expect(found).toEqual(names.map((name) => [name, expected.get(name) ?? name]));
  });

  it("takes 50,000 log runs in well under a second of work", () => {
    const names = Array.from({ length: 50_000 }, (_, index) => `sweep/${index % 200}/${index}/train`);
    expect(groupLogRuns(names).get("sweep/7/7/train")).toEqual({ run: "sweep/7/7", split: "train" });
  });
});
