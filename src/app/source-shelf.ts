import type { LogSource } from "../eventlog/log-source.js";
import { openLogSource } from "../eventlog/log-sources.js";
import { isRemoteAddress } from "../lib/remote-address.js";

/**
 * Opens the log source of a root. Links may lead below the root itself and below `allowedRoots`, nowhere else; places
 * elsewhere are kept: scans and reads share a client and what the last listing showed.
 */
export function sourceShelf(allowedRoots: readonly string[]): (root: string) => LogSource {
  const allowed = allowedRoots.filter((root) => !isRemoteAddress(root));
  const remote = new Map<string, LogSource>();
  return (root) => {
    if (!isRemoteAddress(root)) return openLogSource(root, { allowedRoots: [...allowed, root] });
    const source = remote.get(root) ?? openLogSource(root);
    remote.set(root, source);
    return source;
  };
}
