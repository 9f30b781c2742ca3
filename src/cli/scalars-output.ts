import { closeSync, openSync, writeSync } from "node:fs";
import { print } from "./print.js";
import type { ExportedSeries, RunDamage, ScalarsWriter } from "./scalars-writer.js";
import { wholeFile } from "./whole-file.js";

/** Where exported scalars go, a run at a time. */
export interface ScalarsOutput {
  run(name: string, series: ReadonlyMap<string, ExportedSeries>): Promise<void>;
  /** Only now is a file in its place. */
  end(damage: readonly RunDamage[]): Promise<void>;
  /** Leaves nothing behind of what was begun. */
  abandon(): void;
}

/** Text on standard output, or in a file. */
export async function openTextOutput(
  writer: ScalarsWriter,
  file: string | undefined,
): Promise<ScalarsOutput> {
  const target: TextTarget =
    file === undefined ? { write: print, end: ignore, abandon: ignore } : textFile(file);
  try {
    await target.write(writer.begin());
  } catch (cause) {
    target.abandon();
    throw cause;
  }
  return {
    run: async (name, series) => {
      for (const piece of writer.run(name, series)) await target.write(piece);
    },
    end: async (damage) => {
      await target.write(writer.end(damage));
      target.end();
    },
    abandon: () => target.abandon(),
  };
}

function ignore(): void {
  return undefined;
}

interface TextTarget {
  write(text: string): Promise<void>;
  end(): void;
  abandon(): void;
}

function textFile(file: string): TextTarget {
  const output = wholeFile(file);
  const descriptor = openSync(output.path, "w");
  return {
    write: (text) => {
      const bytes = Buffer.from(text, "utf8");
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      return Promise.resolve();
    },
    end: () => {
      closeSync(descriptor);
      output.keep();
    },
    abandon: () => {
      closeSync(descriptor);
      output.abandon();
    },
  };
}
