import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RunJudge } from "../../../src/alerts/run-judge.js";
import { rulesOfFile } from "../../../src/app/own-rules.js";
import { checkRule } from "../../../src/rules/check-rule.js";
import { rulesOfModule } from "../../../src/rules/module-rules.js";
import type { Rule } from "../../../src/rules/rule.js";
import { story, testRun } from "../../support/judge-curve.js";

const quiet = {
  observe: () => ({ kind: "ok" }),
  reset: () => ({ kind: "ok" }),
  memory: () => new Uint8Array(0),
};
const right = {
  id: "mine",
  severity: "info",
  memoryBound: 0,
  summary: "Nothing at all.",
  say: () => "nothing",
  appliesTo: () => true,
  detector: (): unknown => quiet,
};

function only(given: unknown): Rule {
  const read = rulesOfModule({ default: given });
  if (read.kind === "problems") throw new Error(read.problems.join("; "));
  return read.rules[0]!;
}

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ["nothing", {}, "exports no rule; export one as default, or a list as rules"],
  [
    "an id of a built-in rule",
    { default: { ...right, id: "stalled" } },
    "rule 1.id: stalled is a built-in rule; choose another id",
  ],
  [
    "no detector",
    { default: { ...right, detector: 1 } },
    "rule 1.detector: expected a function detector(settings, labels, memory)",
  ],
  ["a rule twice", { default: right, rules: [right] }, "rule mine: exported twice"],
])("a module with %s is refused in a sentence", (_, exported, sentence) => {
  expect(rulesOfModule(exported)).toEqual({ kind: "problems", problems: [sentence] });
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  [
    "throws",
    {
      observe: () => {
        throw new Error("oh");
      },
    },
  ],
  ["says what is no verdict", { observe: () => "fine" }],
  ["gives words for numbers", { observe: () => ({ kind: "breach", evidence: { numbers: { x: "1" } } }) }],
])("a rule that %s is set aside, and the others go on", (_, broken) => {
  const failures: string[] = [];
  const rules = [only({ ...right, detector: () => ({ ...quiet, ...broken }) })];
  const settings = { rules: {}, metrics: {}, overrides: [], extra: rules };
  const judge = new RunJudge({ run: testRun, settings, onRuleFailure: ({ rule }) => failures.push(rule) });
  [1, 1.25, 1.5, 1.75, 2, 2.25].forEach((value, i) =>
    judge.observe("", "loss", { step: i, wallTime: i, value }),
  );
  expect(failures).toEqual(["mine"]);
  expect(judge.drain().map(({ episode }) => episode.rule)).toContain("consecutive_rise");
});

test("a rule whose memory breaks its own bound, or is lost on the way, is found by the check", () => {
  const greedy = only({ ...right, detector: () => ({ ...quiet, memory: () => new Uint8Array(9) }) });
  expect(checkRule(greedy).flatMap(({ problem }) => problem ?? [])).toContain(
    "memory is 9 bytes, memoryBound is 0",
  );
  const forgetful = only({
    ...right,
    detector: () => {
      let count = 0;
      const observe = () => ({ kind: ++count > 9 ? "clear" : "ok" });
      return { ...quiet, observe };
    },
  });
  const broken = checkRule(forgetful).filter(({ problem }) => problem !== undefined);
  expect(broken.map(({ name }) => name)).toEqual(["memory goes on where it left off, whatever the cut"]);
});

test("the example of the page works, and is what the page shows", async () => {
  const file = new URL("../../../docs/examples/loss-zero.js", import.meta.url);
  const [rule] = await rulesOfFile(file.pathname);
  const judge = new RunJudge({
    run: testRun,
    settings: { rules: {}, metrics: {}, overrides: [] },
    rules: [rule!],
  });
  [1, 0, 0, 0, 0, 1].forEach((value, i) => judge.observe("", "loss", { step: i, wallTime: i, value }));
  const said = judge.drain();
  expect(story(said)).toBe("fired@3 resolved@5");
  expect(said[0]?.episode.evidence.words).toEqual({
    en: "loss is exactly zero for 3 points",
    zh: "损失连续 3 个点为零",
  });
  const page = readFileSync(new URL("../../../docs/own-rules.md", import.meta.url), "utf8");
  expect(page).toContain(readFileSync(file, "utf8"));
});
