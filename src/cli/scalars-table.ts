import { counted, printable, shownNumber } from "./print.js";
import type { RunDamage, ScalarsWriter } from "./scalars-writer.js";

/** A line a series for people: points, step range, last value; then the damage. */
export function tableScalars(): ScalarsWriter {
  let runs = 0;
  let total = 0;
  return {
    begin: () => "",
    *run(name, series) {
      if (series.size === 0) return;
      runs += 1;
      yield `${printable(name)}\n`;
      for (const [tag, points] of series) {
        const { step, value, takenAway } = points.columns();
        total += points.length;
        const range = `steps ${step[0] ?? 0} to ${step.at(-1) ?? 0}`;
        const gone = takenAway === undefined ? "" : `, ${countOf(takenAway)} of them taken away`;
        yield `  ${printable(tag)}: ${counted(points.length, "point")}${gone}, ${range}, last ${shownNumber(value.at(-1) ?? Number.NaN)}\n`;
      }
    },
    end: (damage) => `${damageLines(damage)}${counted(runs, "run")}, ${counted(total, "point")}\n`,
  };
}

function countOf(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0);
}

/** A line a finding. */
export function damageLines(damage: readonly RunDamage[]): string {
  return damage
    .map(
      ({ run, file, kind, offset }) =>
        `damage: ${kind} in ${printable(`${run}/${file}`)} at byte ${offset}\n`,
    )
    .join("");
}
