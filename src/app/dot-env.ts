import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** The environment with what `.env` files in these folders add, nearest first; a variable that is set already wins. */
export function withDotEnv(env: NodeJS.ProcessEnv, folders: readonly string[]): NodeJS.ProcessEnv {
  const files = [...new Set(folders)].map((folder) => read(join(folder, ".env")));
  return Object.assign({}, ...files.reverse(), env) as NodeJS.ProcessEnv;
}

function read(file: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}
