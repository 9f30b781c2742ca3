import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** The field that holds a resting run's others; its version is in the name. */
export const restingField = "z1";

/** Fields of a hash in one value: name and value with their lengths before them, deflated. Off the event loop. */
export async function packFields(fields: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const [name, value] of fields) {
    const text = Buffer.from(name, "utf8");
    const head = Buffer.alloc(8);
    head.writeUInt32LE(text.length, 0);
    head.writeUInt32LE(value.length, 4);
    parts.push(head, text, value);
  }
  return deflate(Buffer.concat(parts));
}

export async function unpackFields(packed: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const bytes = await inflate(packed);
  const fields = new Map<string, Buffer>();
  for (let at = 0; at + 8 <= bytes.length;) {
    const nameEnds = at + 8 + bytes.readUInt32LE(at);
    const valueEnds = nameEnds + bytes.readUInt32LE(at + 4);
    fields.set(bytes.toString("utf8", at + 8, nameEnds), bytes.subarray(nameEnds, valueEnds));
    at = valueEnds;
  }
  return fields;
}
