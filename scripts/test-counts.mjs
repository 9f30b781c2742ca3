/**
 * The three figures out of vitest's JSON report and its exit status. A file that does not load counts as one failure,
 * and so does a run that ended badly without a failed test (unhandled error, no tests, no report).
 */
export function countTests(report, status) {
  const unloaded = (report?.testResults ?? []).filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = (report?.numFailedTests ?? 0) + unloaded;
  return {
    passed: report?.numPassedTests ?? 0,
    failed: status === 0 ? failed : Math.max(failed, 1),
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
}
