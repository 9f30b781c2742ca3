import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Log } from "../lib/log.js";
import { type ServerSocket, removeSocket } from "./embedded-redis-socket.js";
import { fateOf, identityOf, processIdentitySchema } from "./process-identity.js";
import { StartProblem } from "./start-problem.js";

const recordSchema = z.object({
  server: processIdentitySchema,
  socket: z.object({ path: z.string(), folder: z.string().exactOptional() }),
});

const politeMs = 15_000;
const lookMs = 20;

/** Writes down which process serves the folder, at once after it was started, so that a later start can end it. */
export function recordServer(folder: string, pid: number, socket: ServerSocket): void {
  writeFileSync(recordFile(folder), JSON.stringify({ server: identityOf(pid), socket }), { mode: 0o600 });
}

export function forgetServer(folder: string): void {
  rmSync(recordFile(folder), { force: true });
}

/** Ends the server that a killed process left behind: asked first, so that it writes what it holds. */
export async function stopOrphan(folder: string, log: Log): Promise<void> {
  const record = read(folder);
  if (record === undefined) return;
  const { server, socket } = record;
  if (fateOf(server) === "alive") {
    log.warn({ pid: server.pid }, "embedded_redis_orphan_stopped");
    process.kill(server.pid, "SIGTERM");
    for (let waited = 0; fateOf(server) === "alive"; waited += lookMs) {
      if (waited === politeMs) process.kill(server.pid, "SIGKILL");
      if (waited >= 2 * politeMs)
        throw new StartProblem(`an old Redis (process ${server.pid}) in ${folder} does not end.`);
      await sleep(lookMs);
    }
  }
  removeSocket(socket);
  forgetServer(folder);
}

function read(folder: string): z.output<typeof recordSchema> | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(readFileSync(recordFile(folder), "utf8"))).data;
  } catch {
    return undefined;
  }
}

function recordFile(folder: string): string {
  return join(folder, "server.json");
}
