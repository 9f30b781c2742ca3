import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "../exit-codes.js";
import { fileFault } from "../file-fault.js";
import { print } from "../print.js";
import { attempt, refuseUnwritable, writeWhole } from "../whole-file.js";
import { type GateFormat, gateFormats, isGateFormat } from "./formats.js";
import { textReport } from "./format-text.js";
import type { GateReport } from "./report.js";

/** A format and the file that it goes to (absolute). */
export interface GateOutput {
  readonly format: GateFormat;
  readonly file: string;
}

/** Reads `junit=reports/junit.xml`. */
export function parseOutput(text: string): { readonly format: GateFormat; readonly file: string } {
  const [name = "", ...rest] = text.split("=");
  const file = rest.join("=");
  if (file === "") throw new UsageError(`--output ${text}: expected FORMAT=FILE, such as junit=junit.xml`);
  return { format: parseFormat(name, "--output"), file };
}

export function parseFormat(name: string, option: string): GateFormat {
  if (isGateFormat(name)) return name;
  throw new UsageError(`${option} ${name}: expected ${Object.keys(gateFormats).join(", ")}`);
}

/** Makes the folders of the outputs and refuses what cannot be written: said before hours of waiting, not after. */
export function prepareOutputs(outputs: readonly GateOutput[]): void {
  for (const { file } of outputs) {
    attempt(file, () => makeFolder(dirname(file)));
    refuseUnwritable(file);
  }
}

/** One by one: Node's recursive way never ends where nothing can be made, as below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** Writes the files, then the one format that goes to standard output. */
export async function deliver(
  report: GateReport,
  format: GateFormat,
  outputs: readonly GateOutput[],
): Promise<void> {
  for (const { format, file } of outputs) writeWhole(file, gateFormats[format](report));
  summarise(report, outputs);
  const isColoured = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  await print(format === "text" ? textReport(report, isColoured) : gateFormats[format](report));
}

/** GitHub Actions shows on a job's page what is appended to the file it names; that it cannot be written changes no verdict. */
function summarise(report: GateReport, outputs: readonly GateOutput[]): void {
  const file = process.env["GITHUB_STEP_SUMMARY"] ?? "";
  if (file === "" || outputs.some((output) => output.file === resolve(file))) return;
  try {
    appendFileSync(file, gateFormats.markdown(report));
  } catch (cause) {
    process.stderr.write(`${file} (GITHUB_STEP_SUMMARY): cannot be written (${fileFault(cause)})\n`);
  }
}
