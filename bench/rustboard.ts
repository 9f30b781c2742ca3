import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Taken } from "./reader.js";

/** The compiled data server of the Python package `tensorboard-data-server`; undefined where it is not installed. */
export function rustBoardBinary(python: string): string | undefined {
  const ask = "import tensorboard_data_server as server; print(server.server_binary())";
  const { status, stdout } = spawnSync(python, ["-c", ask], { encoding: "utf8" });
  return status === 0 && stdout.trim() !== "" && stdout.trim() !== "None" ? stdout.trim() : undefined;
}

/** Loads a directory once, from start to its own `Finished load cycle`, and stops the server. */
export async function runRustBoard(
  binary: string,
  directory: string,
  options: readonly string[],
): Promise<Taken> {
  const started = performance.now();
  const words = ["--logdir", directory, "--reload", "once", "--port", "0", "-v", ...options];
  const server = spawn(binary, words, { stdio: ["pipe", "ignore", "pipe"] });
  const { wall, load } = await new Promise<{ wall: number; load: number }>((resolve, reject) => {
    let said = "";
    server.stderr.setEncoding("utf8");
    server.stderr.on("data", (text: string) => {
      said += text;
      const found = /Finished load cycle \(([\d.]+)(m?s)\)/.exec(said);
      if (found === null) return;
      const loading = Number(found[1]) / (found[2] === "ms" ? 1_000 : 1);
      resolve({ wall: (performance.now() - started) / 1_000, load: loading });
    });
    server.on("exit", () => reject(new Error(`RustBoard ended: ${said.slice(-500)}`)));
  });
  const { cpu, memory } = usageOf(server.pid ?? 0);
  server.removeAllListeners("exit");
  server.kill();
  return { points: Number.NaN, wall, cpu, memory, load };
}

/** CPU seconds so far and MiB at the peak, as Linux tells them. */
export function usageOf(pid: number): { readonly cpu: number; readonly memory: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { cpu: ticks / 100, memory: Number(peak) / 1024 };
}
