import { aggregateNames } from "./syntax.js";
import { quoted } from "./tokens.js";

/** What to write instead of a name that no metric has; `next` is the word after it. */
export function unknownMetric(
  text: string,
  { metrics, next }: { readonly metrics: readonly string[]; readonly next: string },
): string {
  const name = `unknown metric ${quoted(text)}`;
  const folded = text.toLowerCase();
  const same = [...metrics, ...aggregateNames, "not", "and", "or"].find(
    (known) => known.toLowerCase() === folded,
  );
  const meant = same ?? otherNames.get(folded);
  if (meant !== undefined) return `${name}; write ${meant}`;
  if (next === "/")
    return `${name}; a tag such as ${quoted(`${text}/…`)} stands under metric: or metrics:, here by its name`;
  return `${name}; expected ${metrics.join(", ")} or one of ${aggregateNames.join(", ")}, abs`;
}

/** What people call the aggregates elsewhere. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["avg", "mean"],
  ["average", "mean"],
  ["minimum", "min"],
  ["maximum", "max"],
  ["stddev", "std"],
  ["stdev", "std"],
  ["diff", "change"],
  ["delta", "change"],
  ["pct_change", "relative_change"],
  ["trend", "slope"],
  ["isnan", "nothing: a value that is not a number is never judged; non_finite is there for it"],
]);

/** For words that stand where an operator should: `AND`. */
export function operatorHint(text: string): string {
  const folded = text.toLowerCase();
  return folded === "and" || folded === "or" ? `; write ${folded}` : "";
}
