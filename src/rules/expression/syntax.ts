/** What can be asked of the newest points of a metric; every one looks at a window counted in finite points. */
export const aggregateNames = [
  "last",
  "min",
  "max",
  "mean",
  "median",
  "std",
  "slope",
  "change",
  "relative_change",
] as const;
export type AggregateName = (typeof aggregateNames)[number];

export type Comparison = ">" | ">=" | "<" | "<=" | "==" | "!=";
export type Arithmetic = "+" | "-" | "*" | "/";

/** An aggregate of a metric by its declared name; a bare metric is its `last` with window 1. */
export interface AggregateNode {
  readonly kind: "aggregate";
  readonly name: AggregateName;
  readonly metric: string;
  readonly window: number;
}

export type NumberNode =
  | { readonly kind: "number"; readonly value: number }
  | AggregateNode
  | { readonly kind: "negate"; readonly of: NumberNode }
  | { readonly kind: "absolute"; readonly of: NumberNode }
  | {
      readonly kind: "arithmetic";
      readonly operator: Arithmetic;
      readonly left: NumberNode;
      readonly right: NumberNode;
    };

export type TruthNode =
  | {
      readonly kind: "compare";
      readonly operator: Comparison;
      readonly left: NumberNode;
      readonly right: NumberNode;
    }
  | { readonly kind: "not"; readonly of: TruthNode }
  | { readonly kind: "and" | "or"; readonly left: TruthNode; readonly right: TruthNode };

export type Node = NumberNode | TruthNode;

/** Bounds of a condition: what it may cost to read, to hold and to judge. `text` in code points. */
export const conditionBounds = {
  text: 2_000,
  depth: 50,
  nodes: 500,
  aggregates: 32,
  window: 10_000,
} as const;

/** Points that an aggregate needs before it has a value. */
export function spanOf({ name, window }: AggregateNode): number {
  if (name === "change") return window + 1;
  return name === "relative_change" ? 2 * window : window;
}

export function isTruth(node: Node): node is TruthNode {
  return node.kind === "compare" || node.kind === "not" || node.kind === "and" || node.kind === "or";
}
