import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EventFileWriter } from "../support/event-writer.js";

const tsx = fileURLToPath(import.meta.resolve("tsx"));
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const begun = 1_700_000_000;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tb-replay-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Points {
  readonly tag: string;
  readonly values: readonly number[];
  /** The index by default. */
  readonly steps?: readonly number[];
  readonly wallTime?: (i: number) => number;
}

function write(logRun: string, points: readonly Points[]): void {
  const directory = join(folder, "logs", logRun);
  mkdirSync(directory, { recursive: true });
  const writer = new EventFileWriter(directory, { wallTime: begun });
  for (const { tag, values, steps, wallTime = (i: number) => i } of points) {
    values.forEach((value, i) => writer.add(tag, steps?.[i] ?? i, value, begun + wallTime(i)));
  }
  writer.close();
}

function replay(...words: readonly string[]) {
  const { PATH } = process.env;
  return spawnSync(process.execPath, ["--import", tsx, main, "replay", ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH, HOME: folder },
  });
}

function report(...words: readonly string[]): {
  alerts: Record<string, unknown>[];
  runs: number;
  points: number;
} {
  const { status, stdout, stderr } = replay("logs", "--json", ...words);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout) as ReturnType<typeof report>;
}

const rising = [1, 1.25, 1.5, 1.75, 2, 2.25];

