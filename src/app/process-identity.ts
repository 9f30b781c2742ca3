import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

/** A process that can be told from a later one with the same number: pid, what the system knows of its start, and the host. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  started: z.string(),
  host: z.string(),
});
export type ProcessIdentity = z.output<typeof processIdentitySchema>;

export function identityOf(pid: number): ProcessIdentity {
  return { pid, started: startOf(pid) ?? "", host: hostname() };
}

/** Whether exactly this process still runs here; `elsewhere` where it belongs to another host and nobody can tell. */
export function fateOf(identity: ProcessIdentity): "alive" | "gone" | "elsewhere" {
  if (identity.host !== hostname()) return "elsewhere";
  if (!exists(identity.pid)) return "gone";
  const started = startOf(identity.pid);
  return started === undefined || identity.started === "" || started === identity.started ? "alive" : "gone";
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Linux: boot id and start tick (field 22 of /proc/<pid>/stat; zombies count as gone); elsewhere what `ps` says. */
function startOf(pid: number): string | undefined {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The name in parentheses may hold spaces; what follows it starts with field 3, the state.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z" || fields[0] === "X") return "zombie";
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
      return `${boot} ${fields[19] ?? ""}`;
    } catch {
      return undefined;
    }
  }
  try {
    const env = { ...process.env, LC_ALL: "C" };
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env }).trim();
  } catch {
    return undefined;
  }
}
