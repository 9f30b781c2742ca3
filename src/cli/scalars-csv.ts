import type { ScalarsExtent, ScalarsWriter } from "./scalars-writer.js";

const pieceLength = 65_536;

/** `run,tag,step,wall_time,value`, and `taken_away` (0 or 1) where all points are asked for, a line a point (RFC 4180); damage goes to standard error. */
export function csvScalars(extent: ScalarsExtent): ScalarsWriter {
  return {
    begin: () => `run,tag,step,wall_time,value${extent === "all" ? ",taken_away" : ""}\r\n`,
    *run(name, series) {
      let text = "";
      for (const [tag, points] of series) {
        const labels = `${csvField(name)},${csvField(tag)}`;
        const { step, wallTime, value, takenAway } = points.columns();
        for (let index = 0; index < step.length; index += 1) {
          const flag = takenAway === undefined ? "" : `,${takenAway[index] ?? 0}`;
          text += `${labels},${step[index] ?? 0},${wallTime[index] ?? 0},${value[index] ?? 0}${flag}\r\n`;
          if (text.length < pieceLength) continue;
          yield text;
          text = "";
        }
      }
      yield text;
    },
    end: () => "",
  };
}

/** Names come from users: quoted where they would break the line, and never begun with what a spreadsheet runs as a formula. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
