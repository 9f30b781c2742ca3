import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { StartProblem } from "./start-problem.js";

const names = ["redis-server", "valkey-server"];

/** The first `redis-server`, else `valkey-server`, on PATH. */
export function findRedisServer(path = process.env["PATH"] ?? ""): string {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found !== undefined) return found;
  throw new StartProblem(
    "no redis-server or valkey-server on PATH: install Redis 6.2 or later, or set REDIS_URL to one that runs.",
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
