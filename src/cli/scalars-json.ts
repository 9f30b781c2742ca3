import type { ExportedSeries, RunDamage, ScalarsWriter } from "./scalars-writer.js";

/** Text is handed on in pieces of about this many characters. */
const pieceLength = 65_536;

/** `{"runs": {run: {tag: [[step, wall time, value], …]}}, "errors": […]}`, written piece by piece; where all points are asked for, whether each was taken away stands behind its value. */
export function jsonScalars(): ScalarsWriter {
  let isFirst = true;
  return {
    begin: () => '{"runs":{',
    *run(name, series) {
      if (series.size === 0) return;
      let text = `${isFirst ? "" : ","}${JSON.stringify(name)}:{`;
      isFirst = false;
      let comma = "";
      for (const [tag, points] of series) {
        text += `${comma}${JSON.stringify(tag)}:[`;
        comma = ",";
        for (const piece of pointPieces(points)) {
          text += piece;
          if (text.length >= pieceLength) {
            yield text;
            text = "";
          }
        }
        text += "]";
      }
      yield `${text}}`;
    },
    end: (damage) => `},"errors":${JSON.stringify(damage.map(shownDamage))}}\n`,
  };
}

/**
 * JSON has no NaN and no infinities: they are strings. Integers beyond 2^53 get an exponent: of a row of digits other
 * languages make an integer of their own, which is not the double it stands for.
 */
export function jsonNumber(value: number): string {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value);
  return Number.isFinite(value) ? value.toExponential() : `"${value}"`;
}

function* pointPieces(points: ExportedSeries): Iterable<string> {
  const { step, wallTime, value, takenAway } = points.columns();
  let text = "";
  for (let index = 0; index < step.length; index += 1) {
    const flag = takenAway === undefined ? "" : `,${takenAway[index] === 1}`;
    const point = `[${step[index] ?? 0},${jsonNumber(wallTime[index] ?? 0)},${jsonNumber(value[index] ?? 0)}${flag}]`;
    text += index === 0 ? point : `,${point}`;
    if (text.length >= pieceLength) {
      yield text;
      text = "";
    }
  }
  yield text;
}

function shownDamage({ run, file, kind, offset }: RunDamage): object {
  return { run, file, kind, offset };
}
