import type { LogSource } from "../eventlog/log-source.js";
import { openLogSource } from "../eventlog/log-sources.js";
import { isRemoteAddress } from "../lib/remote-address.js";

/** Opens the log source of a root; those elsewhere are kept: scans and reads share a client and what the last listing showed. */
export function sourceShelf(): (root: string) => LogSource {
  const remote = new Map<string, LogSource>();
  return (root) => {
    if (!isRemoteAddress(root)) return openLogSource(root);
    const source = remote.get(root) ?? openLogSource(root);
    remote.set(root, source);
    return source;
  };
}
