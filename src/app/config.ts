import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Document, parseDocument } from "yaml";
import type { ScanIntervals } from "../eventlog/log-source.js";
import { withWatchIds } from "../rules/rules-config.js";
import { type WatchId, watchIdOf } from "../series/run.js";
import { type Problem, problemsOf, syntaxProblems } from "./config-problems.js";
import { type ConfigFile, configSchema } from "./config-schema.js";
import { placeId } from "./place-id.js";
import { strangeRules } from "./strange-rules.js";
import { absolute } from "./environment.js";

export interface WatchConfig {
  /** Absolute. */
  readonly root: string;
  readonly name?: string;
  readonly splits?: readonly string[];
}

/** The file with every default filled in and every path absolute. */
export type Config = Omit<ConfigFile, "watches" | "roots" | "polling"> & {
  /** The file it came from; undefined where there is none. */
  readonly file: string | undefined;
  readonly watches: readonly WatchConfig[];
  readonly roots: readonly string[];
  readonly polling: ScanIntervals;
};

export type ConfigResult =
  | { readonly kind: "ok"; readonly config: Config }
  | { readonly kind: "problems"; readonly file: string; readonly problems: readonly Problem[] };

export interface ConfigRequest {
  /** Named by the user; it must exist. Otherwise the first of `folders` that holds a tensorbell.yaml. */
  readonly file?: string | undefined;
  readonly folders: readonly string[];
}

const names = ["tensorbell.yaml", "tensorbell.yml"];
const largestFile = 1 << 20;

/** Reads the configuration, or says everything that is wrong with it; no file at all is the default configuration. */
export function loadConfig({ file, folders }: ConfigRequest): ConfigResult {
  const found = file ?? folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
  if (found === undefined) return parseConfig("", undefined, folders[0] ?? ".");
  const text = readText(found);
  if (typeof text !== "string") return { kind: "problems", file: found, problems: [text] };
  return parseConfig(text, found, dirname(found));
}

/** The pure part: `folder` is what relative paths count from. */
export function parseConfig(text: string, file: string | undefined, folder: string): ConfigResult {
  const shown = file ?? "tensorbell.yaml";
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  const syntax = syntaxProblems(document, text);
  if (syntax.length > 0) return { kind: "problems", file: shown, problems: syntax };
  const given = plainValue(document);
  if (given === undefined) {
    const sentence = "expected at most 100 uses of aliases, found more";
    return { kind: "problems", file: shown, problems: [{ where: "the file", line: 1, column: 1, sentence }] };
  }
  const parsed = configSchema.safeParse(given);
  const issues = [...(parsed.error?.issues ?? []), ...strangeRules(given)];
  if (!parsed.success || issues.length > 0) {
    return { kind: "problems", file: shown, problems: problemsOf(issues, { document, text, given }) };
  }
  return { kind: "ok", config: withPaths(parsed.data, file, folder) };
}

/** The document as plain data; undefined where its aliases would blow it up. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    return undefined;
  }
}

function withPaths(data: ConfigFile, file: string | undefined, folder: string): Config {
  const watches = data.watches.map((watch): WatchConfig => {
    if (typeof watch === "string") return { root: absolute(watch, folder) };
    const { path, name, splits } = watch;
    return { root: absolute(path, folder), ...(name && { name }), ...(splits && { splits }) };
  });
  const { hot, known, walk, hotFor } = data.polling;
  const idOf = (word: string): WatchId =>
    watchIdOf(watches.find(({ name }) => name === word)?.root ?? absolute(word, folder));
  return {
    ...data,
    file,
    watches,
    rules: withWatchIds(data.rules, idOf),
    roots: data.roots.map((root) => absolute(root, folder)),
    rule_modules: data.rule_modules.map((module) => absolute(module, folder)),
    polling: { hotMs: hot, knownMs: known, walkMs: walk, hotForMs: hotFor },
    ...platformsOf(data),
  };
}

function platformsOf({ slack, dingtalk }: ConfigFile): Pick<ConfigFile, "slack" | "dingtalk"> {
  const { channel } = slack;
  const { conversation } = dingtalk;
  return {
    slack: { ...slack, ...(channel && { channel: placeId(channel) }) },
    dingtalk: { ...dingtalk, ...(conversation && { conversation: placeId(conversation) }) },
  };
}

function readText(file: string): string | Problem {
  const problem = (sentence: string): Problem => ({ where: file, line: 1, column: 1, sentence });
  try {
    if (statSync(file).size > largestFile) return problem("expected at most 1 MiB, found a larger file");
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return problem(`cannot be read (${reason})`);
  }
}
