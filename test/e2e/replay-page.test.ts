import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EventFileWriter } from "../support/event-writer.js";

/** A browser of the machine; TENSORBELL_CHROMIUM names another. */
const browserFile = [
  process.env["TENSORBELL_CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((file) => file !== undefined && existsSync(file));
const why = browserFile === undefined ? " (skipped: no Chromium on this machine)" : "";
const tsx = fileURLToPath(import.meta.resolve("tsx"));
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const begun = 1_700_000_000;
/** Where pictures of the page are kept to be looked at; nowhere unless named. */
const pictures = process.env["TENSORBELL_PICTURES"];

const hostile = "<img src=x onerror=alert(1)>";
let folder: string;
let page: string;

function write(run: string, tag: string, values: readonly number[]): void {
  const directory = join(folder, "logs", run);
  mkdirSync(directory, { recursive: true });
  const writer = new EventFileWriter(directory, { wallTime: begun });
  values.forEach((value, i) => writer.add(tag, i * 100, value, begun + i * 30));
  writer.close();
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tb-page-"));
  const falling = (i: number): number => 2 * Math.exp(-i / 40) + 0.02 * Math.sin(i * 1.7);
  const steps = Array.from({ length: 240 }, (_, i) => i);
  write("sweep/healthy", "loss", steps.map(falling));
  write(
    "sweep/nan",
    "loss",
    steps.map((i) => (i < 150 ? falling(i) : NaN)),
  );
  write(
    "sweep/rises",
    "train/loss",
    steps.map((i) => falling(Math.min(i, 120)) + Math.max(0, i - 120) * 0.05),
  );
  write(
    `odd/${hostile.replaceAll("/", "_")}`,
    `</script><script>alert(2)</script>${"long".repeat(40)}`,
    steps.map((i) => (i === 200 ? Infinity : falling(i))),
  );
  writeFileSync(
    join(folder, "tensorbell.yaml"),
    "rules: {threshold: {tags: 'train/loss', value: 2.5, for: 3}, non_finite: {tags: '*', enabled: true}}\n",
  );
  page = join(folder, "report.html");
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", tsx, main, "replay", "logs", "--html", page, "--jobs", "1"],
    { cwd: folder, encoding: "utf8", env: { PATH: process.env["PATH"], HOME: folder } },
  );
  expect(stderr).toContain("wrote ");
  expect(status).toBe(0);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(browserFile === undefined)(`the page of a replay in a real browser${why}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: browserFile ?? "",
      args: "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
        " ",
      ),
    });
  }, 120_000);

  afterAll(async () => {
    await browser.close();
  });

  /** Opens the page with every request counted and none let through but the page itself. */
  async function open(look: { readonly dark?: true; readonly width: number; readonly name: string }) {
    const context = await browser.newContext({
      colorScheme: look.dark === true ? "dark" : "light",
      viewport: { width: look.width, height: 900 },
    });
    const tab = await context.newPage();
    const address = pathToFileURL(page).href;
    const requests: string[] = [];
    const complaints: string[] = [];
    await tab.route("**/*", async (route) => {
      if (route.request().url() === address) return route.continue();
      requests.push(route.request().url());
      return route.abort();
    });
    tab.on("console", (said) => complaints.push(said.text()));
    tab.on("pageerror", (error) => complaints.push(error.message));
    tab.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await tab.goto(address);
    if (pictures !== undefined) await tab.screenshot({ path: join(pictures, `${look.name}.png`) });
    return { tab, requests, complaints, close: () => context.close() };
  }

  const shown = (tab: Page): Promise<number> => tab.locator("article:visible").count();

  test.each([
    { name: "light", width: 1_280 },
    { name: "dark", width: 1_280, dark: true as const },
    { name: "phone", width: 390 },
    { name: "phone-dark", width: 390, dark: true as const },
  ])(
    "$name: no request leaves it, nothing runs but its own lines, nothing is cut off",
    async (look) => {
      const { tab, requests, complaints, close } = await open(look);
      await tab.locator("article").last().scrollIntoViewIfNeeded();
      if (pictures !== undefined) await tab.screenshot({ path: join(pictures, `${look.name}-end.png`) });
      expect(requests).toEqual([]);
      expect(complaints).toEqual([]);
      expect(await tab.locator("article .chart .curve").count()).toBeGreaterThanOrEqual(3);
      expect(await tab.locator("article .chart .level").count()).toBeGreaterThanOrEqual(1);
      expect(
        await tab.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth"),
      ).toBeLessThanOrEqual(0);
      expect(await tab.locator("img, link, iframe, object").count()).toBe(0);
      const background = await tab.evaluate<string>("getComputedStyle(document.body).backgroundColor");
      expect(background).toBe(look.dark === true ? "rgb(13, 17, 23)" : "rgb(246, 248, 250)");
      await close();
    },
    60_000,
  );

  test("its boxes and its word choose the cards", async () => {
    const { tab, complaints, close } = await open({ name: "filtered", width: 1_280 });
    const all = await shown(tab);
    await tab.fill("input[name=find]", "sweep/nan");
    const few = await shown(tab);
    expect(few).toBeGreaterThan(0);
    expect(few).toBeLessThan(all);
    expect(await tab.locator("output").textContent()).toBe(`${few} of ${all} shown`);
    await tab.uncheck("input[value=non_finite]");
    expect(await tab.locator("article[data-rule=non_finite]:visible").count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);
});
