import { createCanvas, loadImage } from "@napi-rs/canvas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodePng, type Pixels } from "../../../src/chart/encode-png.js";

async function decoded(png: Buffer): Promise<Pixels> {
  const image = await loadImage(png);
  const { width, height } = image;
  const context = createCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  return { width, height, rgba: new Uint8Array(context.getImageData(0, 0, width, height).data) };
}

const pictures = fc
  .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      rgba: fc
        .uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 })
        .map((bytes) => bytes.map((value, index) => (index % 4 === 3 ? 255 : value))),
    }),
  );

describe("a PNG", () => {
  it("gives back every pixel of an opaque picture", async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async (picture) => {
        expect(await decoded(await encodePng(picture))).toEqual(picture);
      }),
    );
  });

  it("takes pixels that start anywhere in a buffer", async () => {
    const rgba = Uint8Array.from([9, 9, 9, 1, 2, 3, 255, 4, 5, 6, 255]).subarray(3);
    const picture = { width: 2, height: 1, rgba };
    expect([...(await decoded(await encodePng(picture))).rgba]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
  });
});
