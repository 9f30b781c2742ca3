import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inspection } from "../../src/cli/inspection.js";
import { conformanceCases } from "../support/conformance.js";

const tsx = fileURLToPath(import.meta.resolve("tsx"));
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const wanted = [
  "torch-resume-overlap",
  "torch-hparams",
  "keras-fit-tensorboard-callback",
  "noise-plugins",
  "undecodable-record",
];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tb-export-"));
  for (const { name, files } of conformanceCases()) {
    if (!wanted.includes(name)) continue;
    for (const [path, bytes] of files) {
      mkdirSync(join(folder, name, dirname(path)), { recursive: true });
      writeFileSync(join(folder, name, path), bytes);
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tensorbell(...words: readonly string[]) {
  const { PATH } = process.env;
  return spawnSync(process.execPath, ["--import", tsx, main, ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH, HOME: folder },
  });
}

describe("tensorbell scalars", () => {
  it("exports what a restart took away, marked, and only with --all", () => {
    const flags = ({ stdout }: { readonly stdout: string }): Record<string, number> => {
      const found: Record<string, number> = {};
      for (const line of stdout.trim().split("\r\n").slice(1)) {
        const [, tag, , , , flag = "none"] = line.split(",");
        if (tag === "loss") found[flag] = (found[flag] ?? 0) + 1;
      }
      return found;
    };
    const csv = ["scalars", "torch-resume-overlap", "--format", "csv", "--run", "no-purge"] as const;
    expect(flags(tensorbell(...csv))).toEqual({ none: 140 });
    expect(flags(tensorbell(...csv, "--all"))).toEqual({ 0: 140, 1: 20 });
  });

  it("takes the format from the file's name, and leaves nothing half-written", () => {
    const { status } = tensorbell("scalars", "torch-resume-overlap", "--tag", "loss", "--output", "loss.csv");
    expect(status).toBe(0);
    expect(readFileSync(join(folder, "loss.csv"), "utf8").split("\r\n")).toHaveLength(282);
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
  });

  it.each([
    ["a run that is not there", "--run nope", [2, /--run nope: no such log run below .*inspect/]],
    ["a tag that is not there", "--tag nope", [0, /--tag nope: no such scalar; tensorbell inspect/]],
    ["two formats", "--json --format csv", [2, /--json. cannot be used with option .--format/]],
    ["no format", "--format xml", [2, /--format xml: expected json, csv or parquet/]],
    ["a text of Parquet", "--format parquet", [2, /name a file with --output/]],
  ] as const)("says so for %s", (_what, words, [code, sentence]) => {
    const { status, stderr } = tensorbell("scalars", "torch-resume-overlap", ...words.split(" "));
    expect([status, stderr]).toEqual([code, expect.stringMatching(sentence)]);
  });
});

describe("tensorbell inspect", () => {
  it("lists runs with splits, what each tag is, hyper-parameters and damage", () => {
    const { stdout } = tensorbell("inspect", ".", "--json");
    const { runs } = JSON.parse(stdout) as Inspection;
    const shown = runs.flatMap(({ run, splits }) =>
      splits.map(({ split, tags, hparams, damage }) => {
        const kinds = tags.map(({ tag, kind, plugin, points, taken_away: gone }) =>
          kind === "scalar" ? `${tag} ${points}-${gone ?? 0}` : `${tag} (${plugin ?? "?"})`,
        );
        const named = Object.entries(hparams).map(([name, value]) => `${name}=${value}`);
        return [
          `${run} | ${split}`,
          ...[...kinds, ...named.sort(), ...damage.map(({ kind, offset }) => `${kind}@${offset}`)],
        ].join(" · ");
      }),
    );
    expect(shown).toMatchInlineSnapshot(`
      [
        "keras-fit-tensorboard-callback/fit/mnist/20261003-091544 | train · keras (graph_keras_model) · epoch_accuracy 6-0 · epoch_loss 6-0 · epoch_learning_rate 6-0 · sequential/dense/kernel/histogram (histograms) · sequential/dense/bias/histogram (histograms) · sequential/dense_1/kernel/histogram (histograms) · sequential/dense_1/bias/histogram (histograms)",
        "keras-fit-tensorboard-callback/fit/mnist/20261003-091544 | validation · evaluation_accuracy_vs_iterations 6-0 · evaluation_loss_vs_iterations 6-0 · epoch_accuracy 6-0 · epoch_loss 6-0",
        "noise-plugins/tbx |  · h (histograms) · t/text_summary (text) · i (images) · pr (pr_curves) · s 4-0 · custom_scalars__config__ (custom_scalars) · m_1 (mesh)",
        "noise-plugins/tf2 |  · _hparams_/experiment (hparams) · _hparams_/session_start_info (hparams) · t (text) · i (images) · h (histograms) · a (audio) · other/one_float (my_plugin) · acc 6-0 · lr=0.1",
        "torch-hparams/sweep/trial0 |  · loss 8-0",
        "torch-hparams/sweep/trial0 | hparams_0 · _hparams_/experiment (hparams) · _hparams_/session_start_info (hparams) · _hparams_/session_end_info (hparams) · hparam/accuracy 1-0 · hparam/loss 1-0 · amp=0 · bsize=16 · lr=1 · opt=adam",
        "torch-hparams/sweep/trial1 |  · loss 8-0",
        "torch-hparams/sweep/trial1 | hparams_1 · _hparams_/experiment (hparams) · _hparams_/session_start_info (hparams) · _hparams_/session_end_info (hparams) · hparam/accuracy 1-0 · hparam/loss 1-0 · amp=1 · bsize=32 · lr=0.1 · opt=sgd",
        "torch-hparams/sweep/trial2 |  · loss 8-0",
        "torch-hparams/sweep/trial2 | hparams_2 · _hparams_/experiment (hparams) · _hparams_/session_start_info (hparams) · _hparams_/session_end_info (hparams) · hparam/accuracy 1-0 · hparam/loss 1-0 · amp=1 · bsize=64 · lr=0.01 · opt=lion",
        "torch-resume-overlap/no-purge |  · loss 140-20 · val/acc 14-2 · only_before_crash 2-0",
        "torch-resume-overlap/with-purge |  · loss 140-20 · val/acc 14-2 · only_before_crash 2-0",
        "undecodable-record/cut |  · loss 10-0 · bad-proto@248",
        "undecodable-record/garbage |  · loss 10-0 · bad-proto@248",
        "undecodable-record/text |  · loss 10-0 · bad-proto@248",
        "undecodable-record/utf8-tag |  · loss 10-0 · bad-proto@248",
      ]
    `);
  });

  it("is a page to read", () => {
    const { stdout, stderr, status } = tensorbell("inspect", "noise-plugins");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.replaceAll(folder, "…")).toMatchInlineSnapshot(`
      "run tbx
        h: histograms
        t/text_summary: text
        i: images
        pr: pr_curves
        s: 4 points, steps 0 to 3, 2026-10-10T19:36:10Z to 2026-10-10T19:36:16Z, last 3
        custom_scalars__config__: custom_scalars
        m_1: mesh
        34642 bytes read
      run tf2
        _hparams_/experiment: hparams
        _hparams_/session_start_info: hparams
        t: text
        i: images
        h: histograms
        a: audio
        other/one_float: my_plugin
        acc: 6 points, steps 0 to 5, 2026-11-23T23:50:20Z to 2026-11-23T23:50:20Z, last 0.5
        hyper-parameters: lr=0.1
        9924 bytes read
      …/noise-plugins: 2 runs, 10 points, 0 damaged places
      "
    `);
  });
});
