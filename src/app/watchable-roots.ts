import type { Config } from "./config.js";

/** Directories below which people may add watches, and links of a watch may lead: the config's roots and its watches. */
export function watchableRoots({ roots, watches }: Config): readonly string[] {
  return [...new Set([...roots, ...watches.map(({ root }) => root)])];
}
