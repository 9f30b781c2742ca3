import type { WatchRegistry } from "../alerts/watch-registry.js";
import { watchIdOf } from "../series/run.js";
import type { WatchConfig } from "./config.js";

/** The config's watches as registered ones; those the config no longer names are kept only where a person added them. */
export async function registerWatches(
  registry: WatchRegistry,
  watches: readonly WatchConfig[],
  now: number,
): Promise<void> {
  const known = new Map((await registry.list()).map((watch) => [watch.id, watch]));
  const named = new Set(watches.map(({ root }) => watchIdOf(root)));
  for (const { root } of watches) {
    const id = watchIdOf(root);
    const before = known.get(id);
    await registry.put(
      before === undefined
        ? { id, root, origin: "config", at: now, phase: "new" }
        : { ...before, origin: "config" },
    );
  }
  for (const watch of known.values()) {
    if (watch.origin === "config" && !named.has(watch.id)) await registry.remove(watch.id);
  }
}
