import type { Membership, Watch } from "../series/watch.js";
import type { WatchConfig } from "./config.js";

/** The config's say in what is a split: below a watch with `splits`, directories named so belong to their parent, and no others do. */
export function regroupBy(
  watches: readonly WatchConfig[],
): (watch: Watch, grouping: ReadonlyMap<string, Membership>) => ReadonlyMap<string, Membership> {
  return (watch, grouping) => {
    const splits = watches.find(({ root }) => root === watch.root)?.splits;
    if (splits === undefined) return grouping;
    return new Map([...grouping.keys()].map((name) => [name, membershipOf(name, splits)]));
  };
}

function membershipOf(name: string, splits: readonly string[]): Membership {
  const slash = name.lastIndexOf("/");
  const last = name.slice(slash + 1);
  if (name === "." || !splits.includes(last)) return { run: name, split: "" };
  return { run: slash < 0 ? "." : name.slice(0, slash), split: last };
}
