import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";

/** Where the server listens; `folder` is a temporary one made for it where the data folder's path is too long. */
export interface ServerSocket {
  readonly path: string;
  readonly folder?: string;
}

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, the closing zero included. */
const longestPath = 100;

/** In the data folder; where that path is too long, in a fresh 0700 folder below the system's temporary one. */
export function chooseSocket(dataFolder: string): ServerSocket {
  const path = join(dataFolder, "redis.sock");
  if (Buffer.byteLength(path) <= longestPath) return { path };
  const base = Buffer.byteLength(tmpdir()) <= 60 ? tmpdir() : "/tmp";
  const folder = mkdtempSync(join(base, "tensorbell-"));
  return { path: join(folder, "redis.sock"), folder };
}

export function removeSocket(socket: ServerSocket): void {
  rmSync(socket.path, { force: true });
  if (socket.folder !== undefined) rmSync(socket.folder, { recursive: true, force: true });
}
