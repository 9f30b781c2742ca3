import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { throwAwayFolder } from "../support/bot-process.js";
import { EventFileWriter, writeCurve } from "../support/event-writer.js";
import { readJunit } from "../support/gate/junit.js";
import { readGitlab, readSarif } from "../support/gate/json-reports.js";
import { readWorkflow } from "../support/gate/workflow-commands.js";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const docs = fileURLToPath(new URL("../../docs/", import.meta.url));
const begun = 1_700_000_000;
let folder: ReturnType<typeof throwAwayFolder>;

/** A project whose pipeline the examples are: `tensorbell` on the PATH, the example's configuration, a baseline of three runs. */
beforeAll(() => {
  folder = throwAwayFolder("tb-ci-");
  mkdirSync(join(folder.path, "bin"));
  const program = join(folder.path, "bin/tensorbell");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  chmodSync(program, 0o755);
  copyFileSync(example("tensorbell.yaml"), join(folder.path, "tensorbell.yaml"));
  copyFileSync(example("Makefile"), join(folder.path, "Makefile"));
  for (const last of [0.39, 0.4, 0.41]) train(`seeds/${last}`, [1, 0.6, 0.5, 0.45, last]);
  // As the guide says it.
  expect(run("tensorbell baseline save seeds --output baseline.json").stderr).toBe("");
});

afterAll(() => folder.remove());

beforeEach(() => {
  for (const name of ["logs", "reports"]) rmSync(join(folder.path, name), { recursive: true, force: true });
});

const healthy = [1, 0.6, 0.5, 0.45, 0.4];
const diverged = [1, 0.6, NaN, NaN, NaN];

function example(name: string): string {
  return join(docs, "examples/ci", name);
}

function train(directory: string, losses: readonly number[]): void {
  const writer = new EventFileWriter(join(folder.path, directory), { wallTime: begun });
  writeCurve(writer, { tag: "val_loss", wallTime: begun, values: losses });
  writeCurve(writer, { tag: "val_accuracy", wallTime: begun, values: [0.5, 0.6, 0.7, 0.8, 0.9] });
  writeCurve(writer, { tag: "learning_rate", wallTime: begun, values: losses.map(() => 1e-3) });
  writer.close();
  // Long over.
  utimesSync(writer.path, begun, begun);
}

function run(command: string, env: Readonly<Record<string, string>> = {}) {
  const PATH = `${join(folder.path, "bin")}:${process.env["PATH"] ?? ""}`;
  return spawnSync("sh", ["-c", command], {
    cwd: folder.path,
    encoding: "utf8",
    env: { PATH, HOME: folder.path, ...env },
  });
}

function read(file: string): string {
  return readFileSync(join(folder.path, file), "utf8");
}

/** What an example does with TensorBell: its gate, and what draws the curves where that fails. */
interface Steps {
  readonly gate: string;
  readonly curves: string;
}

function stepsOf(commands: readonly string[]): Steps {
  const own = commands.filter((command) => command.startsWith("tensorbell "));
  expect(own).toHaveLength(2);
  const [gate = "", curves = ""] = own;
  return { gate, curves };
}

