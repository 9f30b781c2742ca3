import type { Direction, MetricKind } from "./labels.js";
import { metricWords } from "./metric-words.js";

/** What a metric is, from its tag: the last path part decides, the whole tag where that says nothing (`Loss/train`). */
export function metricKindOf(tag: string): MetricKind {
  const words = metricWords(tag);
  if (words.every((word) => progressWords.has(word) || phaseWords.has(word))) return "progress";
  const last = metricWords(tag.slice(tag.lastIndexOf("/") + 1));
  const own = kindOfWords(last);
  return own === "other" ? kindOfWords(words) : own;
}

/** Which way is better, from the kind; for kinds that do not say, from the words. */
export function directionOf(kind: MetricKind, tag: string): Direction {
  if (kind === "loss") return "lower";
  if (kind === "accuracy" || kind === "throughput") return "higher";
  if (kind !== "other") return "unknown";
  const words = metricWords(tag);
  if (words.some((word) => returnWords.has(word))) return "higher";
  return words.some((word) => distanceWords.has(word)) ? "lower" : "unknown";
}

function kindOfWords(words: readonly string[]): MetricKind {
  const has = (set: ReadonlySet<string>): boolean => words.some((word) => set.has(word));
  const all = (...wanted: readonly string[]): boolean => wanted.every((word) => words.includes(word));
  if (has(rateWords) || all("learning", "rate")) return "learning-rate";
  if (has(gradientWords) && (has(normWords) || words.includes("global"))) return "gradient-norm";
  if (has(gradientNormWords)) return "gradient-norm";
  if (has(speedWords) || (has(secondWords) && has(workWords)) || all("step", "sec")) return "throughput";
  if (has(settingWords) && !has(overlapWords)) return "other";
  if (has(machineWords)) return "utilisation";
  if (isRegulariser(words, has)) return "regulariser";
  if (has(lossWords) || isCrossEntropy(words) || all("bits", "per")) return "loss";
  if (has(accuracyWords)) return "accuracy";
  return "other";
}

/** `reg` in detection heads is a regression, smooth L1 is a loss, and a cross entropy is no entropy bonus. */
function isRegulariser(words: readonly string[], has: (set: ReadonlySet<string>) => boolean): boolean {
  if (isCrossEntropy(words) || words.includes("smooth")) return false;
  if (words.includes("reg") && has(detectionWords)) return false;
  return has(regulariserWords);
}

function isCrossEntropy(words: readonly string[]): boolean {
  return words.includes("crossentropy") || (words.includes("cross") && words.includes("entropy"));
}

function setOf(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

const phaseWords = setOf("train training val valid validation eval evaluation test");
const progressWords = setOf(
  "epoch epochs step steps iteration iterations iter global num total timesteps progress samples",
);
const rateWords = setOf("lr lrs learningrate 学习率");
const gradientWords = setOf("grad grads gradient gradients 梯度");
const normWords = setOf("norm norms l2norm 范数");
const gradientNormWords = setOf("gradnorm gnorm gradientnorm");
const speedWords = setOf("throughput fps ips tps sps wps ups tflops mfu speed 吞吐");
const secondWords = setOf("second sec s");
const workWords = setOf("per samples tokens images imgs steps it iterations examples frames");
/** `dice_coef` is a score, other coefficients are settings. */
const overlapWords = setOf("dice jaccard iou");
const distanceWords = setOf("fid kid lpips hausdorff");
const settingWords = setOf(
  "scale scaler weight weights coef coeff coefficient coefficients lambda time times duration seconds elapsed latency count eta clip clipfrac explained variance std",
);
const machineWords = setOf("gpu cpu memory mem vram ram utilization utilisation util power");
const regulariserWords = setOf(
  "reg regularization regularizer regularisation regulariser regloss l1 l2 penalty kl kld kldiv entropy commit commitment aux auxiliary",
);
const detectionWords = setOf("box bbox boxes rpn roi loc mask head");
const lossWords = setOf(
  "loss losses nll perplexity ppl err error errors wer cer mse mae rmse bce ce xent logloss cost bpb bpd 损失 误差",
);
const accuracyWords = setOf(
  "acc accuracy accuracies f1 auc auroc auprc roc map ap apl apm aps hits precision recall bleu rouge ssim psnr iou miou dice top1 top5 kappa mcc jaccard ndcg mrr sensitivity specificity 准确率 精度 召回率",
);
const returnWords = setOf("reward rewards rew return returns score scores success 奖励");
