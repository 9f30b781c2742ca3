import { operatorHint, unknownMetric } from "./condition-hints.js";
import {
  type AggregateName,
  aggregateNames,
  type AggregateNode,
  type Arithmetic,
  type Comparison,
  conditionBounds,
  isTruth,
  type Node,
  type NumberNode,
  type TruthNode,
} from "./syntax.js";
import { type ConditionProblem, quoted, type Token, tokensOf } from "./tokens.js";

export type ParsedCondition =
  | { readonly kind: "condition"; readonly condition: TruthNode }
  | { readonly kind: "problem"; readonly problem: ConditionProblem };

/** Words that cannot name a metric. */
export const reservedWords: ReadonlySet<string> = new Set(["and", "or", "not", "abs", ...aggregateNames]);

/** Reads a condition over metrics of these names: types, names and bounds are checked here, nothing is left for later. Never throws. */
export function parseCondition(text: string, metrics: readonly string[]): ParsedCondition {
  if (text.length > 2 * conditionBounds.text || Array.from(text).length > conditionBounds.text)
    return problemAt(1, `expected at most ${conditionBounds.text} characters, found more`);
  const tokens = tokensOf(text);
  if ("sentence" in tokens) return { kind: "problem", problem: tokens };
  try {
    return { kind: "condition", condition: new Parser(tokens, metrics).whole() };
  } catch (error) {
    if (error instanceof Stop) return problemAt(error.column, error.message);
    throw error;
  }
}

/** How the parser leaves where the text makes no sense; caught in this file. */
class Stop extends Error {
  readonly column: number;
  constructor(column: number, sentence: string) {
    super(sentence);
    this.column = column;
  }
}

/** Binding powers, weakest first (Pratt); a comparison's sides bind tighter than it, so that it cannot be chained. */
const powers: ReadonlyMap<string, number> = new Map([
  ["or", 1],
  ["and", 2],
  ...[">", ">=", "<", "<=", "==", "!="].map((sign) => [sign, 4] as const),
  ["+", 5],
  ["-", 5],
  ["*", 6],
  ["/", 6],
]);
const powerOfNot = 3;
const powerOfMinus = 7;

/** A node and the column of its first word. */
interface Placed {
  readonly node: Node;
  readonly column: number;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #metrics: readonly string[];
  #at = 0;
  #depth = 0;
  #nodes = 0;
  #aggregates = 0;

  constructor(tokens: readonly Token[], metrics: readonly string[]) {
    this.#tokens = tokens;
    this.#metrics = metrics;
  }

  whole(): TruthNode {
    const placed = this.#expression(0);
    const next = this.#peek();
    if (next.kind !== "end")
      throw new Stop(
        next.column,
        `expected an operator or the end, found ${shown(next)}${operatorHint(next.text)}`,
      );
    if (isTruth(placed.node)) return placed.node;
    throw new Stop(next.column, 'expected a comparison such as "> 0.5", found the end');
  }

