import type { LogRunCursor, NewestPoint, RunNotice, TagKind } from "../cursor.js";
import type { LogRunSlice } from "../log-source.js";
import { PointColumnsBuilder } from "../point-columns.js";
import { emptyRecord } from "../tag-table.js";
import type { HandedPoint, TensorBoardClient } from "./tensorboard-client.js";

/** Three numbers of eight bytes: what a slice's size is counted in where there are no files. */
const pointBytes = 24;

export interface TensorBoardRead {
  readonly client: TensorBoardClient;
  readonly logRun: string;
  readonly tags: readonly string[];
  readonly cursor: LogRunCursor | undefined;
}

/** All points of a log run that are newer than the cursor, by wall time; TensorBoard holds so few that one slice takes them. */
export async function readTensorBoardRun({
  client,
  logRun,
  tags,
  cursor,
}: TensorBoardRead): Promise<LogRunSlice> {
  const newest = emptyRecord<NewestPoint>();
  const kinds = emptyRecord<TagKind>();
  for (const [tag, point] of Object.entries(cursor?.newest ?? {})) newest[tag] = point;
  for (const [tag, kind] of Object.entries(cursor?.tags ?? {})) kinds[tag] = kind;
  const unreadable: string[] = [];
  const columns = new PointColumnsBuilder();
  const taken: { readonly ordinal: number; readonly point: HandedPoint }[] = [];
  for (const [ordinal, tag] of tags.entries()) {
    const handed = await client.points(logRun, tag);
    if (handed === "unreadable") unreadable.push(tag);
    const fresh = handed === "unreadable" ? [] : pointsBehind(newest[tag], handed);
    for (const point of fresh) taken.push({ ordinal, point });
    for (const [wallTime, step] of fresh) newest[tag] = laterOf(newest[tag], { step, wallTime });
    if (fresh.length > 0) kinds[tag] = "scalar";
  }
  // As a writer would have interleaved them; of one tag in the order handed out where times are equal.
  taken.sort((left, right) => left.point[0] - right.point[0]);
  for (const { ordinal, point } of taken) columns.push(ordinal, point[1], point[0], point[2]);
  const bytes = columns.length * pointBytes;
  const isNews = unreadable.length > 0 && cursor?.told?.includes("unreadable-series") !== true;
  const told: readonly RunNotice[] = unreadable.length > 0 ? ["unreadable-series"] : [];
  return {
    points: columns.batch(tags),
    cursor: { files: {}, tags: kinds, newest, ...(told.length === 0 ? {} : { told }) },
    damage: isNews ? [{ file: "", kind: "unreadable", offset: 0, detail: detailOf(unreadable) }] : [],
    bytes,
    more: false,
    replaced: [],
  };
}

function detailOf(tags: readonly string[]): string {
  const shown = tags.slice(0, 3).map((tag) => tag.slice(0, 100));
  return `TensorBoard answers with status 500 for ${tags.length} series: ${shown.join(", ")}`;
}

/**
 * What has come since the last look: a later step, or a later wall time at an earlier step (a run that restarted).
 * Earlier points that a new sample shows for the first time are left out: rules have gone past them.
 */
export function pointsBehind(
  newest: NewestPoint | undefined,
  points: readonly HandedPoint[],
): readonly HandedPoint[] {
  return points.filter(([wallTime, step]) => {
    if (!Number.isFinite(wallTime)) return false;
    return newest === undefined || step > newest.step || wallTime > newest.wallTime;
  });
}

function laterOf(newest: NewestPoint | undefined, point: NewestPoint): NewestPoint {
  if (newest === undefined) return point;
  return { step: Math.max(point.step, newest.step), wallTime: Math.max(point.wallTime, newest.wallTime) };
}
