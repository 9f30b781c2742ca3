#!/usr/bin/env node
/**
 * tsc to dist/ with source maps, plus what tsc does not copy: Lua scripts and the chart's font.
 * Built beside dist/ and swapped in when complete, so that a failed or interrupted build leaves the old one standing.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { buildFingerprint, root, stampName } from "./build-fingerprint.mjs";

const dist = join(root, "dist");
const next = join(root, `dist-next-${process.pid}`);
const fontPackage = join(root, "node_modules/@fontsource/noto-sans-sc");
const fontFiles = [
  "files/noto-sans-sc-chinese-simplified-400-normal.woff2",
  "files/noto-sans-sc-latin-400-normal.woff2",
];

process.exitCode = build() ? 0 : 1;

function build() {
  const fingerprint = buildFingerprint();
  try {
    removeLeftovers();
    mkdirSync(next);
    // The sources' folder depth is that of dist/, so the maps stay right after the swap.
    const tsc = spawnSync(
      process.execPath,
      [
        join(root, "node_modules/typescript/bin/tsc"),
        "-p",
        "tsconfig.json",
        "--outDir",
        next,
        "--noEmitOnError",
      ],
      { cwd: root, stdio: "inherit" },
    );
    if (tsc.status !== 0) return false;
    copyScripts();
    copyFonts();
    chmodSync(join(next, "main.js"), 0o755);
    writeFileSync(join(next, stampName), fingerprint);
    swap();
    return true;
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

function copyScripts() {
  const from = join(root, "src");
  for (const name of readdirSync(from, { recursive: true })) {
    if (name.endsWith(".lua")) copy(join(from, name), join(next, name));
  }
}

function copyFonts() {
  for (const file of [...fontFiles, "LICENSE"]) {
    const source = join(fontPackage, file);
    if (!existsSync(source)) throw new Error(`the font package has no ${file}`);
    copy(source, join(next, "fonts", file === "LICENSE" ? "LICENSE" : file.slice("files/".length)));
  }
}

function copy(source, target) {
  mkdirSync(dirname(target), { recursive: true });
  cpSync(source, target);
}

/** Another build may put its own result there at the same moment; both are of sources that stood here, so either will do. */
function swap() {
  const old = `${next}-old`;
  for (let tries = 0; existsSync(next) && tries < 10; tries += 1) {
    try {
      if (existsSync(dist)) renameSync(dist, old);
      renameSync(next, dist);
    } catch (error) {
      if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(error.code)) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

/** What a killed build left behind. */
function removeLeftovers() {
  for (const name of readdirSync(root)) {
    const pid = /^dist-next-(\d+)/.exec(name)?.[1];
    if (pid !== undefined && !lives(Number(pid))) rmSync(join(root, name), { recursive: true, force: true });
  }
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
