import type { ChartColumn, ChartSpec } from "../message/chart-spec.js";

/** What the thread that draws is asked for. */
export interface ChartOrder {
  readonly id: number;
  readonly spec: ChartSpec;
  readonly column: ChartColumn;
}

/** What it answers: a PNG, or why there is none. */
export type ChartAnswer =
  { readonly id: number; readonly png: Uint8Array } | { readonly id: number; readonly problem: string };
