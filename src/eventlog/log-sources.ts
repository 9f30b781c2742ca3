import { fileLogSource, type LogSourceOptions } from "./file/file-log-source.js";
import { gsLogSource } from "./gs/gs-log-source.js";
import { httpLogSource } from "./http/http-log-source.js";
import type { LogSource } from "./log-source.js";
import { s3LogSource } from "./s3/s3-log-source.js";

/** The log sources by scheme; adding one costs its folder and a line here. */
export const logSources = {
  file: fileLogSource,
  s3: () => s3LogSource(),
  gs: () => gsLogSource(),
  http: () => httpLogSource({ scheme: "http" }),
  https: () => httpLogSource({ scheme: "https" }),
} as const satisfies Readonly<Record<string, (options: LogSourceOptions) => LogSource>>;

export type LogScheme = keyof typeof logSources;

/** The source a root belongs to, by its scheme; a plain path is a directory. Throws a RangeError that names the known schemes. */
export function openLogSource(root: string, options: LogSourceOptions = {}): LogSource {
  const scheme = schemeOf(root);
  if (scheme in logSources) return logSources[scheme as LogScheme](options);
  throw new RangeError(
    `${root}: logs cannot be read by ${scheme}://; known are directories and ${Object.keys(logSources).join(", ")}://`,
  );
}

function schemeOf(root: string): string {
  return /^([a-z][a-z0-9+.-]+):\/\//.exec(root)?.[1] ?? "file";
}
