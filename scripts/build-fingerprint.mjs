/** Whether dist/ was built from the sources as they stand: a hash of their bytes, so that a checkout's times do not matter. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Written into the finished build last; a build without it is no build. */
export const stampName = ".built-from";

const besideSources = ["package-lock.json", "tsconfig.json", "scripts/build.mjs"];

export function buildFingerprint() {
  const hash = createHash("sha256");
  for (const file of [...filesBelow("src"), ...besideSources]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

export function builtFingerprint() {
  try {
    return readFileSync(join(root, "dist", stampName), "utf8");
  } catch {
    return undefined;
  }
}

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