const githubWorkflow = z.object({
  jobs: z.object({
    train: z.object({
      steps: z.array(
        z.object({
          run: z.string().optional(),
          uses: z.string().optional(),
          with: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
  }),
});

const gitlabPipeline = z.object({
  train: z.object({
    script: z.array(z.string()),
    after_script: z.array(z.string()),
    artifacts: z.object({
      paths: z.array(z.string()),
      reports: z.object({ junit: z.string(), codequality: z.string() }),
    }),
  }),
});

describe("the examples for pipelines", () => {
  test("on GitHub Actions passes a healthy run, and annotates a diverged one", () => {
    const { steps } = githubWorkflow.parse(parse(readFileSync(example("github.yml"), "utf8"))).jobs.train;
    const { gate, curves } = stepsOf(steps.flatMap(({ run }) => run ?? []));
    train("logs/a", healthy);
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(folder.path, "summary.md") };
    const passed = run(gate, env);
    expect([passed.stderr, passed.status]).toEqual(["", 0]);
    expect(readWorkflow(passed.stdout).commands).toMatchObject([{ name: "notice" }]);
    expect(read("summary.md")).toContain("## TensorBell passed");

    train("logs/b", diverged);
    const failed = run(gate, env);
    expect([failed.stderr, failed.status]).toEqual(["", 1]);
    expect(readWorkflow(failed.stdout).commands[0]).toMatchObject({ name: "error" });
    expect(read("summary.md")).toContain("## TensorBell failed");
    expect(run(curves).status).toBe(0);
    const uploads = steps.filter(({ uses = "" }) => uses.includes("upload"));
    expect(uploads).toHaveLength(2);
    for (const { with: inputs } of uploads) {
      expect(existsSync(join(folder.path, String(inputs?.["path"] ?? inputs?.["sarif_file"])))).toBe(true);
    }
    readSarif(read("reports/tensorbell.sarif"));
    readJunit(read("reports/tensorbell.xml"));
  });

  test("on GitLab CI leaves the reports that its job names", () => {
    const { train: job } = gitlabPipeline.parse(parse(readFileSync(example("gitlab-ci.yml"), "utf8")));
    const { gate, curves } = stepsOf([...job.script, ...job.after_script]);
    train("logs/a", healthy);
    expect(run(gate).status).toBe(0);
    expect(readGitlab(read(job.artifacts.reports.codequality))).toEqual([]);
    train("logs/b", diverged);
    expect(run(gate).status).toBe(1);
    expect(run(curves).status).toBe(0);
    expect(readGitlab(read(job.artifacts.reports.codequality)).length).toBeGreaterThan(0);
    expect(readJunit(read(job.artifacts.reports.junit)).failures.length).toBeGreaterThan(0);
    for (const path of job.artifacts.paths) expect(existsSync(join(folder.path, path))).toBe(true);
  });

  test("on Jenkins leaves the report that it reads", () => {
    const text = readFileSync(example("Jenkinsfile"), "utf8");
    const { gate, curves } = stepsOf(
      [...text.matchAll(/\bsh '([^']*)'/g)].map(([, command = ""]) => command),
    );
    const [, junit = ""] = /\bjunit '([^']*)'/.exec(text) ?? [];
    expect(text.split("{").length).toBe(text.split("}").length);
    train("logs/a", healthy);
    expect(run(gate).status).toBe(0);
    expect(readJunit(read(junit)).failures).toEqual([]);
    train("logs/b", diverged);
    expect(run(gate).status).toBe(1);
    expect(readJunit(read(junit)).failures.length).toBeGreaterThan(0);
    expect(run(curves).status).toBe(0);
  });

  test("with make check a run, and make a baseline of what is there", (context) => {
    if (run("make --version").status !== 0) context.skip("make is not installed");
    train("logs/a", healthy);
    const passed = run("make -s check");
    expect([passed.stderr, passed.status]).toEqual(["", 0]);
    train("logs/b", diverged);
    // make's own code for a recipe that failed.
    expect(run("make -s check").status).toBe(2);
    const saved = run("make -s baseline LOGS=seeds");
    expect([saved.stderr, saved.status]).toEqual(["", 0]);
  });

  test("stop a training that fails the gate, and pass on how one ended that did not", () => {
    const script = `sh "${example("guarded-training.sh")}" logs`;
    train("logs/a", diverged);
    const stopped = run(`${script} sh -c 'exec tail -f /dev/null'`);
    expect(stopped.status).toBe(1);
    expect(stopped.stdout).toContain("val_loss");
    rmSync(join(folder.path, "logs"), { recursive: true });
    train("logs/a", healthy);
    expect(run(`${script} sh -c 'exit 7'`).status).toBe(7);
    expect(run(`${script} true`).status).toBe(0);
  });

  test.each([
    "tensorbell.yaml",
    "guarded-training.sh",
    "github.yml",
    "gitlab-ci.yml",
    "Jenkinsfile",
    "Makefile",
  ])("%s stands in the guide as it is in its file", (name) => {
    expect(readFileSync(join(docs, "ci.md"), "utf8")).toContain(
      `\n${readFileSync(example(name), "utf8")}\`\`\`\n`,
    );
  });
});
