import { constants, crc32, deflate } from "node:zlib";
import { promisify } from "node:util";

/** Pixels as a canvas gives them: RGBA, 8 bits each, rows from the top. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

const squeeze = promisify(deflate);
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const channels = 3;
const noFilter = 0;
/** Flat areas and thin lines: more effort makes the file no smaller, row filters make it larger. */
const level = 4;

/**
 * An opaque picture as PNG (RFC 2083 / ISO 15948), 8-bit RGB without alpha. Several times as fast as the canvas's own
 * encoder, which filters every row, and a third smaller on charts; the compression runs off the event loop.
 */
export async function encodePng(pixels: Pixels): Promise<Buffer> {
  const packed = await squeeze(scanLines(pixels), {
    level,
    memLevel: constants.Z_MAX_MEMLEVEL,
    chunkSize: 256 * 1024,
  });
  return Buffer.concat([
    signature,
    chunk("IHDR", header(pixels)),
    chunk("IDAT", packed),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function header({ width, height }: Pixels): Buffer {
  const bytes = Buffer.alloc(13);
  bytes.writeUInt32BE(width, 0);
  bytes.writeUInt32BE(height, 4);
  // 8 bits a sample, colour type 2 (RGB); compression, filter method and interlacing stay 0.
  bytes.set([8, 2], 8);
  return bytes;
}

function scanLines({ width, height, rgba }: Pixels): Buffer {
  const view = new DataView(rgba.buffer, rgba.byteOffset, rgba.byteLength);
  const lines = Buffer.allocUnsafe(height * (width * channels + 1));
  let from = 0;
  let to = 0;
  for (let row = 0; row < height; row += 1) {
    lines[to] = noFilter;
    to += 1;
    for (let column = 0; column < width; column += 1) {
      const pixel = view.getUint32(from, true);
      lines[to] = pixel;
      lines[to + 1] = pixel >>> 8;
      lines[to + 2] = pixel >>> 16;
      from += 4;
      to += channels;
    }
  }
  return lines;
}

function chunk(type: string, content: Buffer): Buffer {
  const bytes = Buffer.alloc(content.length + 12);
  bytes.writeUInt32BE(content.length, 0);
  bytes.write(type, 4, "latin1");
  content.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + content.length)), 8 + content.length);
  return bytes;
}
