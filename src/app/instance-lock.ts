import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { fateOf, identityOf, type ProcessIdentity, processIdentitySchema } from "./process-identity.js";

export interface InstanceLock {
  /** Idempotent; removes only what this process holds. */
  release(): void;
}

export type LockResult =
  | { readonly kind: "held"; readonly lock: InstanceLock }
  | { readonly kind: "refused"; readonly sentence: string };

/** A live holder touches the file this often (ms); one of another host that is older than `foreignStaleMs` is taken for dead. */
const touchMs = 10_000;
const foreignStaleMs = 120_000;

/** One process a home folder: held by a file with the holder's identity; what a dead holder left is taken over. */
export function acquireInstanceLock(home: string): LockResult {
  const file = join(home, "instance.lock");
  const mine = `${file}.${process.pid}`;
  const identity = identityOf(process.pid);
  writeFileSync(mine, JSON.stringify(identity), { mode: 0o600 });
  try {
    for (let tries = 0; tries < 5; tries += 1) {
      if (claim(mine, file)) return { kind: "held", lock: hold(file, identity) };
      const text = readText(file);
      if (text === undefined) continue;
      const holder = parse(text);
      if (holder !== undefined && holds(holder, file, mine)) {
        return { kind: "refused", sentence: refusal(home, file, holder) };
      }
      removeStale(file, text);
    }
    return {
      kind: "refused",
      sentence: `another TensorBell is starting on ${home} at this moment; try again`,
    };
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A hard link fails where the name exists and shows the whole content at once where not. */
function claim(mine: string, file: string): boolean {
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function hold(file: string, identity: ProcessIdentity): InstanceLock {
  const text = JSON.stringify(identity);
  const touch = setInterval(() => rewrite(file, text), touchMs);
  touch.unref();
  return {
    release: () => {
      clearInterval(touch);
      if (readText(file) === text) rmSync(file, { force: true });
    },
  };
}

/** Writes the same bytes again, without a truncation in between, so that the file system's own clock dates the file. */
function rewrite(file: string, text: string): void {
  if (readText(file) !== text) return;
  const descriptor = openSync(file, "r+");
  try {
    writeSync(descriptor, text, 0);
  } finally {
    closeSync(descriptor);
  }
}

function holds(holder: ProcessIdentity, file: string, fresh: string): boolean {
  const fate = fateOf(holder);
  return fate === "alive" || (fate === "elsewhere" && ageMs(file, fresh) < foreignStaleMs);
}

/** Age by the file system's own clock: against a file written a moment ago. */
function ageMs(file: string, fresh: string): number {
  try {
    return statSync(fresh).mtimeMs - statSync(file).mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Moves the stale file away; if somebody else was quicker and the file is theirs, it is put back. */
function removeStale(file: string, stale: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readText(aside) !== stale) claim(aside, file);
  rmSync(aside, { force: true });
}

function refusal(home: string, file: string, holder: ProcessIdentity): string {
  const who = `process ${holder.pid} on ${holder.host}`;
  const remedy = fateOf(holder) === "elsewhere" ? ` (if that machine is gone, delete ${file})` : "";
  return (
    `another TensorBell (${who}) uses ${home}${remedy}. ` +
    "Stop it, or give this one a folder of its own with TENSORBELL_HOME, or share one Redis with REDIS_URL."
  );
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function parse(text: string): ProcessIdentity | undefined {
  try {
    return processIdentitySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
