import { metricWords } from "../series/metric-words.js";

export type HistogramKind = "weights" | "bias" | "gradient" | "activation" | "other";

/** What a histogram is of, by its tag: gradients are named after weights, so the more telling word wins. */
export function histogramKind(tag: string): HistogramKind {
  const words = new Set(metricWords(tag.slice(-longestName)));
  return order.find((kind) => vocabulary[kind].some((word) => words.has(word))) ?? "other";
}

/** Characters of a tag that are looked at, from its end. */
const longestName = 512;
const order = ["gradient", "activation", "bias", "weights"] as const;
const vocabulary: Readonly<Record<(typeof order)[number], readonly string[]>> = {
  gradient: ["grad", "grads", "gradient", "gradients", "梯度"],
  activation: ["relu", "relu6", "activation", "activations", "act", "激活"],
  bias: ["bias", "biases", "beta", "mean", "偏置"],
  weights: [
    "weight",
    "weights",
    "kernel",
    "kernels",
    "w",
    "gamma",
    "embedding",
    "embeddings",
    "param",
    "params",
    "权重",
  ],
};
