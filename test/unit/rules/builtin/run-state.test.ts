import { describe, expect, test } from "vitest";
import type { Transition } from "../../../../src/alerts/episode.js";
import { isAlert } from "../../../../src/alerts/is-alert.js";
import { RunJudge } from "../../../../src/alerts/run-judge.js";
import { defaultRuleSettings } from "../../../../src/rules/effective-settings.js";
import { ruleOf } from "../../../../src/rules/rule-registry.js";
import { runLengthOf } from "../../../../src/rules/run-length.js";
import { isSignName, type RunSigns, signsOf } from "../../../../src/rules/run-signs.js";
import { labelSeries } from "../../../../src/series/label-series.js";
import { testRun } from "../../../support/judge-curve.js";

type Act =
  | { readonly points: number; readonly from?: number }
  | { readonly signs: RunSigns }
  | { readonly tick: number };

/** Points come once a minute; `told` lists what rules about the run's state say. */
function told(acts: readonly Act[], maxSteps?: number): string {
  return life(acts, maxSteps)
    .map(({ kind, episode }) => `${episode.rule} ${kind}`)
    .join(", ");
}

function life(acts: readonly Act[], maxSteps?: number): readonly Transition[] {
  const judge = new RunJudge({ run: testRun, settings: defaultRuleSettings });
  if (maxSteps !== undefined) judge.declare({ steps: maxSteps });
  let step = 0;
  let wallTime = 0;
  for (const act of acts) {
    if ("signs" in act) judge.learn(act.signs);
    else if ("tick" in act) judge.tick(act.tick);
    else {
      step = act.from ?? step;
      for (let i = 0; i < act.points; i += 1, step += 1, wallTime += 60)
        judge.observe("", "x", { step, wallTime, value: 1 });
    }
  }
  return judge.drain();
}

describe("the state of a run", () => {
  test.each([
    ["the last step reached", [{ points: 101 }], 100, "finished fired"],
    ["one stride before it", [{ points: 100 }], 100, "finished fired"],
    ["well before it", [{ points: 90 }], 100, ""],
    ["no declared length", [{ points: 100 }, { tick: 6_000 }], undefined, ""],
    ["a length that was passed was none", [{ points: 200 }], 100, "finished fired, finished resolved"],
    ["finished, and silent for ever", [{ points: 101 }, { tick: 1e9 }], 100, "finished fired"],
    ["a done marker", [{ points: 9 }, { signs: { finished: "done" } }], undefined, "finished fired"],
    [
      "after a done marker silence is no news",
      [{ points: 9 }, { signs: { finished: "done" } }, { tick: 1e9 }],
      undefined,
      "finished fired",
    ],
    [
      "points after a done marker",
      [{ points: 9 }, { signs: { finished: "done" } }, { points: 1 }],
      undefined,
      "finished fired, finished resolved",
    ],
    [
      "a done marker ends a stall",
      [{ points: 9 }, { tick: 2_400 }, { signs: { finished: "done" } }],
      undefined,
      "stalled fired, stalled resolved, finished fired",
    ],
    [
      "the scheduler's word",
      [{ points: 9 }, { signs: { failed: "job_state" } }, { tick: 1e9 }],
      undefined,
      "crashed fired",
    ],
    [
      "a run that goes on did not crash",
      [{ points: 9 }, { signs: { failed: "job_state" } }, { points: 1 }],
      undefined,
      "crashed fired, crashed resolved",
    ],
    [
      "its lease went before the end",
      [{ points: 9 }, { signs: { leased: true } }, { signs: {} }],
      100,
      "crashed fired",
    ],
    [
      "a lease that went at the end",
      [{ points: 101 }, { signs: { leased: true } }, { signs: {} }],
      100,
      "finished fired",
    ],
    [
      "a lease without a length: it may have ended",
      [{ points: 9 }, { signs: { leased: true } }, { signs: {} }],
      undefined,
      "",
    ],
    ["no lease was ever there", [{ points: 9 }, { signs: {} }, { signs: {} }], 100, ""],
    [
      "an error file, and points go on",
      [{ points: 9 }, { signs: { error: "error.json" } }, { points: 60 }],
      undefined,
      "",
    ],
    [
      "an error file and silence",
      [{ points: 9 }, { signs: { error: "error.json" } }, { tick: 2_400 }],
      undefined,
      "stalled fired, crashed fired",
    ],
    ["silence alone is never a crash", [{ points: 9 }, { tick: 1e9 }], 100, "stalled fired, silent fired"],
    ["twice the silence that is strange", [{ points: 9 }, { tick: 480 + 3_599 }], undefined, "stalled fired"],
    [
      "and it comes back",
      [{ points: 9 }, { tick: 480 + 3_600 }, { points: 200 }],
      undefined,
      "stalled fired, silent fired, stalled resolved, silent resolved",
    ],
  ] satisfies readonly (readonly [string, readonly Act[], number | undefined, string])[])(
    "%s",
    (...[, acts, maxSteps, expected]) => {
      expect(told(acts, maxSteps)).toBe(expected);
    },
  );

  test("a length that comes as a metric is one", () => {
    const judge = new RunJudge({ run: testRun, settings: defaultRuleSettings });
    judge.observe("", "trainer/max_steps", { step: 0, wallTime: 0, value: 20 });
    for (let step = 0; step < 20; step += 1) judge.observe("", "x", { step, wallTime: step, value: 1 });
    expect(judge.drain().map(({ episode }) => episode.rule)).toEqual(["finished"]);
  });

  test("states are no alerts; a crash is", () => {
    const kinds = (["finished", "silent", "crashed", "stalled"] as const).map((rule) =>
      isAlert({ rule, state: "firing" }),
    );
    expect(kinds).toEqual([false, false, true, true]);
  });

  test.each([
    [
      [{ points: 9 }, { signs: { failed: "job_state" } }],
      "crashed at step 8: the scheduler's state file says that it failed",
      "失败",
    ],
    [
      [{ points: 9 }, { signs: { leased: true } }, { signs: {} }],
      "crashed at step 8 of 100: its pid or lease file is gone",
      "中断",
    ],
    [
      [{ points: 9 }, { signs: { error: "error.json" } }, { tick: 9_000 }],
      "crashed at step 8: there is an error file, and it has been quiet for 30m",
      "崩溃",
    ],
  ] satisfies readonly (readonly [readonly Act[], string, string])[])(
    "says what the word is built on",
    (acts, en, zh) => {
      const crash = life(acts, 100).find(({ episode }) => episode.rule === "crashed");
      const labels = labelSeries({ run: testRun, split: "", tag: "" });
      const { evidence, severity } = crash?.episode ?? { evidence: { numbers: {} }, severity: "info" };
      expect(ruleOf("crashed").say(evidence, "en", labels)).toBe(en);
      expect(ruleOf("crashed").say(evidence, "zh", labels)).toContain(zh);
      expect(severity).toBe("critical");
    },
  );
});