describe("replay", () => {
  test("prints the alerts of all runs on disk, as they stand in the end", () => {
    write("fit/train", [{ tag: "epoch_loss", values: [...rising, NaN] }]);
    write("fit/validation", [{ tag: "epoch_accuracy", values: [0.75, 0.5, 0.25, 0.125, 0.75] }]);
    write("healthy", [{ tag: "loss", values: [3, 2, 1] }]);
    expect(report()).toEqual({
      alerts: [
        {
          run: "fit",
          split: "validation",
          tag: "epoch_accuracy",
          rule: "consecutive_drop",
          severity: "warning",
          step: 3,
          wall_time: begun + 3,
          value: 0.125,
          message: "epoch_accuracy (validation) fell 3 times in a row: 0.75 → 0.125 (-0.625), best was 0.75",
          resolved: { step: 4, wall_time: begun + 4 },
        },
        {
          run: "fit",
          split: "train",
          tag: "epoch_loss",
          rule: "consecutive_rise",
          severity: "warning",
          step: 5,
          wall_time: begun + 5,
          value: 2.25,
          message: "epoch_loss (train) rose 5 times in a row: 1 → 2.25 (+1.25)",
          resolved: null,
        },
        {
          run: "fit",
          split: "train",
          tag: "epoch_loss",
          rule: "non_finite",
          severity: "critical",
          step: 6,
          wall_time: begun + 6,
          value: "NaN",
          message: "epoch_loss (train) became NaN",
          resolved: null,
        },
      ],
      runs: 2,
      points: 15,
    });
  });

  test("feeds the points as read, those that a restart takes away included", () => {
    write(".", [{ tag: "loss", values: [...rising, 1], steps: [0, 1, 2, 3, 4, 5, 2] }]);
    const { alerts, points } = report();
    expect(points).toBe(7);
    expect(alerts).toMatchObject([
      { run: ".", rule: "consecutive_rise", step: 5, resolved: { step: 2 } },
      { run: ".", rule: "reset", step: 2 },
    ]);
  });

  test("splits share one clock: what one of them wrote is no silence; the end of the data is none either", () => {
    const pause = 3_500;
    write("a/train", [{ tag: "loss", values: [1, 1, 1], wallTime: (i) => i * pause }]);
    write("a/validation", [{ tag: "loss", values: [1, 1, 1], wallTime: (i) => i * pause + 1_750 }]);
    write("b", [{ tag: "loss", values: [1, 1], wallTime: (i) => i * pause }]);
    expect(report().alerts).toMatchObject([
      {
        run: "b",
        rule: "stalled",
        severity: "info",
        wall_time: begun + 1_800,
        step: 0,
        value: 1_800,
        resolved: { step: 1 },
      },
    ]);
  });

  test("takes settings of rules and metrics from the configuration", () => {
    write("run", [{ tag: "my_metric", values: rising }]);
    writeFileSync(
      join(folder, "strict.yaml"),
      "rules:\n  threshold: {tags: my_*, op: '>', value: 2}\n  consecutive_rise: {min_total: 1}\nmetrics:\n  my_*: {kind: loss}\n",
    );
    expect(report().alerts).toEqual([]);
    expect(report("--config", "strict.yaml").alerts).toMatchObject([
      { rule: "consecutive_rise", step: 5 },
      { rule: "threshold", step: 5, message: "my_metric is 2.25, above the limit of 2" },
    ]);
  });

  test("reads well without --json, and damage is no failure", () => {
    write("fit/train", [{ tag: "epoch_loss", values: rising }]);
    const { status, stdout } = replay("logs");
    expect(status).toBe(0);
    expect(stdout).toBe(
      "severity  run  rule              step  resolved  what it said\n" +
        "warning   fit  consecutive_rise  5     open      epoch_loss (train) rose 5 times in a row: 1 → 2.25 (+1.25)\n" +
        "\n1 alert in 1 run, 6 points\nconsecutive_rise 1; 0 of 1 run quiet\n",
    );
  });

  test("says the same whatever the number of threads", () => {
    for (let run = 0; run < 7; run += 1) {
      write(`fit${run}/train`, [{ tag: "loss", values: [...rising.map((value) => value * (run + 1)), NaN] }]);
      write(`fit${run}/validation`, [{ tag: "accuracy", values: [0.9, 0.6, 0.4, 0.2] }]);
    }
    const alone = replay("logs", "--json", "--jobs", "1", "--html", "one.html");
    expect(JSON.parse(alone.stdout)).toMatchObject({ runs: 7, points: 77 });
    for (const jobs of ["2", "3"]) {
      const together = replay("logs", "--json", "--jobs", jobs, "--html", `${jobs}.html`);
      expect(together.stdout).toBe(alone.stdout);
      expect(readFileSync(join(folder, `${jobs}.html`))).toEqual(readFileSync(join(folder, "one.html")));
    }
  });

  test("compares two configurations: what goes, what comes, what stays", () => {
    write("small", [{ tag: "loss", values: rising }]);
    write("large", [{ tag: "loss", values: rising.map((value) => 10 * value) }]);
    write("limit", [{ tag: "my_metric", values: [1, 3] }]);
    writeFileSync(
      join(folder, "other.yaml"),
      "rules:\n  threshold: {tags: my_*, value: 2}\n  consecutive_rise: {min_total: 5}\n",
    );
    const { status, stdout } = replay("logs", "--compare", "other.yaml");
    expect(status).toBe(0);
    expect(stdout).toBe(
      "change       severity  run    rule              step  resolved  what it said\n" +
        "only after   warning   limit  threshold         1     open      my_metric is 3, above the limit of 2\n" +
        "only before  warning   small  consecutive_rise  5     open      loss rose 5 times in a row: 1 → 2.25 (+1.25)\n" +
        "\n" +
        "rule              only before  only after  both\n" +
        "consecutive_rise  1            0           1\n" +
        "threshold         0            1           0\n" +
        "\n" +
        "1 alert stays as it is, 2 change; 3 runs, 14 points\n",
    );
    const json = replay("logs", "--compare", "other.yaml", "--json").stdout;
    expect(JSON.parse(json)).toMatchObject({
      only_before: [{ run: "small" }],
      only_after: [{ run: "limit", value: 3 }],
      both: [{ before: { run: "large", step: 5 }, after: { run: "large", step: 5 } }],
      by_rule: { consecutive_rise: { only_before: 1, only_after: 0, both: 1 } },
      runs: 3,
      points: 14,
    });
  });

  test("writes a page that asks the net for nothing and shows hostile names as text", () => {
    const threat = `<img src=x onerror=alert(1)>"'\u202e`;
    write("a <script>alert(1)<b>", [{ tag: `loss ${threat}`, values: rising }]);
    write("fit", [{ tag: "loss", values: [...rising, NaN] }]);
    expect(replay("logs", "--html", "page.html").stderr).toContain("page.html");
    const page = readFileSync(join(folder, "page.html"), "utf8");
    expect(page.match(/<article/g)).toHaveLength(3);
    expect(page.match(/<svg/g)).toHaveLength(3);
    expect(page).toContain("default-src 'none'; style-src 'sha256-");
    expect(page).toContain("loss became NaN");
    expect(page.match(/<script/g)).toHaveLength(1);
    // Without quoted attributes no tag says what to do on an event.
    expect(page.replaceAll(/"[^"]*"/g, "")).not.toMatch(/<[^>]* on[a-z]+=/);
    expect(page).not.toMatch(/<img|<b>|\u202e|https?:|url\(|@import/i);
  });

  test.each([
    ["no number of threads", ["logs", "--jobs", "0"]],
    ["a page in a directory that is not there", ["logs", "--html", "nowhere/page.html"]],
    ["another configuration that is not there", ["logs", "--compare", "nowhere.yaml"]],
    ["a directory that is not there", ["nowhere"]],
    ["a configuration that is not there", ["logs", "--config", "nowhere.yaml"]],
    ["no directory", []],
  ])("exits with 2 and a sentence for %s", (_, words) => {
    write("run", []);
    const { status, stdout, stderr } = replay(...words);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/\S/);
    expect(stderr).not.toContain("    at ");
  });
});
