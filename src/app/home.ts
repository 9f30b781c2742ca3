import { mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A home for one demo or one test; `remove` takes everything in it away. */
export function throwAwayHome(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "tensorbell-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Makes the folder for this user alone where it does not exist; an existing one keeps its mode. */
export function openHome(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** The kind of network disk a folder lies on; undefined for local disks and where the system does not tell. */
export function networkDisk(path: string): string | undefined {
  try {
    return networkDisks[statfsSync(path).type];
  } catch {
    return undefined;
  }
}

/** Magic numbers of `statfs` (Linux, `linux/magic.h` and the file systems' own headers). */
const networkDisks: Readonly<Record<number, string>> = {
  0x6969: "NFS",
  0x517b: "SMB",
  0xfe534d42: "SMB",
  0xff534d42: "CIFS",
  0x65735546: "FUSE",
  0x00c36400: "Ceph",
  0x0bd00bd0: "Lustre",
  0x47504653: "GPFS",
  0x5346414f: "AFS",
  0x01021997: "9P",
  0x19830326: "BeeGFS",
};
