import { shortHash } from "../../lib/short-hash.js";
import type { Evidence } from "../rule.js";
import { aggregatesOf, type ReadAggregate } from "./evaluate-condition.js";
import { printAggregate, printCondition } from "./print-condition.js";
import { type AggregateNode, spanOf, type TruthNode } from "./syntax.js";

/** A condition with all that detectors ask of it again and again. */
export interface CompiledCondition {
  readonly node: TruthNode;
  /** As printed. */
  readonly text: string;
  /** Changes when the condition or the names of its metrics do: memory of another one is of no use. */
  readonly fingerprint: string;
  /** Points that each metric's window must hold, in the order of the metrics. */
  readonly spans: readonly number[];
  /** The value of every aggregate, by its text, and the limit where the condition is a plain one. */
  evidence(read: ReadAggregate, steps: { readonly from: number; readonly to: number }): Evidence;
}

/** `metrics`: the declared names; `salt`: what else the memory depends on. */
export function compileCondition(
  node: TruthNode,
  metrics: readonly string[],
  salt: string,
): CompiledCondition {
  const text = printCondition(node);
  const aggregates = aggregatesOf(node);
  const named = aggregates.map((aggregate) => ({ aggregate, name: printAggregate(aggregate) }));
  const level = plainLimit(node);
  return {
    node,
    text,
    fingerprint: shortHash(`${text}\u0000${metrics.join("\u0000")}\u0000${salt}`, 12),
    spans: metrics.map((metric) => longestSpan(aggregates, metric)),
    evidence: (read, { from, to }) => ({
      numbers: Object.fromEntries(named.map(({ aggregate, name }) => [name, read(aggregate)])),
      from,
      to,
      ...(level === undefined ? {} : { level }),
    }),
  };
}

function longestSpan(aggregates: readonly AggregateNode[], metric: string): number {
  return Math.max(1, ...aggregates.filter((node) => node.metric === metric).map(spanOf));
}

/** The number that a level on the metric's own scale is compared with, as in `mean(loss, 20) > 2.5`. */
function plainLimit(node: TruthNode): number | undefined {
  if (node.kind !== "compare" || node.right.kind !== "number" || node.left.kind !== "aggregate")
    return undefined;
  const onScale = ["last", "min", "max", "mean", "median"].includes(node.left.name);
  return onScale ? node.right.value : undefined;
}
