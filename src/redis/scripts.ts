import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import type { RedisConnection } from "./connection.js";

/** Runs one of the scripts in `lua/` by its file name: EVALSHA first, the text only where the server does not know it yet. */
export async function runScript(
  redis: RedisConnection,
  name: ScriptName,
  call: { readonly keys: readonly string[]; readonly args: readonly (string | number | Buffer)[] },
): Promise<unknown> {
  const script = loadScript(name);
  const rest = [call.keys.length, ...call.keys, ...call.args];
  try {
    return await redis.call("EVALSHA", script.sha, ...rest);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return redis.call("EVAL", script.text, ...rest);
  }
}

export type ScriptName =
  | "append-entries"
  | "begin-anew"
  | "chart-ready"
  | "commit-run"
  | "conclude-entry"
  | "lay-to-rest"
  | "release-lease"
  | "take-lease"
  | "trim-points";

const loaded = new Map<ScriptName, { readonly text: string; readonly sha: string }>();

function loadScript(name: ScriptName): { readonly text: string; readonly sha: string } {
  let script = loaded.get(name);
  if (script === undefined) {
    const text = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), "utf8");
    script = { text, sha: createHash("sha1").update(text).digest("hex") };
    loaded.set(name, script);
  }
  return script;
}
