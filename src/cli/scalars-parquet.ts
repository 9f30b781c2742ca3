import type { ScalarsOutput } from "./scalars-output.js";
import type { ScalarsExtent } from "./scalars-writer.js";
import { wholeFile } from "./whole-file.js";

/** Rows a group: what is held in memory at once, and what readers skip by. */
const groupRows = 131_072;

const pointColumns = [
  { name: "run", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
  { name: "tag", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
  { name: "step", type: "INT64", repetition_type: "REQUIRED" },
  { name: "wall_time", type: "DOUBLE", repetition_type: "REQUIRED" },
  { name: "value", type: "DOUBLE", repetition_type: "REQUIRED" },
] as const;
const flagColumn = { name: "taken_away", type: "BOOLEAN", repetition_type: "REQUIRED" } as const;

/** A Parquet file of `run, tag, step, wall_time (seconds since 1970), value`, and `taken_away` where all points are asked for, a row a point, written group by group. */
export async function openParquetOutput(file: string, extent: ScalarsExtent): Promise<ScalarsOutput> {
  const columns = extent === "all" ? [...pointColumns, flagColumn] : pointColumns;
  const { fileWriter, ParquetWriter } = await import("hyparquet-writer");
  const output = wholeFile(file);
  const parquet = new ParquetWriter({
    writer: fileWriter(output.path),
    schema: [{ name: "root", num_children: columns.length }, ...columns],
    createdBy: "tensorbell",
  });
  let rows = emptyRows();
  const flush = async (): Promise<void> => {
    if (rows.step.length === 0) return;
    const columnData = columns.map(({ name }) => ({ name, data: rows[name] }));
    rows = emptyRows();
    await parquet.write({ columnData, rowGroupSize: groupRows });
  };
  return {
    run: async (name, series) => {
      for (const [tag, points] of series) {
        const { step, wallTime, value, takenAway } = points.columns();
        for (let index = 0; index < step.length; index += 1) {
          rows.run.push(name);
          rows.tag.push(tag);
          rows.step.push(BigInt(Math.trunc(step[index] ?? 0)));
          rows.wall_time.push(wallTime[index] ?? 0);
          rows.value.push(value[index] ?? 0);
          if (takenAway !== undefined) rows.taken_away.push(takenAway[index] === 1);
          if (rows.step.length >= groupRows) await flush();
        }
      }
    },
    end: async () => {
      await flush();
      await parquet.finish();
      output.keep();
    },
    abandon: () => output.abandon(),
  };
}

function emptyRows() {
  const run: string[] = [];
  const tag: string[] = [];
  const step: bigint[] = [];
  const wallTimes: number[] = [];
  const value: number[] = [];
  const flags: boolean[] = [];
  return { run, tag, step, wall_time: wallTimes, value, taken_away: flags };
}
