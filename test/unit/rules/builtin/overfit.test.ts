import { describe, expect, test } from "vitest";
import type { Transition } from "../../../../src/alerts/episode.js";
import { RunJudge } from "../../../../src/alerts/run-judge.js";
import { overfit } from "../../../../src/rules/builtin/overfit.js";
import { lossStem } from "../../../../src/rules/loss-pair.js";
import { story, testRun } from "../../../support/judge-curve.js";

interface Epoch {
  readonly train: number;
  readonly val: number;
}

interface Named {
  readonly train?: { readonly split: string; readonly tag: string };
  readonly val?: { readonly split: string; readonly tag: string };
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The validation loss is read this many epochs late, as a file that is flushed seldom. */
  readonly late?: number;
  readonly steps?: readonly number[];
}

function judged(epochs: readonly Epoch[], named: Named = {}): Transition[] {
  const { train = { split: "train", tag: "epoch_loss" }, val = { split: "validation", tag: "epoch_loss" } } =
    named;
  const rules = { overfit: [{ settings: named.settings ?? {} }] };
  const judge = new RunJudge({
    run: testRun,
    settings: { rules, metrics: {}, overrides: [] },
    rules: [overfit],
  });
  const late = named.late ?? 0;
  const tell = (side: "train" | "val", i: number): void => {
    const epoch = epochs[i];
    if (epoch === undefined) return;
    const { split, tag } = side === "train" ? train : val;
    const wallTime = i * 60 + (side === "val" ? 30 : 0);
    judge.observe(split, tag, { step: named.steps?.[i] ?? i, wallTime, value: epoch[side] });
  };
  for (let i = 0; i < epochs.length + late; i += 1) {
    tell("train", i);
    tell("val", i - late);
  }
  return judge.drain();
}

const point = (wallTime: number) => ({ step: 0, wallTime, value: 1 });
const ripple = (i: number): number => (((i * 7) % 11) - 5) / 500;
const epochs = (count: number, at: (i: number) => Epoch): Epoch[] =>
  Array.from({ length: count }, (_, i) => at(i));
const train = (i: number): number => 0.05 + 2 * Math.exp(-i / 12) + ripple(i);
/** Falls to 0.7 at epoch 25, then rises by 0.015 an epoch. */
const val = (i: number): number =>
  i < 25 ? 0.7 + 1.4 * Math.exp(-i / 6) + ripple(i + 3) : 0.72 + (i - 25) * 0.015 + ripple(i + 3);
const fits = epochs(25, (i) => ({ train: train(i), val: val(i) }));
const overfits = epochs(50, (i) => ({ train: train(i), val: val(i) }));
const fired = (transitions: readonly Transition[]): string =>
  transitions.map(({ kind, episode }) => `${kind}@${episode.opened.step}`).join(" ");

