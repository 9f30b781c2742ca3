import type { Locale } from "../../lib/locale.js";
import { blobs, withWrongLabels } from "./blobs.js";
import { LinearRegression } from "./linear-regression.js";
import { NaiveLogistic } from "./naive-logistic.js";
import { SoftmaxRegression } from "./softmax-regression.js";

/** What a training run logs at one step, by split and tag. */
export interface Logged {
  readonly step: number;
  readonly train: Readonly<Record<string, number>>;
  readonly validation?: Readonly<Record<string, number>>;
}

export interface DemoRun {
  readonly name: string;
  /** What will happen to it. */
  readonly story: Readonly<Record<Locale, string>>;
  /** Trains on each call of `next`; a run that ends this way is finished, or stands still. */
  train(): Generator<Logged>;
}

/** Steps of the runs that reach their end; one log line every `stride` steps. */
const lastStep = 4_000;
const stride = 10;
/** Where the stalling run stops writing, short of `stalledRunSteps`. */
const stallsAt = 600;
/** What the stalling run means to reach, for the demo's configuration. */
export const stalledRunSteps = lastStep;

/** Five real models, trained while you watch: one does well, each of the others goes wrong in its own way. */
export const demoRuns: readonly DemoRun[] = [
  {
    name: "digits/healthy",
    story: { en: "learns, and finishes", zh: "正常收敛并完成训练" },
    train: () => classifier({ seed: 11, rate: 0.004, until: lastStep }),
  },
  {
    name: "digits/lr-too-high",
    story: { en: "its learning rate makes the loss diverge", zh: "学习率过高，损失发散" },
    train: diverging,
  },
  {
    name: "digits/nan",
    story: { en: "its loss becomes NaN", zh: "损失变为 NaN" },
    train: reachingNaN,
  },
  {
    name: "digits/bad-labels",
    story: {
      en: "its data loader goes wrong and the validation accuracy falls",
      zh: "数据加载出错，验证准确率下降",
    },
    train: () => classifier({ seed: 12, rate: 0.02, until: lastStep, wrongFrom: 500 }),
  },
  {
    name: "digits/stalls",
    story: { en: "stops writing before its end", zh: "训练中途停止写入" },
    train: () => classifier({ seed: 13, rate: 0.01, until: stallsAt }),
  },
];

interface ClassifierPlan {
  readonly seed: number;
  readonly rate: number;
  readonly until: number;
  /** From this step on the labels are wrong. */
  readonly wrongFrom?: number;
}

const width = 16;
const classes = 5;

function* classifier({ seed, rate, until, wrongFrom = Infinity }: ClassifierPlan): Generator<Logged> {
  const { train, validation } = blobs({ seed, count: 1_500, width, classes, spread: 1.6 });
  const wrong = withWrongLabels(train, seed + 100);
  const model = new SoftmaxRegression(width, classes, seed);
  for (let step = 1; step <= until; step += 1) {
    const scores = model.step(step < wrongFrom ? train : wrong, 64, rate);
    if (step % stride !== 0) continue;
    const logged = { step, train: { loss: scores.loss, accuracy: scores.accuracy, learning_rate: rate } };
    if (step % (5 * stride) !== 0) yield logged;
    else {
      const { loss, accuracy } = model.evaluate(validation);
      yield { ...logged, validation: { loss, accuracy } };
    }
  }
}

function* diverging(): Generator<Logged> {
  const model = new LinearRegression(400, 12, 21);
  for (let step = 1; step <= lastStep; step += 1) {
    // A schedule that ends above what the loss surface bears; the trainer gives up at a million.
    const rate = Math.min(0.2, 0.00003 * step + 0.001 * Math.max(0, step - 250));
    const loss = model.step(400, rate);
    if (loss > 1e6) return;
    if (step % stride === 0) yield { step, train: { loss, learning_rate: rate } };
  }
}

function* reachingNaN(): Generator<Logged> {
  const model = new NaiveLogistic(300, 8, 31);
  for (let step = 1; step <= lastStep; step += 1) {
    const rate = Math.min(20, 0.01 * 1.03 ** step);
    const loss = model.step(rate);
    if (step % stride === 0) yield { step, train: { loss, learning_rate: rate } };
  }
}
