import type { Locale } from "../lib/locale.js";

/** What a chart shows, free of any library; the same for PNG and the web console. Points are effective (after preemption), in step order. */
export interface ChartSpec {
  readonly locale: Locale;
  readonly title: string;
  readonly subtitle?: string;
  /** What is counted across; steps unless said. */
  readonly across?: string;
  /** Usually one main line; other splits of the same metric are dimmed. */
  readonly lines: readonly ChartLine[];
  readonly marks: readonly ChartMark[];
  /** `log` only where every finite value is positive. */
  readonly scale: "linear" | "log" | "auto";
}

/** How much room a picture has where it is shown: across a window or a channel, or the one column of a phone. */
export type ChartColumn = "wide" | "phone";

export interface ChartLine {
  readonly label: string;
  readonly weight: "main" | "dimmed";
  readonly step: Float64Array;
  /** May hold NaN and infinities: drawn as marks, never as points of the line. */
  readonly value: Float64Array;
}

export type ChartMark =
  /** The moment an alert fired. */
  | { readonly kind: "moment"; readonly step: number; readonly label: string }
  /** The evidence: the streak, the window. */
  | { readonly kind: "span"; readonly from: number; readonly to: number; readonly label: string }
  /** A horizontal limit: a threshold, the best so far. */
  | { readonly kind: "level"; readonly value: number; readonly label: string };
