import { expect, test } from "vitest";
import { judgeCurve, story } from "../../../support/judge-curve.js";

const calm = (count: number): number[] => Array.from({ length: count }, (_, i) => 1 + (i % 5) / 10);
const flat = (count: number, value: number): number[] => Array<number>(count).fill(value);

test.each([
  [
    "grad_exploding",
    "three points of more than 100 times",
    [...calm(20), ...flat(3, 200), 5],
    "fired@22 resolved@23",
  ],
  ["grad_exploding", "two are none", [...calm(20), ...flat(2, 200), 5], ""],
  ["grad_exploding", "fifty times is everyday", [...calm(20), ...flat(5, 50)], ""],
  ["grad_vanishing", "twenty points as good as none", [...calm(80), ...flat(20, 1e-8)], "fired@99"],
  ["grad_vanishing", "nineteen are none", [...calm(80), ...flat(19, 1e-8), 1], ""],
  [
    "grad_vanishing",
    "ten times the limit ends it",
    [...calm(80), ...flat(20, 1e-3), 0.5],
    "fired@99 resolved@100",
  ],
] as const)("%s: %s", (...[rule, , values, expected]) => {
  expect(story(judgeCurve({ rule, values, tag: "grad_norm" }))).toBe(expected);
});
