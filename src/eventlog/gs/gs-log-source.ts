import type { LogSource } from "../log-source.js";
import { objectLogSource } from "../object-log-source.js";
import type { PaceOptions } from "../object-pace.js";

/** `gs://bucket/prefix`; the client is loaded at the first request and finds its credentials as Google's own tools do. */
export function gsLogSource({ pace }: { readonly pace?: PaceOptions } = {}): LogSource {
  return objectLogSource({
    scheme: "gs",
    pace,
    open: async (address) => {
      const { openGs } = await import("./gs-store.js");
      return openGs(address);
    },
  });
}
