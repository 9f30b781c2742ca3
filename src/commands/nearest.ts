import { folded } from "./grammar.js";

/** The names closest to a word by edit distance, best first; only those that a slip of the finger explains. */
export function nearest(word: string, names: Iterable<string>, atMost = 3): readonly string[] {
  const wanted = folded(word).slice(0, longest);
  const allowed = Math.max(1, Math.floor(wanted.length * 0.4));
  const close: { name: string; distance: number }[] = [];
  for (const name of names) {
    const distance = Math.min(
      ...waysToWrite(name).map((way) => editDistance(wanted, folded(way).slice(0, longest))),
    );
    if (distance <= allowed) close.push({ name, distance });
  }
  const lengthOff = (name: string): number => Math.abs(name.length - word.length);
  close.sort(
    (a, b) => a.distance - b.distance || lengthOff(a.name) - lengthOff(b.name) || (a.name < b.name ? -1 : 1),
  );
  return close.slice(0, atMost).map(({ name }) => name);
}

/** Longer names are compared by their first characters: the distance costs length squared. */
const longest = 60;

function waysToWrite(name: string): readonly string[] {
  const last = name.slice(name.lastIndexOf("/") + 1);
  return last === name ? [name] : [name, last];
}

/** Damerau's distance with adjacent transpositions (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const cost = from[row - 1] === to[column - 1] ? 0 : 1;
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
      );
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && swapped) best = Math.min(best, (older[column - 2] ?? 0) + 1);
      current.push(best);
    }
    older = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}
