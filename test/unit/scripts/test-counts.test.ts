import { describe, expect, it } from "vitest";
// @ts-expect-error: plain JavaScript, so that it runs without a build
import * as untyped from "../../../scripts/test-counts.mjs";

type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };
const { countTests } = untyped as {
  readonly countTests: (report: object | undefined, status: number) => Counts;
};

const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] };

describe("the last line of the tests", () => {
  it("counts what passed, failed and was skipped", () => {
    expect(countTests(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 2 });
  });

  it("counts a file that does not load as one failure", () => {
    const testResults = [{ status: "failed", assertionResults: [] }];
    expect(countTests({ ...report, testResults }, 1)).toMatchObject({ failed: 1 });
  });

  it("never says none failed when the run ended badly", () => {
    expect(countTests(report, 1)).toMatchObject({ failed: 1 });
    expect(countTests(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
