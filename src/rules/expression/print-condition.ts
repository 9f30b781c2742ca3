import type { AggregateNode, Node } from "./syntax.js";

/** A condition as text that parses to the same tree, with no bracket more than it needs. */
export function printCondition(node: Node): string {
  switch (node.kind) {
    case "number":
      return String(node.value);
    case "aggregate":
      return printAggregate(node);
    case "absolute":
      return `abs(${printCondition(node.of)})`;
    case "negate":
      return `-${within(node.of, 7)}`;
    case "not":
      return `not ${within(node.of, 4)}`;
    case "and":
    case "or":
      return `${within(node.left, powerOf(node))} ${node.kind} ${within(node.right, powerOf(node) + 1)}`;
    case "compare":
    case "arithmetic":
      return `${within(node.left, powerOf(node))} ${node.operator} ${within(node.right, powerOf(node) + 1)}`;
  }
}

/** An aggregate as people write it: `loss`, `mean(loss, 20)`. */
export function printAggregate({ name, metric, window }: AggregateNode): string {
  return name === "last" ? metric : `${name}(${metric}, ${window})`;
}

function within(node: Node, least: number): string {
  const text = printCondition(node);
  return powerOf(node) < least ? `(${text})` : text;
}

function powerOf(node: Node): number {
  switch (node.kind) {
    case "or":
      return 1;
    case "and":
      return 2;
    case "not":
      return 3;
    case "compare":
      return 4;
    case "arithmetic":
      return node.operator === "+" || node.operator === "-" ? 5 : 6;
    case "negate":
      return 7;
    case "number":
    case "aggregate":
    case "absolute":
      return 8;
  }
}
