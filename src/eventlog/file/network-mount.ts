import { statfsSync } from "node:fs";

/** File system types of Linux (statfs, f_type) whose attributes are cached on this side of a network or of FUSE. */
const remoteTypes: ReadonlySet<number> = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB2
  0x65735546, // FUSE
  0x00c36400, // Ceph
  0x0bd00bd0, // Lustre
  0x47504653, // GPFS
  0x01021997, // 9P
]);

/** Whether a directory lies on a mount that may tell old sizes; false where the system cannot say. */
export function isNetworkMount(path: string): boolean {
  try {
    return remoteTypes.has(statfsSync(path).type >>> 0);
  } catch {
    return false;
  }
}
