import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Pictures kept; older ones of ours are removed, other files never. */
export const mostPictures = 300;

const ours = /^\d{8}-\d{6}-\d{3}-[\w.-]+\.png$/;

export interface PictureFile {
  readonly png: Uint8Array;
  readonly name: string;
  /** Milliseconds. */
  readonly at: number;
}

/** Writes a picture under a name that sorts by time and gives its full path. */
export async function savePicture(folder: string, { png, name, at }: PictureFile): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date(at).toISOString().replaceAll(/[-:Z]/g, "").replace("T", "-").replace(".", "-");
  const stem = name
    .replace(/\.png$/i, "")
    .replaceAll(/[^\w.-]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  const path = join(folder, `${stamp}-${stem === "" ? "chart" : stem.slice(-80)}.png`);
  await writeFile(path, png, { mode: 0o600 });
  await removeOldest(folder);
  return path;
}

async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => ours.test(name)).sort();
  const old = names.slice(0, Math.max(0, names.length - mostPictures));
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true })));
}
