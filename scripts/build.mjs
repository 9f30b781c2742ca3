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

function swap() {
  const old = `${next}-old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(next, dist);
  rmSync(old, { recursive: true, force: true });
}
