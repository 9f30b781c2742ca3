import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { readFileSync } from "node:fs";
import { isRemoteAddress } from "../lib/remote-address.js";
import { Secret } from "../lib/secret.js";
import { placeId } from "./place-id.js";
import { type VariableName, variables } from "./environment-variables.js";

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** What the environment says, read once; secrets are wrapped. */
export interface Environment {
  readonly home: string;
  readonly configFile: string | undefined;
  readonly logLevel: LogLevel;
  /** Absent: the embedded server. A secret because it may hold a password. */
  readonly redisUrl: Secret | undefined;
  readonly tensorboardUrl: string | undefined;
  /** Every variable of the table that is set, `*_FILE` variants already read: what platforms parse their own part from. */
  readonly variables: Readonly<Partial<Record<VariableName, string>>>;
}

export type EnvironmentResult =
  | { readonly kind: "ok"; readonly environment: Environment }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/** Reads the variables of the table; relative paths count from `cwd`. All problems at once, secrets never shown. */
export function readEnvironment(env: NodeJS.ProcessEnv, cwd: string): EnvironmentResult {
  const problems: string[] = [];
  const values = readVariables(env, cwd, problems);
  const logLevel = logLevels.find((level) => level === (values.TENSORBELL_LOG_LEVEL ?? "info"));
  if (logLevel === undefined) {
    problems.push(
      `TENSORBELL_LOG_LEVEL: expected ${logLevels.join(", ")}, found ${JSON.stringify(values.TENSORBELL_LOG_LEVEL)}`,
    );
  }
  const tensorboardUrl = values.TENSORBOARD_URL;
  if (tensorboardUrl !== undefined && !isHttpUrl(tensorboardUrl)) {
    problems.push(
      `TENSORBOARD_URL: expected an address with http:// or https://, found ${JSON.stringify(tensorboardUrl)}`,
    );
  }
  if (problems.length > 0 || logLevel === undefined) return { kind: "problems", problems };
  const environment: Environment = {
    home: absolute(values.TENSORBELL_HOME ?? join("~", ".tensorbell"), cwd),
    configFile: values.TENSORBELL_CONFIG === undefined ? undefined : absolute(values.TENSORBELL_CONFIG, cwd),
    logLevel,
    redisUrl: values.REDIS_URL === undefined ? undefined : new Secret(values.REDIS_URL),
    tensorboardUrl: tensorboardUrl?.replace(/\/+$/, ""),
    variables: values,
  };
  return { kind: "ok", environment };
}

/** A path as people write it: `~` is their home, relative paths count from `from`; addresses with a scheme stay as they are. */
export function absolute(path: string, from: string): string {
  if (isRemoteAddress(path)) return path.replace(/\/+$/, "");
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(from, path);
}

function readVariables(
  env: NodeJS.ProcessEnv,
  cwd: string,
  problems: string[],
): Partial<Record<VariableName, string>> {
  const values: Partial<Record<VariableName, string>> = {};
  for (const variable of variables) {
    const { name, secret } = variable;
    const small = "lowerCase" in variable ? nonEmpty(env[name.toLowerCase()]) : undefined;
    const value = small ?? nonEmpty(env[name]) ?? (secret ? fromFile(`${name}_FILE`) : undefined);
    if (value !== undefined) values[name] = value;
  }
  for (const name of ["SLACK_CHANNEL", "DINGTALK_CONVERSATION"] as const)
    if (values[name] !== undefined) values[name] = placeId(values[name]);
  return values;

  function fromFile(name: string): string | undefined {
    const file = nonEmpty(env[name]);
    if (file === undefined) return undefined;
    try {
      return nonEmpty(readFileSync(absolute(file, cwd), "utf8"));
    } catch (error) {
      const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
      problems.push(`${name}: cannot read ${file} (${reason})`);
      return undefined;
    }
  }
}

/** Set but empty counts as unset: that is how `.env` files and compose files switch a thing off. */
function nonEmpty(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === "" ? undefined : trimmed;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol);
}
