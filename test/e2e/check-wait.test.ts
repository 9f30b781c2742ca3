import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { throwAwayFolder } from "../support/bot-process.js";
import { EventFileWriter } from "../support/event-writer.js";
import { hparamsRecord } from "../support/hparams-record.js";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const begun = 1_700_000_000;
let folder: ReturnType<typeof throwAwayFolder>;

beforeEach(() => {
  folder = throwAwayFolder("tb-wait-");
});

afterEach(() => folder.remove());

/** A training of which a test writes every point. */
function training(run: string) {
  const writer = new EventFileWriter(join(folder.path, "logs", run), { wallTime: begun });
  let step = 0;
  return {
    losses: (...values: readonly number[]): void => {
      for (const value of values) writer.add("loss", step, value, begun + step++);
      writer.flush();
    },
    declares: (steps: number): void => writer.record(hparamsRecord({ max_steps: steps })),
    /** As if nothing had been written for an hour. */
    fallsQuiet: (): void => {
      const hourAgo = Date.now() / 1_000 - 3_600;
      utimesSync(writer.path, hourAgo, hourAgo);
    },
  };
}

function configure(check: object): void {
  writeFileSync(join(folder.path, "tensorbell.yaml"), JSON.stringify({ check }));
}

/** `tensorbell check logs --wait`, and what it says while it waits. */
function waiting(...words: readonly string[]) {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [main, "check", "logs", "--wait", "--json", ...words], {
    cwd: folder.path,
    env: { PATH, HOME: folder.path },
  });
  return { child, answer: answerOf(child), says: saying(child) };
}

async function answerOf(child: ChildProcessWithoutNullStreams) {
  const [stdout, [code]] = await Promise.all([
    text(child.stdout),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  const report = (stdout === "" ? undefined : JSON.parse(stdout)) as
    { findings: { rule: string; found: string }[]; runs: { run: string; points: number }[] } | undefined;
  return { code, report };
}

/** Resolves once standard error has said the words; rejects where the process ends before. */
function saying(child: ChildProcessWithoutNullStreams): (words: string) => Promise<void> {
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  return async (words) => {
    while (!said.includes(words)) {
      if (child.exitCode !== null) throw new Error(`ended before it said ${words}: ${said}`);
      await Promise.race([once(child.stderr, "data"), once(child, "exit")]);
    }
  };
}

const calm = { quietFor: "10m", timeout: "10m" };

describe("check --wait", () => {
  test("judges a run when it has been quiet, with the points that came while it waited", async () => {
    configure({ ...calm, requirements: [{ metric: "loss", atMost: 0.2 }] });
    const run = training("a");
    run.losses(1, 0.9);
    const { says, answer } = waiting();
    await says("waiting for 1 of 1 run: a, 2 points so far");
    run.losses(0.5, 0.1);
    run.fallsQuiet();
    const { code, report } = await answer;
    expect(report).toMatchObject({ findings: [], runs: [{ run: "a", points: 4 }] });
    expect(code).toBe(0);
  });

  test("judges a run when it has made the steps that it declared", async () => {
    configure(calm);
    const run = training("a");
    run.declares(4);
    run.losses(1, 0.9, 0.8);
    const { says, answer } = waiting();
    await says("waiting for 1 of 1 run: a, 3 points so far");
    run.losses(0.7);
    const { code, report } = await answer;
    expect(report).toMatchObject({ findings: [], runs: [{ run: "a", points: 4 }] });
    expect(code).toBe(0);
  });

  test("fails while the run still trains, as soon as it is sure", async () => {
    configure(calm);
    const run = training("a");
    run.losses(1, 0.9);
    const { says, answer } = waiting();
    await says("waiting for 1 of 1 run: a");
    run.losses(NaN);
    const { code, report } = await answer;
    expect(report?.findings).toMatchObject([{ rule: "non_finite" }]);
    expect(code).toBe(1);
  });

  test("fails when the time is up, and names what still trains", async () => {
    configure({ quietFor: "10m" });
    training("a").losses(1, 0.9);
    const { code, report } = await waiting("--timeout", "1500ms").answer;
    expect(report?.findings).toMatchObject([{ rule: "timed_out", found: "still going on: a" }]);
    expect(code).toBe(1);
  });

  test("waits for a directory that the training has yet to make", async () => {
    configure(calm);
    const { says, answer } = waiting();
    await says("to appear");
    training("a").losses(NaN);
    const { code, report } = await answer;
    expect(report?.findings).toMatchObject([{ rule: "non_finite" }]);
    expect(code).toBe(1);
  });

  test("ends at Ctrl-C without a verdict and without a report", async () => {
    configure(calm);
    training("a").losses(1, 0.9);
    const { child, says, answer } = waiting("--output", "junit=out/junit.xml");
    await says("waiting for 1 of 1 run: a");
    child.kill("SIGINT");
    expect(await answer).toEqual({ code: 130, report: undefined });
    expect(existsSync(join(folder.path, "out/junit.xml"))).toBe(false);
  });
});
