import { isAscii, type WireBytes } from "./wire.js";

/** What the last `scanMetadata` and `scanTensor` found; one object for all calls, because there are millions of them. */
export const scanned: {
  plugin: string;
  dataClass: number;
  /** `scalar`: of one float or double; `none`: surely not of one number; `other`: legal, but for `decodeEvent` to judge. */
  tensor: "scalar" | "none" | "other";
  value: number;
} = { plugin: "", dataClass: 0, tensor: "none", value: 0 };

/** SummaryMetadata { plugin_data { plugin_name: "scalars" } }, which TensorFlow repeats with every scalar. */
const scalarsMetadata = Uint8Array.from([0x0a, 0x09, 0x0a, 0x07, 0x73, 0x63, 0x61, 0x6c, 0x61, 0x72, 0x73]);

/** False where the metadata is not of the plain kind. */
export function scanMetadata(wire: WireBytes, start: number, end: number): boolean {
  const { bytes } = wire;
  scanned.dataClass = 0;
  if (equals(bytes, start, end)) {
    scanned.plugin = "scalars";
    return true;
  }
  let seenPlugin = false;
  scanned.plugin = "";
  wire.at = start;
  while (wire.at < end) {
    const key = bytes[wire.at++] ?? 0;
    const length = wire.varint();
    if (length < 0) return false;
    if (key === 0x20) {
      if (length > 127) return false;
      scanned.dataClass = length;
      continue;
    }
    const stop = wire.at + length;
    if (stop > end) return false;
    if (key === 0x0a) {
      if (seenPlugin || !scanPluginData(wire, stop)) return false;
      seenPlugin = true;
    } else if (key === 0x12) {
      if (!isAscii(bytes, wire.at, stop)) return false;
    } else if (key !== 0x1a) {
      return false;
    }
    wire.at = stop;
  }
  return wire.at === end && scanned.plugin !== "hparams";
}

function scanPluginData(wire: WireBytes, end: number): boolean {
  while (wire.at < end) {
    const key = wire.bytes[wire.at++] ?? 0;
    const length = wire.varint();
    const stop = wire.at + length;
    if (length < 0 || stop > end) return false;
    if (key === 0x0a) {
      if (!isAscii(wire.bytes, wire.at, stop)) return false;
      scanned.plugin = String.fromCharCode(...wire.bytes.subarray(wire.at, Math.min(stop, wire.at + 40)));
    } else if (key !== 0x12) {
      return false;
    }
    wire.at = stop;
  }
  return wire.at === end;
}

/** False where the tensor is not of the plain kind; else `scanned.tensor` and `scanned.value` tell what it holds. */
export function scanTensor(wire: WireBytes, start: number, end: number): boolean {
  const { bytes, view } = wire;
  let type = 0;
  let one = true;
  let content = -1;
  let contentBytes = 0;
  let floats = -1;
  let doubles = -1;
  let odd = false;
  wire.at = start;
  while (wire.at < end) {
    const key = bytes[wire.at++] ?? 0;
    if (key === 0x2d || key === 0x31) {
      if (floats >= 0 || doubles >= 0) return false;
      if (key === 0x2d) floats = wire.at;
      else doubles = wire.at;
      wire.at += key === 0x2d ? 4 : 8;
      continue;
    }
    const length = wire.varint();
    if (length < 0) return false;
    if (key === 0x08) {
      if (length > 127) return false;
      type = length;
      continue;
    }
    if (key === 0x18) continue;
    const stop = wire.at + length;
    if (stop > end) return false;
    if (key === 0x12) {
      const shape = length === 0 ? "one" : scanShape(wire, stop);
      if (shape === "odd") return false;
      if (shape === "many") one = false;
    } else if (key === 0x22) {
      if (content >= 0) return false;
      content = wire.at;
      contentBytes = length;
    } else if (key === 0x2a || key === 0x32) {
      const size = key === 0x2a ? 4 : 8;
      if (floats >= 0 || doubles >= 0 || length % size !== 0) return false;
      if (length !== size) odd = true;
      else if (size === 4) floats = wire.at;
      else doubles = wire.at;
    } else if (key !== 0x42) {
      return false;
    }
    wire.at = stop;
  }
  if (wire.at !== end) return false;
  scanned.tensor = "none";
  if (!one || type === 7) return true;
  scanned.tensor = "other";
  if (odd) return true;
  if (contentBytes > 0) {
    if (type === 1 && contentBytes === 4) {
      scanned.tensor = "scalar";
      scanned.value = view.getFloat32(content, true);
    } else if (type === 2 && contentBytes === 8) {
      scanned.tensor = "scalar";
      scanned.value = view.getFloat64(content, true);
    }
  } else if (type === 1 && floats >= 0) {
    scanned.tensor = "scalar";
    scanned.value = view.getFloat32(floats, true);
  } else if (type === 2 && doubles >= 0) {
    scanned.tensor = "scalar";
    scanned.value = view.getFloat64(doubles, true);
  }
  return true;
}

/** Dimensions that are sizes below 2^49 without names. */
function scanShape(wire: WireBytes, end: number): "one" | "many" | "odd" {
  let found: "one" | "many" = "one";
  while (wire.at < end) {
    if (wire.bytes[wire.at++] !== 0x12) return "odd";
    const length = wire.varint();
    const stop = wire.at + length;
    if (length < 2 || stop > end || wire.bytes[wire.at++] !== 0x08) return "odd";
    const size = wire.varint();
    if (size < 0 || wire.at !== stop) return "odd";
    if (size !== 1) found = "many";
  }
  return wire.at === end ? found : "odd";
}

function equals(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== scalarsMetadata.length) return false;
  for (let at = 0; at < scalarsMetadata.length; at += 1) {
    if (bytes[start + at] !== scalarsMetadata[at]) return false;
  }
  return true;
}
