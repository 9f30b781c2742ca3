/** A value of a curve, with what JSON cannot hold as a string. */
export type ShownValue = number | "NaN" | "Infinity" | "-Infinity";

export interface InspectedTag {
  readonly tag: string;
  readonly kind: string;
  /** TensorBoard's plugin that shows it, where the logs name one. */
  readonly plugin?: string;
  readonly points: number;
  readonly first_step?: number;
  readonly last_step?: number;
  readonly first_wall_time?: ShownValue;
  readonly last_wall_time?: ShownValue;
  readonly last_value?: ShownValue;
  /** Points that a restart took away. */
  readonly taken_away?: number;
}

export interface InspectedSplit {
  readonly split: string;
  readonly log_run: string;
  readonly bytes: number;
  readonly tags: readonly InspectedTag[];
  readonly hparams: Readonly<Record<string, string | number | boolean>>;
  readonly damage: readonly { readonly file: string; readonly kind: string; readonly offset: number }[];
}

export interface Inspection {
  readonly logdir: string;
  readonly runs: readonly { readonly run: string; readonly splits: readonly InspectedSplit[] }[];
  readonly problems: readonly string[];
}