describe("files beside the event files", () => {
  const at = (name: string, text = "x", seconds = 1_000) => ({
    name,
    mtimeMs: seconds * 1_000,
    size: text.length,
    text,
  });
  test.each([
    [at("done"), { finished: "done" }],
    [at(".done", ""), { finished: ".done" }],
    [at("_SUCCESS", ""), { finished: "_SUCCESS" }],
    [at("all_results.json"), { finished: "all_results.json" }],
    [at("error.json"), { error: "error.json" }],
    [at("error.log", ""), {}],
    [at("core.4711"), { error: "core.4711" }],
    [at("train.pid"), { leased: true }],
    [at("train.pid", "1", 0), { leased: true }],
    [at("job_state", "JobState=FAILED"), { failed: "job_state" }],
    [at("job_state", "JobState=COMPLETED"), { finished: "job_state" }],
    [at("job_state", "JobState=RUNNING"), {}],
    [at("slurm_state.json", '{"state":"OUT_OF_MEMORY"}'), { failed: "slurm_state.json" }],
    [at("run_status.json", '{"status": "running", "error": null, "timeout": 3600}'), {}],
    [at("run_status.json", '{"status": "completed", "error": null}'), { finished: "run_status.json" }],
    [at("run_status.json", '{"error": null}'), {}],
    [at("job_state", "JobState=RUNNING Reason=None TimeLimit=1-00 KillOnError=1 Timeout=no"), {}],
    [at("job_state", "TIMEOUT"), { failed: "job_state" }],
    [at("done", "x", 800), {}],
    [at("error.json", "x", 800), {}],
  ])("%o means %o", (file, expected) => {
    expect(signsOf([file], 1_000)).toEqual(expected);
  });

  test.each(["done", ".lease", "pid", "error.json", "job_state"])("looks into %s", (name) => {
    expect(isSignName(name)).toBe(true);
  });
  test.each(["events.out.tfevents.1.h", "abandoned.txt", "model.pt", "config.json", "terror.json"])(
    "does not look into %s",
    (name) => {
      expect(isSignName(name)).toBe(false);
    },
  );
});

test.each([
  [
    { max_steps: 10, lr_scheduler_type: "cosine" },
    { steps: 10, schedule: "cosine" },
  ],
  [{ "trainer/num_train_steps": "20", scheduler: "constant" }, { steps: 20 }],
  [{ max_steps: -1, lr: 0.1 }, {}],
])("hyper-parameters %o declare %o", (hparams, expected) => {
  expect(runLengthOf(hparams)).toEqual(expected);
});
