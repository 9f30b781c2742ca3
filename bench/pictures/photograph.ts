import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { encodePng } from "../../src/chart/encode-png.js";
import { chromium } from "playwright-core";

/** A page as a PNG file, everything on it and nothing around it, in whole pixels of a screen of this density. */
export async function photograph(html: string, file: string, density: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tb-picture-"));
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--font-render-hinting=none"],
  });
  try {
    const page = join(folder, "page.html");
    writeFileSync(page, html);
    const tab = await browser.newPage({ deviceScaleFactor: density });
    await tab.goto(pathToFileURL(page).href);
    await tab.evaluate("document.fonts.ready");
    writeFileSync(file, await smaller(await tab.locator("#picture").screenshot()));
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same pixels, packed as the product packs its charts: flat areas and text are smaller without row filters. */
async function smaller(png: Uint8Array): Promise<Uint8Array> {
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const { width, height, data } = pen.getImageData(0, 0, image.width, image.height);
  const packed = await encodePng({ width, height, rgba: new Uint8Array(data.buffer) });
  return packed.length < png.length ? packed : png;
}

/** Style sheets of a face that has Chinese: machines without one would show boxes. */
export function fontLinks(weights: readonly number[]): string {
  const fonts = new URL("../../node_modules/@fontsource/noto-sans-sc/", import.meta.url);
  return weights
    .map((weight) => `<link rel="stylesheet" href="${new URL(`${weight}.css`, fonts).href}">`)
    .join("");
}

/** Text as HTML. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