  #expression(power: number): Placed {
    this.#depth += 1;
    if (this.#depth > conditionBounds.depth)
      throw new Stop(this.#peek().column, `nested deeper than ${conditionBounds.depth}`);
    let left = this.#prefix();
    for (;;) {
      const operator = this.#peek();
      const binding = operator.kind === "number" ? undefined : powers.get(operator.text);
      if (binding === undefined || binding <= power) break;
      this.#at += 1;
      left = this.#joined(left, operator, this.#expression(binding));
      if (binding === powers.get(">") && powers.get(this.#peek().text) === binding) {
        throw new Stop(this.#peek().column, "comparisons cannot be chained; join two of them with and");
      }
    }
    this.#depth -= 1;
    return left;
  }

  #joined(left: Placed, operator: Token, right: Placed): Placed {
    const { text } = operator;
    const { column } = left;
    if (text === "and" || text === "or")
      return this.#made({ kind: text, left: truthOf(left), right: truthOf(right) }, column);
    const sides = { left: numberOf(left), right: numberOf(right) };
    if (isArithmetic(text)) return this.#made({ kind: "arithmetic", operator: text, ...sides }, column);
    return this.#made({ kind: "compare", operator: text as Comparison, ...sides }, column);
  }

  #prefix(): Placed {
    const token = this.#next();
    const { column, text } = token;
    if (token.kind === "number") return this.#number(token);
    if (text === "-")
      return this.#made({ kind: "negate", of: numberOf(this.#expression(powerOfMinus)) }, column);
    if (text === "(") return this.#inBrackets(column);
    if (text === "not") return this.#made({ kind: "not", of: truthOf(this.#expression(powerOfNot)) }, column);
    if (token.kind === "name" && text !== "and" && text !== "or") {
      if (this.#metrics.includes(text))
        return this.#aggregate({ name: "last", metric: token, window: 1 }, column);
      if (text === "abs") return this.#absolute(column);
      if (isAggregate(text)) return this.#call(text, column);
      throw new Stop(column, this.#unknown(text));
    }
    throw new Stop(column, `expected a number or a metric, found ${shown(token)}`);
  }

  #number({ text, column }: Token): Placed {
    const value = Number(text);
    if (!Number.isFinite(value)) throw new Stop(column, `${quoted(text)} is too large a number`);
    return this.#made({ kind: "number", value }, column);
  }

  #inBrackets(column: number): Placed {
    const inner = this.#expression(0);
    this.#sign(")");
    return { node: inner.node, column };
  }

  #absolute(column: number): Placed {
    this.#sign("(");
    const of = numberOf(this.#expression(0));
    this.#sign(")");
    return this.#made({ kind: "absolute", of }, column);
  }

  #call(name: AggregateName, column: number): Placed {
    this.#sign("(");
    const metric = this.#next();
    if (metric.kind !== "name" || !this.#metrics.includes(metric.text)) {
      throw new Stop(
        metric.column,
        metric.kind === "name" ? this.#unknown(metric.text) : `expected a metric, found ${shown(metric)}`,
      );
    }
    if (name === "last") {
      this.#sign(")");
      return this.#aggregate({ name, metric, window: 1 }, column);
    }
    const comma = this.#next();
    if (comma.text !== ",") {
      const say = `expected a comma and a number of points, as in ${name}(${metric.text}, 20); found ${shown(comma)}`;
      throw new Stop(comma.column, say);
    }
    const window = this.#window(name);
    this.#sign(")");
    return this.#aggregate({ name, metric, window }, column);
  }

  #window(name: AggregateName): number {
    const token = this.#next();
    const least = name === "slope" || name === "std" ? 2 : 1;
    const window = token.kind === "number" ? Number(token.text) : NaN;
    if (Number.isInteger(window) && window >= least && window <= conditionBounds.window) return window;
    const expected = `expected a whole number of points from ${least} to ${conditionBounds.window}`;
    throw new Stop(token.column, `${expected}, found ${shown(token)}`);
  }

  #aggregate(
    { name, metric, window }: { name: AggregateName; metric: Token; window: number },
    column: number,
  ): Placed {
    this.#aggregates += 1;
    if (this.#aggregates > conditionBounds.aggregates)
      throw new Stop(metric.column, `more than ${conditionBounds.aggregates} metrics and aggregates`);
    const node: AggregateNode = { kind: "aggregate", name, metric: metric.text, window };
    return this.#made(node, column);
  }

  #made(node: Node, column: number): Placed {
    this.#nodes += 1;
    if (this.#nodes > conditionBounds.nodes)
      throw new Stop(column, `more than ${conditionBounds.nodes} parts`);
    return { node, column };
  }

  #sign(text: string): void {
    const token = this.#next();
    if (token.text !== text) throw new Stop(token.column, `expected ${quoted(text)}, found ${shown(token)}`);
  }

  #unknown(text: string): string {
    return unknownMetric(text, { metrics: this.#metrics, next: this.#peek().text });
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "", column: 1 };
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind !== "end") this.#at += 1;
    return token;
  }
}

function problemAt(column: number, sentence: string): ParsedCondition {
  return { kind: "problem", problem: { column, sentence } };
}

function shown(token: Token): string {
  return token.kind === "end" ? "the end" : quoted(token.text);
}

function numberOf({ node, column }: Placed): NumberNode {
  if (!isTruth(node)) return node;
  throw new Stop(column, "expected a number, found a comparison");
}

function truthOf({ node, column }: Placed): TruthNode {
  if (isTruth(node)) return node;
  throw new Stop(column, 'expected a comparison such as "loss > 0.5", found a number');
}

function isArithmetic(text: string): text is Arithmetic {
  return text === "+" || text === "-" || text === "*" || text === "/";
}

function isAggregate(text: string): text is AggregateName {
  return aggregateNames.some((name) => name === text);
}
