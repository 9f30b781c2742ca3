import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "../lib/log.js";
import type { RedisAddress } from "../redis/connection.js";
import { stopOrphan } from "./embedded-redis-orphan.js";
import { findRedisServer } from "./embedded-redis-program.js";
import { EmbeddedRedisServer } from "./embedded-redis-server.js";
import { chooseSocket } from "./embedded-redis-socket.js";
import { networkDisk, openHome } from "./home.js";
import { acquireInstanceLock } from "./instance-lock.js";
import { StartProblem } from "./start-problem.js";

export interface EmbeddedRedis {
  readonly connection: RedisAddress;
  /** Stops the server after it wrote what it holds; idempotent. */
  stop(): Promise<void>;
}

export interface EmbeddedRedisRequest {
  readonly home: string;
  readonly log: Log;
  /** The server's program; found on PATH where left out. */
  readonly program?: string;
}

/**
 * A private Redis in `home`: append-only file, unix socket that only this user can open, one instance a folder.
 * A watchdog stops it when this process is killed, and the next start ends what is left all the same. Dying on its
 * own, it is started again on the same socket, so that connections come back by themselves.
 */
export async function startEmbeddedRedis(request: EmbeddedRedisRequest): Promise<EmbeddedRedis> {
  const { home, log } = request;
  const program = request.program ?? findRedisServer();
  openHome(home);
  const disk = networkDisk(home);
  if (disk !== undefined) log.warn({ home, disk }, "home_on_network_disk");
  const claim = acquireInstanceLock(home);
  if (claim.kind === "refused") throw new StartProblem(claim.sentence);
  const folder = join(home, "redis");
  try {
    openPrivateFolder(folder);
    await stopOrphan(folder, log);
    const server = new EmbeddedRedisServer({ program, folder, socket: chooseSocket(folder), log });
    await server.start();
    const stop = async () => {
      await server.stop();
      claim.lock.release();
    };
    return { connection: { kind: "single", options: { path: server.socketPath } }, stop };
  } catch (error) {
    claim.lock.release();
    throw error;
  }
}

/** 0700 whatever the umask and whoever made it before; a folder of another user is refused. */
function openPrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(folder);
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new StartProblem(`${folder} belongs to another user; choose another folder with TENSORBELL_HOME.`);
  }
  if ((mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
}
