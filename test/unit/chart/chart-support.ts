import { createCanvas, loadImage } from "@napi-rs/canvas";
import type { ChartLine, ChartSpec } from "../../../src/message/chart-spec.js";

export function line(
  values: readonly number[],
  weight: ChartLine["weight"] = "main",
  label = "train",
): ChartLine {
  return {
    label,
    weight,
    step: Float64Array.from(values, (_, index) => index * 10),
    value: Float64Array.from(values),
  };
}

export function specOf(lines: readonly ChartLine[], changes: Partial<ChartSpec> = {}): ChartSpec {
  return { locale: "en", title: "loss – run42", lines, marks: [], scale: "auto", ...changes };
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** How many pixels of a region (fractions of the picture) satisfy a test of red, green, blue. */
  count(
    test: (r: number, g: number, b: number) => boolean,
    region?: readonly [number, number, number, number],
  ): number;
  readonly opaque: boolean;
}

export async function pixelsOf(png: Uint8Array): Promise<Pixels> {
  const image = await loadImage(png);
  const { width, height } = image;
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  let opaque = true;
  for (let index = 3; index < data.length; index += 4) opaque &&= data[index] === 255;
  return {
    width,
    height,
    opaque,
    count: (test, [left, top, right, bottom] = [0, 0, 1, 1]) => {
      let found = 0;
      for (let y = Math.floor(top * height); y < Math.floor(bottom * height); y += 1) {
        for (let x = Math.floor(left * width); x < Math.floor(right * width); x += 1) {
          const at = (y * width + x) * 4;
          if (test(data[at]!, data[at + 1]!, data[at + 2]!)) found += 1;
        }
      }
      return found;
    },
  };
}

export const isBlue = (r: number, g: number, b: number): boolean => r < 90 && g < 150 && b > 150;
export const isRed = (r: number, g: number, b: number): boolean => r > 170 && g < 90 && b < 90;
export const isBrown = (r: number, g: number, b: number): boolean =>
  r > 110 && r < 190 && g > 50 && g < 120 && b < 60;
export const isDark = (r: number, g: number, b: number): boolean => r + g + b < 250;
