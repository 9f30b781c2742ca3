import { plainName } from "../message/plain-name.js";
import type { SeriesLabels } from "../series/labels.js";

/** A series as sentences name it: its tag, with the split where there is one; bounded, since both are untrusted. */
export function metricName(labels: SeriesLabels): string {
  const tag = plainName(labels.tag, 80);
  return labels.split === "" ? tag : `${tag} (${plainName(labels.split, 40)})`;
}
