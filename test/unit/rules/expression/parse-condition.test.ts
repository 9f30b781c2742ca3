import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCondition } from "../../../../src/rules/expression/parse-condition.js";
import { printCondition } from "../../../../src/rules/expression/print-condition.js";
import {
  aggregateNames,
  type AggregateNode,
  type NumberNode,
  type TruthNode,
} from "../../../../src/rules/expression/syntax.js";

const metrics = ["loss", "val"];

test.each([
  ["loss > 1", "loss > 1"],
  ["mean(loss, 20) > 1.2 * min(loss, 200)", "mean(loss, 20) > 1.2 * min(loss, 200)"],
  ["not (loss > 1 or val > 2) and val < 3", "not (loss > 1 or val > 2) and val < 3"],
  ["loss > 1 or val > 2 and val < 3", "loss > 1 or val > 2 and val < 3"],
  ["(loss > 1 or val > 2) and (val < 3)", "(loss > 1 or val > 2) and val < 3"],
  ["loss - (val - 1) > -2", "loss - (val - 1) > -2"],
  ["(loss - val) - 1 != 1e-3", "loss - val - 1 != 0.001"],
  ["-(loss + val) * 2 <= abs( slope( val ,5))", "-(loss + val) * 2 <= abs(slope(val, 5))"],
  ["last(loss) == .5", "loss == 0.5"],
])("%s is read as %s", (text, printed) => {
  const parsed = parseCondition(text, metrics);
  expect(parsed.kind === "condition" ? printCondition(parsed.condition) : parsed.problem).toBe(printed);
});

test.each([
  ["", 1, "expected a number or a metric, found the end"],
  ["loss > (1 + )", 13, 'expected a number or a metric, found ")"'],
  ["loss", 5, 'expected a comparison such as "> 0.5", found the end'],
  ["loss > 1 2", 10, 'expected an operator or the end, found "2"'],
  ["los > 1", 1, /^unknown metric "los"; expected loss, val or one of last, /],
  ["mean(lose, 2) > 1", 6, /^unknown metric "lose"; /],
  ["mean(2, 2) > 1", 6, 'expected a metric, found "2"'],
  ["mean(loss) > 1", 10, /^expected a comma and a number of points, as in mean\(loss, 20\); found "\)"$/],
  ["mean(loss, 0) > 1", 12, 'expected a whole number of points from 1 to 10000, found "0"'],
  ["slope(loss, 1) > 1", 13, 'expected a whole number of points from 2 to 10000, found "1"'],
  ["mean(loss, 10001) > 1", 12, /^expected a whole number of points/],
  ["mean(loss, 2.5) > 1", 12, /^expected a whole number of points/],
  ["1 < loss < 2", 10, "comparisons cannot be chained; join two of them with and"],
  ["loss > 1 and val", 14, 'expected a comparison such as "loss > 0.5", found a number'],
  ["(loss > 1) + 1 > 2", 1, "expected a number, found a comparison"],
  ["loss > 1 && val > 2", 10, '"&" has no meaning here; write and'],
  ["损失 > 1 ; val", 8, '";" has no meaning here'],
  ["loss = 1", 6, '"=" has no meaning here; write == for equal'],
  ["loss => 1", 6, '"=" has no meaning here; write >='],
  ["loss > 1 AND val > 2", 10, 'expected an operator or the end, found "AND"; write and'],
  ["NOT loss > 1", 1, 'unknown metric "NOT"; write not'],
  ["Loss > 1", 1, 'unknown metric "Loss"; write loss'],
  ["avg(loss, 5) > 1", 1, 'unknown metric "avg"; write mean'],
  ["max(Val, 5) > 1", 5, 'unknown metric "Val"; write val'],
  ["train/loss > 1", 1, /^unknown metric "train"; a tag such as "train\/…" stands under metric: or metrics:/],
  ["loss > 1e999", 8, '"1e999" is too large a number'],
  ["(loss > 1", 10, 'expected ")", found the end'],
  ["and > 1", 1, 'expected a number or a metric, found "and"'],
  [`${"(".repeat(60)}loss > 1`, 51, "nested deeper than 50"],
  [Array(40).fill("loss").join(" + ") + " > 1", 225, "more than 32 metrics and aggregates"],
  ["1".repeat(2_001), 1, "expected at most 2000 characters, found more"],
])("%s is refused at column %d", (text, column, sentence) => {
  const parsed = parseCondition(text, metrics);
  expect(parsed).toMatchObject({ kind: "problem", problem: { column } });
  const said = parsed.kind === "problem" ? parsed.problem.sentence : "";
  if (typeof sentence === "string") expect(said).toBe(sentence);
  else expect(said).toMatch(sentence);
});

const metric = fc.constantFrom(...metrics);
const aggregate: fc.Arbitrary<AggregateNode> = fc
  .record({ name: fc.constantFrom(...aggregateNames), metric, window: fc.integer({ min: 2, max: 10_000 }) })
  .map(({ name, window, ...rest }) => ({
    kind: "aggregate",
    name,
    window: name === "last" ? 1 : window,
    ...rest,
  }));
const trees = fc.letrec<{ number: NumberNode; truth: TruthNode }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 4, depthIdentifier: "n" },
    fc
      .double({ min: 0, noNaN: true, noDefaultInfinity: true })
      .map((value) => ({ kind: "number" as const, value: Math.abs(value) })),
    aggregate,
    fc.record({ kind: fc.constantFrom("negate" as const, "absolute" as const), of: tie("number") }),
    fc.record({
      kind: fc.constant("arithmetic" as const),
      operator: fc.constantFrom("+" as const, "-" as const, "*" as const, "/" as const),
      left: tie("number"),
      right: tie("number"),
    }),
  ),
  truth: fc.oneof(
    { maxDepth: 3, depthIdentifier: "t" },
    fc.record({
      kind: fc.constant("compare" as const),
      operator: fc.constantFrom(">" as const, ">=" as const, "<" as const, "<=" as const, "!=" as const),
      left: tie("number"),
      right: tie("number"),
    }),
    fc.record({ kind: fc.constant("not" as const), of: tie("truth") }),
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      left: tie("truth"),
      right: tie("truth"),
    }),
  ),
}));

test("what is printed parses to the same tree", () => {
  fc.assert(
    fc.property(trees.truth, (condition) => {
      const text = printCondition(condition);
      const parsed = parseCondition(text, metrics);
      if (parsed.kind === "problem" && /^(more than|expected at most|nested)/.test(parsed.problem.sentence))
        return;
      expect(parsed).toEqual({ kind: "condition", condition });
    }),
    { numRuns: 300 },
  );
});

test("no text makes the parser throw, and every complaint points into it", () => {
  const word = fc.constantFrom(
    "loss",
    "mean",
    "(",
    ")",
    ",",
    ">",
    "and",
    "not",
    "-",
    " ",
    "1",
    "5e",
    "𝒳",
    "\u0000",
    "max(val, 3)",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word, { maxLength: 60 }).map((words) => words.join(" ")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parseCondition(text, metrics);
      if (parsed.kind === "condition") return;
      expect(parsed.problem.column).toBeGreaterThanOrEqual(1);
      expect(parsed.problem.column).toBeLessThanOrEqual(Array.from(text).length + 1);
      expect(parsed.problem.sentence).not.toMatch(/[\n\0]/);
    }),
    { numRuns: 500 },
  );
});
