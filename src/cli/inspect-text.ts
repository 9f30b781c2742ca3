import type { InspectedSplit, InspectedTag, Inspection } from "./inspection.js";
import { counted, printable, shownNumber } from "./print.js";

/** An inspection for people: a run, its splits, a line a tag. */
export function inspectText({ logdir, runs, problems }: Inspection): string {
  const lines = runs.flatMap(({ run, splits }) => [
    `run ${printable(run)}`,
    ...splits.flatMap((split) => splitLines(split)),
  ]);
  const damaged = runs.flatMap(({ splits }) => splits).reduce((sum, { damage }) => sum + damage.length, 0);
  const points = runs
    .flatMap(({ splits }) => splits.flatMap(({ tags }) => tags))
    .reduce((sum, tag) => sum + tag.points, 0);
  return [
    ...lines,
    ...problems.map((problem) => `problem: ${printable(problem)}`),
    `${printable(logdir)}: ${counted(runs.length, "run")}, ${counted(points, "point")}, ${counted(damaged, "damaged place")}`,
    "",
  ].join("\n");
}

function splitLines({ split, bytes, tags, hparams, damage }: InspectedSplit): readonly string[] {
  const indent = split === "" ? "  " : "    ";
  const named = Object.entries(hparams).map(
    ([name, value]) => `${printable(name)}=${printable(String(value))}`,
  );
  return [
    ...(split === "" ? [] : [`  split ${printable(split)}`]),
    ...tags.map((tag) => `${indent}${tagLine(tag)}`),
    ...(named.length === 0 ? [] : [`${indent}hyper-parameters: ${named.join(", ")}`]),
    ...damage.map(
      ({ file, kind, offset }) => `${indent}damage: ${kind} in ${printable(file)} at byte ${offset}`,
    ),
    `${indent}${bytes} bytes read`,
  ];
}

function tagLine(tag: InspectedTag): string {
  const name = printable(tag.tag);
  if (tag.kind !== "scalar") {
    const { plugin = "scalars" } = tag;
    return `${name}: ${plugin === "scalars" ? "not scalars" : printable(plugin)}`;
  }
  if (tag.points === 0) return `${name}: no points`;
  const takenAway =
    (tag.taken_away ?? 0) > 0
      ? `, ${tag.taken_away ?? 0} superseded by later points of the same or an earlier step`
      : "";
  return `${name}: ${counted(tag.points, "point")}, steps ${tag.first_step ?? 0} to ${tag.last_step ?? 0}, ${moment(tag.first_wall_time)} to ${moment(tag.last_wall_time)}, last ${shownNumber(Number(tag.last_value))}${takenAway}`;
}

/** Writers' clocks may say anything; dates beyond what a calendar holds are shown as seconds. */
function moment(wallTime: InspectedTag["first_wall_time"]): string {
  const seconds = Number(wallTime);
  if (!(Math.abs(seconds) < 8e12)) return `${seconds} s`;
  return new Date(seconds * 1_000).toISOString().replace(/\.\d+Z$/, "Z");
}
