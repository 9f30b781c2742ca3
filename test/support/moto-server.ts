import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { leash } from "./leash.js";

/** A local S3 of the Python package `moto`: an implementation that is none of ours. */
export interface MotoServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Where `moto_server` is: in the environment that `.ci/run` makes, or on PATH; undefined where it is nowhere. */
export function findMoto(): string | undefined {
  const own = fileURLToPath(
    new URL("../../node_modules/.cache/tensorbell/moto/bin/moto_server", import.meta.url),
  );
  if (existsSync(own)) return own;
  const installed = "moto_server";
  const { status } = spawnSync(installed, ["--help"], { stdio: "ignore", timeout: 60_000 });
  return status === 0 ? installed : undefined;
}

export async function startMoto(program: string): Promise<MotoServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = leash(spawn(program, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" }));
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for (const end = Date.now() + 60_000; !(await answers(url));) {
    if (child.exitCode !== null || Date.now() > end) {
      child.kill("SIGKILL");
      throw new Error(`${program} does not answer at ${url}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    stop: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/moto-api/`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
