import { type ChildProcess, spawn } from "node:child_process";
import { Redis } from "ioredis";
import type { Log } from "../lib/log.js";
import { forgetServer, recordServer } from "./embedded-redis-orphan.js";
import { removeSocket, type ServerSocket } from "./embedded-redis-socket.js";
import { StartProblem } from "./start-problem.js";

interface ServerPlace {
  readonly program: string;
  readonly folder: string;
  readonly socket: ServerSocket;
  readonly log: Log;
}

const stopMs = 15_000;
const longestPauseMs = 10_000;

/** One Redis child, started again when it dies on its own, and stopped by a watchdog when this process dies. */
export class EmbeddedRedisServer {
  readonly #place: ServerPlace;
  #said: readonly string[] = [];
  #child: ChildProcess | undefined;
  #watchdog: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #state: "starting" | "up" | "stopping" = "starting";
  #deaths = 0;

  constructor(place: ServerPlace) {
    this.#place = place;
  }

  get socketPath(): string {
    return this.#place.socket.path;
  }

  /** Resolves when the server answers, its append-only file loaded. */
  async start(): Promise<void> {
    const child = this.#spawn();
    const abort = new AbortController();
    const died = exitOf(child).then(() => abort.abort());
    const ready = await answers(this.socketPath, abort.signal);
    if (ready) {
      this.#state = "up";
      return;
    }
    await died;
    const said = this.#said.join("; ");
    await this.stop();
    throw new StartProblem(`the embedded Redis (${this.#place.program}) did not start: ${said}`);
  }

  async stop(): Promise<void> {
    this.#state = "stopping";
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child !== undefined && runs(child)) {
      const gone = exitOf(child);
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), stopMs);
      await gone;
      clearTimeout(late);
    }
    this.#watchdog?.kill("SIGKILL");
    forgetServer(this.#place.folder);
    removeSocket(this.#place.socket);
  }

  #spawn(): ChildProcess {
    const { program, folder, socket } = this.#place;
    // A session of its own: Ctrl-C in the terminal must not stop Redis before those who use it.
    const child = spawn(program, settings(folder, socket.path), {
      cwd: folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    if (child.pid !== undefined) {
      recordServer(folder, child.pid, socket);
      this.#watchdog = watchdog(child.pid);
    }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => this.#hear(text));
    }
    child.on("error", (error) => this.#hear(error.message));
    child.once("exit", (code, signal) => this.#died(code, signal));
    return child;
  }

  #hear(text: string): void {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    this.#said = [...this.#said, ...lines].slice(-5);
    for (const line of lines) this.#place.log.debug({ line }, "embedded_redis_says");
  }

  #died(code: number | null, signal: NodeJS.Signals | null): void {
    this.#watchdog?.kill("SIGKILL");
    if (this.#state !== "up") return;
    this.#deaths += 1;
    this.#place.log.error({ code, signal, deaths: this.#deaths, said: this.#said }, "embedded_redis_died");
    const pause = Math.min(50 * 2 ** Math.min(this.#deaths, 10), longestPauseMs);
    this.#restart = setTimeout(() => this.#spawn(), pause);
  }
}

/**
 * What is acknowledged is in the operating system's hands at once (it survives the death of either process) and on
 * the disk within a second; `always` would cost a disk flush a commit to save that second at a power cut, for data
 * that is read again from the event files anyway.
 */
function settings(folder: string, socketPath: string): readonly string[] {
  return Object.entries({
    port: "0",
    unixsocket: socketPath,
    unixsocketperm: "600",
    dir: folder,
    appendonly: "yes",
    appendfsync: "everysec",
    save: "",
    "maxmemory-policy": "noeviction",
    daemonize: "no",
    loglevel: "notice",
  }).flatMap(([name, value]) => [`--${name}`, value]);
}

/** A shell that waits for our end of its standard input to close, which even SIGKILL does, then stops the server. */
function watchdog(pid: number): ChildProcess {
  const dog = spawn("sh", ["-c", 'read -r _; kill -TERM "$0"', String(pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without a shell the next start still ends what is left.
  dog.on("error", () => undefined);
  dog.unref();
  return dog;
}

/** Whether the server answers before `signal` is aborted; ioredis calls a server ready only after it loaded its data. */
async function answers(path: string, signal: AbortSignal): Promise<boolean> {
  const client = new Redis({ path, retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on("error", () => undefined);
  const ready = new Promise<boolean>((resolve) => client.once("ready", () => resolve(true)));
  const aborted = new Promise<boolean>((resolve) => {
    if (signal.aborted) resolve(false);
    signal.addEventListener("abort", () => resolve(false));
  });
  const result = await Promise.race([ready, aborted]);
  client.disconnect();
  return result;
}

function runs(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function exitOf(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return new Promise((resolve) => child.once("error", () => resolve()));
  if (!runs(child)) return Promise.resolve();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}
