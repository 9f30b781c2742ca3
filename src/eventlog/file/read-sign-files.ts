import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { SignFile, SignRequest } from "../log-source.js";
import { onDisk } from "./byte-names.js";

const mostFiles = 20;
const mostBytes = 4_096;

/** The wanted small files of some directories and how they begin; directories that are not there, and links, are passed over. */
export async function readSignFiles({
  root,
  directories,
  wanted,
}: SignRequest): Promise<readonly SignFile[]> {
  const files: SignFile[] = [];
  for (const directory of directories) {
    const path = join(root, directory);
    const entries = await readdir(onDisk(path), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (files.length === mostFiles) return files;
      if (!entry.isFile() || !wanted(entry.name)) continue;
      const file = await readSignFile(join(path, entry.name), entry.name).catch(() => undefined);
      if (file !== undefined) files.push(file);
    }
  }
  return files;
}

async function readSignFile(path: string, name: string): Promise<SignFile> {
  const handle = await open(onDisk(path), "r");
  try {
    const { size, mtimeMs } = await handle.stat();
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    return { name, mtimeMs, size, text: buffer.toString("utf8", 0, bytesRead) };
  } finally {
    await handle.close();
  }
}
