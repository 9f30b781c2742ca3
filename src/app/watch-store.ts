import { realpathSync, statSync } from "node:fs";
import { isAbsolute, resolve, sep } from "node:path";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { WatchRefused, WatchStore, WatchSummary } from "../commands/context.js";
import { isRemoteAddress } from "../lib/remote-address.js";
import { watchIdOf } from "../series/run.js";
import type { Watch } from "../series/watch.js";

export interface WatchStorePorts {
  readonly registry: WatchRegistry;
  readonly roots: readonly string[];
  /** How the config calls a watch, if it does. */
  readonly nameOf: (root: string) => string | undefined;
  /** The running process begins and stops polling. */
  readonly onAdded: (watch: Watch) => Promise<void>;
  readonly onRemoved: (watch: Watch) => Promise<void>;
}

/** Watches that people add in chat: only real directories, only below the allowed roots, links resolved first. */
export function createWatchStore(ports: WatchStorePorts): WatchStore {
  const { registry, roots, nameOf, onAdded, onRemoved } = ports;
  const summarise = async (watch: Watch): Promise<WatchSummary> => {
    const { id, root, origin, author } = watch;
    const name = nameOf(root);
    return {
      id,
      root,
      ...(name === undefined ? {} : { name }),
      origin,
      runs: (await registry.runs(id)).size,
      ...(author === undefined ? {} : { author }),
    };
  };
  return {
    list: async () => Promise.all((await registry.list()).map(summarise)),
    roots: () => roots,
    add: async (root, author, at) => {
      const place = placeOf(root, roots);
      if (place.kind === "refused") return place;
      const id = watchIdOf(place.path);
      if ((await registry.list()).some((watch) => watch.id === id))
        return { kind: "refused", why: "watched-already", place: place.path };
      const watch: Watch = { id, root: place.path, origin: "chat", author, at, phase: "new" };
      await registry.put(watch);
      await onAdded(watch);
      return { kind: "added", watch: await summarise(watch) };
    },
    remove: async (rootOrId) => {
      const watch = (await registry.list()).find(({ id, root }) => id === rootOrId || root === rootOrId);
      if (watch === undefined) return { kind: "refused", why: "not-watched", place: rootOrId };
      if (watch.origin === "config") return { kind: "refused", why: "from-config", place: watch.root };
      const summary = await summarise(watch);
      await onRemoved(watch);
      return { kind: "removed", watch: summary };
    },
  };
}

type Place = { readonly kind: "place"; readonly path: string } | WatchRefused;

function placeOf(given: string, roots: readonly string[]): Place {
  const refused = (why: WatchRefused["why"]): WatchRefused => ({ kind: "refused", why, place: given });
  if (roots.length === 0) return refused("no-roots");
  if (isRemoteAddress(given)) return remotePlaceOf(given, roots);
  const wanted = isAbsolute(given) ? given : resolve(roots[0] ?? "/", given);
  // Whether a path outside the roots exists is nobody's business: the same answer either way.
  if (!below(resolve(wanted), roots)) return refused("outside");
  try {
    const path = realpathSync(wanted);
    // A root may itself be reached through a link.
    if (!below(path, [...roots, ...roots.flatMap(resolved)])) return refused("outside");
    return statSync(path).isDirectory() ? { kind: "place", path } : refused("no-directory");
  } catch {
    return refused("not-there");
  }
}

function resolved(root: string): readonly string[] {
  try {
    return isRemoteAddress(root) ? [] : [realpathSync(root)];
  } catch {
    return [];
  }
}

/** An address is allowed only as a root or below one, and only in the one way to write it: no `..`, no query, no account. */
function remotePlaceOf(given: string, roots: readonly string[]): Place {
  const path = given.replace(/\/+$/, "");
  const isPlain =
    !/[?#@\\\s]|%2[ef]/i.test(path) && path.split("/").every((part) => part !== "." && part !== "..");
  if (!isPlain || !below(path, roots.filter(isRemoteAddress)))
    return { kind: "refused", why: "outside", place: given };
  return { kind: "place", path };
}

function below(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
}
