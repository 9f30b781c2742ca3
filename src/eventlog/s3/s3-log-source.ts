import type { LogSource } from "../log-source.js";
import { objectLogSource } from "../object-log-source.js";
import type { PaceOptions } from "../object-pace.js";

/** `s3://bucket/prefix`; the client is loaded at the first request and finds its credentials, region and endpoint as AWS's own tools do. */
export function s3LogSource({ pace }: { readonly pace?: PaceOptions } = {}): LogSource {
  return objectLogSource({
    scheme: "s3",
    pace,
    open: async (address) => {
      const { openS3 } = await import("./s3-store.js");
      return openS3(address);
    },
  });
}
