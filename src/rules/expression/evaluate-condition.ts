import type { AggregateNode, Comparison, Node, NumberNode, TruthNode } from "./syntax.js";

/** The value of an aggregate now; NaN where there is none. */
export type ReadAggregate = (node: AggregateNode) => number;

/**
 * Whether a condition holds; undefined where that cannot be said. A comparison with a side that is not finite says
 * nothing; `and` is false where one side is, `or` true where one side is, whatever the other (Kleene's logic).
 */
export function evaluateCondition(node: TruthNode, read: ReadAggregate): boolean | undefined {
  switch (node.kind) {
    case "compare":
      return compare(node.operator, numberOf(node.left, read), numberOf(node.right, read));
    case "not": {
      const inner = evaluateCondition(node.of, read);
      return inner === undefined ? undefined : !inner;
    }
    case "and":
    case "or": {
      const decides = node.kind === "or";
      const left = evaluateCondition(node.left, read);
      if (left === decides) return decides;
      const right = evaluateCondition(node.right, read);
      if (right === decides) return decides;
      return left === undefined || right === undefined ? undefined : !decides;
    }
  }
}

/** Every different aggregate of a condition, in the order written. */
export function aggregatesOf(node: Node): readonly AggregateNode[] {
  const found: AggregateNode[] = [];
  const visit = (next: Node): void => {
    switch (next.kind) {
      case "number":
        return;
      case "aggregate":
        if (!found.some((known) => same(known, next))) found.push(next);
        return;
      case "negate":
      case "absolute":
      case "not":
        visit(next.of);
        return;
      case "arithmetic":
      case "compare":
      case "and":
      case "or":
        visit(next.left);
        visit(next.right);
    }
  };
  visit(node);
  return found;
}

function same(one: AggregateNode, other: AggregateNode): boolean {
  return one.name === other.name && one.metric === other.metric && one.window === other.window;
}

function numberOf(node: NumberNode, read: ReadAggregate): number {
  switch (node.kind) {
    case "number":
      return node.value;
    case "aggregate":
      return read(node);
    case "negate":
      return -numberOf(node.of, read);
    case "absolute":
      return Math.abs(numberOf(node.of, read));
    case "arithmetic": {
      const left = numberOf(node.left, read);
      const right = numberOf(node.right, read);
      if (node.operator === "+") return left + right;
      if (node.operator === "-") return left - right;
      return node.operator === "*" ? left * right : left / right;
    }
  }
}

function compare(operator: Comparison, left: number, right: number): boolean | undefined {
  if (!Number.isFinite(left) || !Number.isFinite(right)) return undefined;
  switch (operator) {
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case "==":
      return left === right;
    case "!=":
      return left !== right;
  }
}