describe("overfit", () => {
  test.each([
    ["the run goes on otherwise", (judge: RunJudge) => judge.observe("", "x", point(9_999)), "fired@395"],
    ["nothing more is written", (judge: RunJudge) => judge.tick(9_999), "fired@395"],
    ["its files were read to their end", (judge: RunJudge) => judge.learn({ isRead: true }), "fired@395"],
    ["the training loss may still come", (judge: RunJudge) => judge.tick(40 * 60 + 100), ""],
  ])("what is validated after the last training loss, where %s", (_, then, expected) => {
    const judge = new RunJudge({
      run: testRun,
      settings: { rules: {}, metrics: {}, overrides: [] },
      rules: [overfit],
    });
    for (let i = 0; i < 36; i += 1) {
      judge.observe("train", "epoch_loss", { ...point(i * 60), step: i * 10, value: train(i) });
      judge.observe("validation", "epoch_loss", {
        ...point(i * 60 + 1),
        step: i * 10 + 5,
        value: val(Math.min(i, 25)),
      });
    }
    for (let i = 36; i < 40; i += 1)
      judge.observe("validation", "epoch_loss", { ...point(i * 60 + 1), step: i * 10 + 5, value: 2 });
    then(judge);
    expect(fired(judge.drain())).toBe(expected);
  });

  test("a validation loss that climbs out of its noise while training goes on", () => {
    expect(fired(judged(overfits))).toBe("fired@33");
  });

  test.each([
    ["a healthy run", epochs(60, (i) => ({ train: train(i), val: train(i) + 0.3 }))],
    [
      "a large gap that does not grow: augmentation, dropout",
      epochs(60, (i) => ({ train: train(i), val: train(i) + 5 })),
    ],
    ["both rise: that is divergence", epochs(50, (i) => ({ train: i < 25 ? train(i) : 1 + i, val: val(i) }))],
    [
      "two evaluations are too few",
      [...fits, ...flat(2, { train: 0.1, val: 1.5 }), { train: 0.1, val: 0.7 }],
    ],
    ["less than 5 % of the best", [...fits, ...flat(30, { train: 0.05, val: 0.73 })]],
    [
      "a noisy validation loss needs more than its noise",
      epochs(60, (i) => ({ train: train(i), val: 1 + 0.3 * ((i * 7) % 3) })),
    ],
    ["the first five evaluations", epochs(5, (i) => ({ train: 1 - i / 10, val: 1 + i }))],
    ["NaN", [...fits, ...flat(30, { train: 0.05, val: NaN })]],
  ])("is silent about %s", (_, given) => {
    expect(fired(judged(given))).toBe("");
  });

  test("the gate keeps a noisy curve quiet, and can be opened", () => {
    const noisy = epochs(60, (i) => ({ train: train(i), val: 1 + ([0, 0.2, 0.1, 0.25, 0.15][i % 5] ?? 0) }));
    expect(fired(judged(noisy))).toBe("");
    expect(fired(judged(noisy, { settings: { gate: 0 } }))).toMatch(/^fired/);
  });

  test("it is over close to the best, and fires again", () => {
    const again = [...overfits.slice(0, 40), { train: 0.1, val: 0.7 }, ...flat(4, { train: 0.05, val: 1.2 })];
    expect(fired(judged(again))).toMatch(/^fired@33 resolved@33 fired@43$/);
  });

  test("however late the validation file is read, it says the same of the same evaluation", () => {
    const [now, late] = [judged(overfits), judged(overfits, { late: 20 })].map(
      ([first]) => first?.episode.evidence,
    );
    expect(late).toEqual(now);
    expect(now?.to).toBe(33);
  });

  test("it waits for the training loss to come as far", () => {
    const ahead = judged(overfits.map((epoch, i) => (i < 20 ? epoch : { ...epoch, train: NaN })));
    expect(fired(ahead)).toBe("");
  });

  test("names the validation loss, in its own split", () => {
    const [first] = judged(overfits);
    expect(first?.episode).toMatchObject({
      rule: "overfit",
      severity: "warning",
      split: "validation",
      tag: "epoch_loss",
    });
    const { evidence } = first?.episode ?? { evidence: { numbers: {} } };
    const labels = { run: testRun, split: "validation", tag: "epoch_loss", kind: "loss" } as const;
    const whole = { ...labels, phase: "validation", direction: "lower" } as const;
    expect(overfit.say(evidence, "en", whole)).toMatch(
      /^epoch_loss \(validation\) overfits: 0\.7\d* at step \d+, now 0\.8\d*, 3 evaluations in a row, while training loss fell [\d.]+ → [\d.]+$/,
    );
    expect(overfit.say(evidence, "zh", whole)).toMatch(/过拟合：第 \d+ 步的最佳值/);
  });

  test("a restart below the best begins anew, and is judged again", () => {
    const steps = [
      ...epochs(50, (i) => ({ train: i, val: i })).map(({ val: step }) => step),
      ...range(10, 30),
    ];
    const back = epochs(30, (i) => ({ train: train(i + 10), val: val(i + 10) }));
    expect(story(judged([...overfits, ...back], { steps }))).toMatch(/^fired@\d+ resolved@3030 fired@\d+$/);
  });

  test.each([
    ["Keras", { split: "train", tag: "epoch_loss" }, { split: "validation", tag: "epoch_loss" }],
    ["HF Trainer", { split: "", tag: "train/loss" }, { split: "", tag: "eval/loss" }],
    ["Lightning", { split: "", tag: "train_loss_step" }, { split: "", tag: "val_loss" }],
    ["Ultralytics", { split: "", tag: "train/box_loss" }, { split: "", tag: "val/box_loss" }],
    ["add_scalars", { split: "loss_train", tag: "loss" }, { split: "loss_val", tag: "loss" }],
    ["plain", { split: "", tag: "loss" }, { split: "", tag: "val/loss" }],
  ])("pairs the losses of %s", (_, trainName, valName) => {
    expect(fired(judged(overfits, { train: trainName, val: valName }))).toBe("fired@33");
  });

  test("losses of different things are no pair", () => {
    const names = { train: { split: "", tag: "train/cls_loss" }, val: { split: "", tag: "val/box_loss" } };
    expect(fired(judged(overfits, names))).toBe("");
    expect(lossStem("train/cls_loss")).not.toBe(lossStem("val/box_loss"));
  });
});

function flat(count: number, epoch: Epoch): Epoch[] {
  return Array<Epoch>(count).fill(epoch);
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}
