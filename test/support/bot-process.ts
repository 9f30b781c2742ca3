import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { leash } from "./leash.js";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** The real process as a user runs it, with a home of its own. */
export interface Bot {
  readonly home: string;
  readonly child: ChildProcess;
  output(): string;
  log(): string;
  /** SIGKILL to the process alone, as a crash would. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Types a line. */
  type(line: string): void;
  /** Resolves when the output has the words; rejects with the output after `ms`. */
  says(words: string | RegExp, ms?: number): Promise<void>;
  /** The same of its log. */
  logs(words: string | RegExp, ms?: number): Promise<void>;
}

export interface BotOptions {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
  readonly cwd?: string;
}

export function throwAwayFolder(prefix = "tb-e2e-"): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), prefix));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Starts `dist/main.js`; the environment is bare but for what is given. */
export function startBot({ words, env = {}, home = throwAwayFolder().path, cwd = home }: BotOptions): Bot {
  const bare = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    TZ: "UTC",
    TENSORBELL_HOME: join(home, "tb"),
    TENSORBELL_LOG_LEVEL: "info",
  };
  const child = leash(
    spawn(process.execPath, [main, ...words], {
      cwd,
      env: { ...bare, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    }),
  );
  let output = "";
  let log = "";
  const waiters = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
    for (const look of waiters) look();
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    log += chunk;
    for (const look of waiters) look();
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const comes = (
    what: "says" | "logs",
    text: () => string,
    { wanted, ms }: { readonly wanted: string | RegExp; readonly ms: number },
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const never = `${what} ${String(wanted)}`;
      const isThere = (): boolean =>
        typeof wanted === "string" ? text().includes(wanted) : wanted.test(text());
      const end = (error?: Error): void => {
        clearTimeout(timer);
        waiters.delete(look);
        if (error === undefined) resolve();
        else reject(error);
      };
      const look = (): void => (isThere() ? end() : undefined);
      const timer = setTimeout(
        () => end(new Error(`never ${never}\n--- output\n${output}\n--- log\n${log}`)),
        ms,
      );
      waiters.add(look);
      child.once("exit", (code) =>
        end(new Error(`exited with ${code} before it ${never}\n${output}\n${log}`)),
      );
      look();
    });
  return {
    home,
    child,
    output: () => output,
    log: () => log,
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
    stop: () => {
      child.kill("SIGTERM");
      return exited;
    },
    type: (line) => child.stdin.write(`${line}\n`),
    says: (wanted, ms = 30_000) => comes("says", () => output, { wanted, ms }),
    logs: (wanted, ms = 30_000) => comes("logs", () => log, { wanted, ms }),
  };
}
