import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { GlobalFonts } from "@napi-rs/canvas";

/** The one font file that charts need (Latin and simplified Chinese, SIL Open Font License); the build copies it to dist/fonts. */
export const chartFontFile = "noto-sans-sc-chinese-simplified-400-normal.woff2";

const family = "TensorBell Sans";
let registered: string | undefined;

/** The CSS font family of all text in charts; the file is read once a process. Without the file the system's fonts have to do. */
export function chartFontFamily(): string {
  registered ??= register();
  return registered;
}

function register(): string {
  const path = [besideTheBuild(), inThePackage()].find((place) => place !== undefined && existsSync(place));
  const key = path === undefined ? null : GlobalFonts.registerFromPath(path, family);
  return key === null ? "sans-serif" : `"${family}", sans-serif`;
}

function besideTheBuild(): string {
  return fileURLToPath(new URL(`../fonts/${chartFontFile}`, import.meta.url));
}

function inThePackage(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`@fontsource/noto-sans-sc/files/${chartFontFile}`);
  } catch {
    return undefined;
  }
}
