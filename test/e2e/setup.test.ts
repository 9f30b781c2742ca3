import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const project = fileURLToPath(new URL("../../", import.meta.url));
let clone: string;

/** A small project with the real scripts and the packages that are installed already. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "tb-clone-"));
  for (const file of ["package.json", "package-lock.json", "tsconfig.json", "scripts"]) {
    cpSync(join(project, file), join(clone, file), { recursive: true });
  }
  mkdirSync(join(clone, "src/redis/lua"), { recursive: true });
  writeFileSync(join(clone, "src/main.ts"), 'console.log("up");\n');
  writeFileSync(join(clone, "src/redis/lua/commit.lua"), "return 1\n");
  symlinkSync(join(project, "node_modules"), join(clone, "node_modules"));
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

function setup(
  mode: string,
  env: NodeJS.ProcessEnv = {},
): { readonly status: number | null; readonly said: string } {
  const clean = { ...process.env, REDIS_URL: "", REDIS_URL_FILE: "", ...env };
  const done = spawnSync(process.execPath, ["scripts/setup.mjs", mode], {
    cwd: clone,
    env: clean,
    encoding: "utf8",
  });
  return { status: done.status, said: done.stdout + done.stderr };
}

function built(file: string): string {
  return readFileSync(join(clone, "dist", file), "utf8");
}

describe("set-up", () => {
  it("builds a fresh clone with everything the product needs, then has nothing more to do or say", () => {
    expect(setup("test")).toEqual({ status: 0, said: "setup: building\n" });
    expect(statSync(join(clone, "dist/main.js")).mode & 0o111).not.toBe(0);
    expect(built("redis/lua/commit.lua")).toBe("return 1\n");
    expect(built("main.js.map")).toContain('"../src/main.ts"');
    expect(built("fonts/LICENSE")).toContain("SIL OPEN FONT LICENSE");
    expect(setup("test")).toEqual({ status: 0, said: "" });
  });

  it("builds again when a source changed, and when a build was interrupted", () => {
    setup("test");
    writeFileSync(join(clone, "src/main.ts"), 'console.log("up again");\n');
    expect(setup("test").said).toBe("setup: building\n");
    expect(built("main.js")).toContain("up again");
    rmSync(join(clone, "dist/.built-from"));
    expect(setup("test").said).toBe("setup: building\n");
  });

  it("leaves the old build standing when the new one fails", () => {
    setup("test");
    writeFileSync(join(clone, "src/main.ts"), 'const wrong: number = "text";\nconsole.log(wrong);\n');
    const { status, said } = setup("test");
    expect(status).toBe(2);
    expect(said).toContain("TS2322");
    expect(built("main.js")).toContain('console.log("up")');
  });

  it("says in one sentence what to run where it finds no Redis server and may not install one", () => {
    const { status, said } = setup("start", { PATH: clone, TENSORBELL_NO_INSTALL: "1" });
    expect(status).toBe(2);
    expect(said.trim().split("\n")).toHaveLength(1);
    expect(said).toMatch(/^setup: no redis-server or valkey-server on PATH; /);
  });

  it("needs no Redis server where REDIS_URL names one, in the environment or in .env", () => {
    expect(setup("start", { PATH: clone, REDIS_URL: "redis://elsewhere" }).status).toBe(0);
    writeFileSync(join(clone, ".env"), "export REDIS_URL=redis://elsewhere\n");
    const env: NodeJS.ProcessEnv = { ...process.env, PATH: clone };
    delete env["REDIS_URL"];
    const done = spawnSync(process.execPath, ["scripts/setup.mjs", "start"], { cwd: clone, env });
    expect(done.status).toBe(0);
  });

  it("refuses a Redis server below 6.2 with the reason", () => {
    writeFileSync(join(clone, "redis-server"), "#!/bin/sh\necho 'Redis server v=6.0.16 sha=0'\n", {
      mode: 0o755,
    });
    const { status, said } = setup("test", { PATH: clone });
    expect(status).toBe(2);
    expect(said).toContain("redis-server 6.0.16 is too old");
  });
});
