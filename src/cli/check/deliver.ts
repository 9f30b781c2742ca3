import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../exit-codes.js";
import { print } from "../print.js";
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

/** Writes the files, then the one format that goes to standard output. */
export async function deliver(
  report: GateReport,
  format: GateFormat,
  outputs: readonly GateOutput[],
): Promise<void> {
  for (const output of outputs) write(output.file, gateFormats[output.format](report));
  const isColoured = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  await print(format === "text" ? textReport(report, isColoured) : gateFormats[format](report));
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new UsageError(`${file}: cannot be written (${reason})`);
  }
}
