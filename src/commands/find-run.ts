import { folded } from "./grammar.js";
import type { RunSummary } from "./context.js";
import { nearest } from "./nearest.js";

export type FoundRun =
  | { readonly kind: "found"; readonly run: RunSummary }
  | { readonly kind: "ambiguous"; readonly choices: readonly RunSummary[]; readonly total: number }
  | { readonly kind: "unknown"; readonly nearest: readonly string[] };

/** How many choices an ambiguous name lists. */
export const mostChoices = 8;

/** Finds the run that any unambiguous part of its name means: exact, else last path part, else prefix, else anywhere. */
export function findRun(runs: readonly RunSummary[], query: string): FoundRun {
  const wanted = folded(query).replaceAll(/^\/+|\/+$/g, "");
  if (wanted === "") return { kind: "unknown", nearest: [] };
  const raw = runs.filter((run) => run.run.name === query || run.id === query);
  if (raw.length > 0) return chosen(raw);
  const names = runs.map((run) => ({ run, name: folded(run.run.name) }));
  for (const level of levels) {
    const matches = names.filter(({ name }) => level(name, wanted)).map(({ run }) => run);
    if (matches.length > 0) return chosen(matches);
  }
  return {
    kind: "unknown",
    nearest: nearest(
      query,
      runs.map((run) => run.run.name),
    ),
  };
}

const levels: readonly ((name: string, wanted: string) => boolean)[] = [
  (name, wanted) => name === wanted,
  (name, wanted) => name.endsWith(`/${wanted}`),
  (name, wanted) => name.startsWith(wanted) || name.includes(`/${wanted}`),
  (name, wanted) => name.includes(wanted),
];

function chosen(matches: readonly RunSummary[]): FoundRun {
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return { kind: "found", run: only };
  const newestFirst = [...matches].sort((a, b) => b.lastWallTime - a.lastWallTime);
  return { kind: "ambiguous", choices: newestFirst.slice(0, mostChoices), total: matches.length };
}
