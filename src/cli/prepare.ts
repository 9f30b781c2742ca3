import type { Config } from "../app/config.js";
import { loadConfig } from "../app/config.js";
import type { Problem } from "../app/config-problems.js";
import { withDotEnv } from "../app/dot-env.js";
import { absolute, type Environment, readEnvironment } from "../app/environment.js";
import { UsageError } from "./exit-codes.js";

/** What a command that runs the product starts from. */
export interface Prepared {
  readonly config: Config;
  readonly environment: Environment;
  /** What relative paths on the command line count from. */
  readonly folder: string;
}

export type Preparation =
  | { readonly kind: "ok"; readonly prepared: Prepared }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/** Reads `.env`, the environment and the configuration file, or says everything that is wrong with them, a line each. */
export function tryPrepare(configFile?: string): Preparation {
  const folder = userFolder(process.env, process.cwd());
  const folders = [folder, process.cwd()];
  const read = readEnvironment(withDotEnv(process.env, folders), folder);
  if (read.kind === "problems") return read;
  const { environment } = read;
  const file = configFile === undefined ? environment.configFile : absolute(configFile, folder);
  const loaded = loadConfig({ file, folders });
  if (loaded.kind === "ok") return { kind: "ok", prepared: { config: loaded.config, environment, folder } };
  return { kind: "problems", problems: loaded.problems.map((problem) => lineOf(loaded.file, problem)) };
}

export function prepare(configFile?: string): Prepared {
  const result = tryPrepare(configFile);
  if (result.kind === "ok") return result.prepared;
  const count = result.problems.length;
  throw new UsageError(
    [`${count} ${count === 1 ? "problem" : "problems"} with the configuration`, ...result.problems].join(
      "\n  ",
    ),
  );
}

/** `npm start` runs in the package's folder and says in INIT_CWD where the user stands. */
export function userFolder(env: NodeJS.ProcessEnv, cwd: string): string {
  return env["npm_package_name"] === "tensorbell" ? (env["INIT_CWD"] ?? cwd) : cwd;
}

function lineOf(file: string, { line, column, where, sentence }: Problem): string {
  return `${file}:${line}:${column} ${where}: ${sentence}`;
}
