import { expect, test } from "vitest";
import { parseConfig } from "../../../src/app/config.js";

function problems(text: string): readonly string[] {
  const result = parseConfig(text, "tensorbell.yaml", "/");
  if (result.kind === "ok") return [];
  return result.problems.map(
    ({ line, column, where, sentence }) => `${line}:${column} ${where}: ${sentence}`,
  );
}

const one = (lines: string): string => `own_rules:\n  x:\n${lines.replaceAll(/^/gm, "    ")}`;

test.each([
  ["a metric and a condition", "metric: loss\ncondition: value > 1"],
  ["several metrics", "metrics:\n  a: loss\n  b: { tag: [val, test], split: eval }\ncondition: a > b"],
  ["points", "metric: loss\ncondition: value > 1\nfor: 5 points"],
  ["a number of points", "metric: loss\ncondition: value > 1\nfor: 5"],
  ["a time", "metric: loss\ncondition: value > 1\nfor: 1h30m"],
  ["words with numbers", 'metric: loss\ncondition: mean(value, 5) > 1\nmessage: "{tag} is {mean(value, 5)}"'],
  ["words in Chinese", 'metric: loss\ncondition: value > 1\nmessage: { zh: "{tag} 为 {value}" }'],
])("%s make a rule", (_, lines) => {
  expect(problems(one(lines))).toEqual([]);
});

test.each([
  [
    "metric: loss\ncondition: value > ( )",
    '4:16 own_rules.x.condition: column 11: expected a number or a metric, found ")"',
  ],
  [
    "metrics: { a: loss, b: val }\ncondition: a > 1",
    "4:16 own_rules.x.condition: expected every metric to be used, b is not",
  ],
  ["condition: value > 1", "3:5 own_rules.x: expected either metric or metrics"],
  [
    "metrics: { mean: loss }\ncondition: mean > 1",
    "3:22 own_rules.x.metrics.mean: mean is a word of conditions; choose another name",
  ],
  [
    "metrics: { a-b: loss }\ncondition: a > 1",
    "3:21 own_rules.x.metrics.a-b: expected a name of letters, digits and _ such as train_loss",
  ],
  [
    "metric: loss\ncondition: value > 1\nfor: soon",
    '5:10 own_rules.x.for: expected a hold such as 5 points or 10m, found "soon"',
  ],
  [
    'metric: loss\ncondition: value > 1\nmessage: "is {loss}"',
    '5:14 own_rules.x.message: column 4: unknown number "{loss}"; expected {tag}, {value}',
  ],
  [
    "metric: loss\ncondition: value > 1\ncolour: red",
    /^5:5 own_rules.x.colour: unknown key "colour"; expected metric, metrics, condition, for, severity, message or runs$/,
  ],
])("%s is refused where it stands", (lines, sentence) => {
  const [first, ...rest] = problems(one(lines));
  expect(rest).toEqual([]);
  if (typeof sentence === "string") expect(first).toBe(sentence);
  else expect(first).toMatch(sentence);
});

test.each([
  ["threshold", /own_rules.threshold: threshold is a built-in rule; choose another id$/],
  ["Loss High", /expected an id of small letters, digits and _ such as loss_high/],
])("the id %s is refused", (id, sentence) => {
  const text = `own_rules:\n  "${id}": { metric: loss, condition: value > 1 }`;
  expect(problems(text)).toEqual([expect.stringMatching(sentence)]);
});
