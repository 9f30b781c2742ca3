import { type Document, isMap, isNode, isScalar, LineCounter, type Node } from "yaml";
import type { z } from "zod";
import { configSchema } from "./config-schema.js";
import { nearest } from "../commands/nearest.js";
import { knownKeys } from "./config-keys.js";
import { ownRuleIds } from "./strange-rules.js";

/** One thing wrong with the configuration: where (1-based), and what was expected and found. */
export interface Problem {
  /** Path of keys such as `routes[0].to`, or the file's name for the file as a whole. */
  readonly where: string;
  readonly line: number;
  readonly column: number;
  readonly sentence: string;
}

interface Source {
  readonly document: Document;
  readonly text: string;
  readonly given: unknown;
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Every problem of a parsed file, in the order of the file. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], source: Source): readonly Problem[] {
  const place = placer(source);
  return issues
    .flatMap((issue) => flatten(issue, source.given))
    .flatMap((issue) => sentencesOf(issue, source.given))
    .map(({ path, sentence, key }) => ({ where: showPath(path), ...place(path, key), sentence }))
    .sort((one, other) => one.line - other.line || one.column - other.column);
}

/** What the YAML parser itself objects to. */
export function syntaxProblems(document: Document, text: string): readonly Problem[] {
  const position = counter(text);
  return document.errors.map((error) => ({
    where: "YAML",
    ...position(error.pos[0]),
    sentence: error.message.split("\n")[0] ?? error.message,
  }));
}

interface Finding {
  readonly path: Path;
  readonly sentence: string;
  /** The problem is this key itself, not its value. */
  readonly key: boolean;
}

/** A union's failure is told by the branch that got furthest: the one whose complaint lies deepest. */
function flatten(issue: Issue, given: unknown): readonly Issue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const branches = issue.errors.map((errors) =>
    errors.map((error) => ({ ...error, path: [...issue.path, ...error.path] })),
  );
  const deepest = Math.max(...branches.map(depth));
  if (deepest > issue.path.length) {
    const best = branches.find((branch) => depth(branch) === deepest) ?? [];
    return best.flatMap((error) => flatten(error, given));
  }
  const refined = branches.find((branch) => branch.every((error) => error.code !== "invalid_type"));
  return refined?.flatMap((error) => flatten(error, given)) ?? [issue];
}

function depth(issues: readonly Issue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)));
}

function sentencesOf(issue: Issue, given: unknown): readonly Finding[] {
  if (issue.code === "unrecognized_keys") {
    const known = [
      ...knownKeys(configSchema, issue.path),
      ...(issue.path[0] === "rules" && issue.path.length === 1 ? ownRuleIds(given) : []),
    ];
    return issue.keys.map((key) => {
      const [near] = nearest(key, known, 1);
      const hint = near === undefined ? `expected ${anyOf(known)}` : `did you mean ${near}?`;
      return { path: [...issue.path, key], sentence: `unknown key ${quote(key)}; ${hint}`, key: true };
    });
  }
  if (issue.code === "custom" && issue.params?.["whole"] === true)
    return [{ path: issue.path, sentence: issue.message, key: false }];
  const found = valueAt(given, issue.path);
  const sentence = `expected ${expected(issue)}, found ${show(found, issue.path)}`;
  return [{ path: issue.path, sentence, key: false }];
}

function expected(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return article(issue.expected);
    case "invalid_value":
      return anyOf(issue.values.map(String));
    case "too_small":
      return issue.origin === "string"
        ? "some text"
        : `at least ${String(issue.minimum)}${counted(issue.origin)}`;
    case "too_big":
      return `at most ${String(issue.maximum)}${counted(issue.origin)}`;
    case "invalid_union":
      return unionOf(issue);
    case "custom":
    case "invalid_format":
    case "invalid_key":
    case "invalid_element":
    case "not_multiple_of":
    case "unrecognized_keys":
      return issue.message;
  }
}

function unionOf(issue: Issue & { code: "invalid_union" }): string {
  if (!issue.message.startsWith("Invalid input")) return issue.message;
  return [...new Set(issue.errors.flatMap((errors) => errors.map(expected)))].join(" or ");
}

function counted(origin: string): string {
  if (origin === "array" || origin === "set") return " entries";
  return origin === "string" ? " characters" : "";
}

const articles: Readonly<Record<string, string>> = {
  array: "a list",
  object: "a section of keys and values",
  record: "a section of keys and values",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

function article(type: string): string {
  return articles[type] ?? type;
}

function anyOf(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

const secretLike = /xox[a-z]-|xapp-|\/\/[^/\s]*:[^/\s]*@|[A-Za-z0-9_-]{32,}/;
const secretKey = /token|secret|password|passwd|api_?key|credential/i;

/** A value for a sentence: short, and masked where it may be a secret pasted into the wrong place. */
function show(value: unknown, path: Path): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return "a section of keys and values";
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  if (path.some((key) => secretKey.test(String(key))) || secretLike.test(shown)) return "[secret]";
  return typeof value === "string" ? quote(value) : shown;
}

function quote(text: string): string {
  if (secretLike.test(text)) return "[secret]";
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function valueAt(given: unknown, path: Path): unknown {
  let value = given;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function showPath(path: Path): string {
  const shown = path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${secretSafe(String(key))}`))
    .join("");
  return shown === "" ? "the file" : shown.replace(/^\./, "");
}

function secretSafe(key: string): string {
  return secretLike.test(key) ? "[secret]" : key;
}

type Position = { readonly line: number; readonly column: number };

/** The place of a path in the text; of what is missing, the place of the nearest thing around it that is there. */
function placer({ document, text }: Source): (path: Path, key: boolean) => Position {
  const position = counter(text);
  return (path, key) => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = nodeAt(document, path.slice(0, length), key && length === path.length);
      if (node?.range) return position(node.range[0]);
    }
    return { line: 1, column: 1 };
  };
}

function nodeAt(document: Document, path: Path, key: boolean): Node | undefined {
  if (key) {
    const parent = document.getIn(path.slice(0, -1), true);
    const pairs = isMap(parent) ? parent.items : [];
    const named = pairs.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(path.at(-1)));
    return isNode(named?.key) ? named.key : undefined;
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

function counter(text: string): (offset: number) => Position {
  const lines = new LineCounter();
  for (let at = 0; at !== -1; at = text.indexOf("\n", at) + 1 || -1) lines.addNewLine(at);
  return (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
}
