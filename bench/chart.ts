import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { chartPixels, renderChart } from "../src/chart/render-chart.js";
import type { ChartSpec } from "../src/message/chart-spec.js";

/**
 * Time for one chart, ours and by matplotlib (Agg) at the same pixels, in turns on the same machine: `npx tsx bench/chart.ts`.
 * matplotlib is looked for in `PYTHON` or `python3`; without it only our own times are printed.
 */
const rounds = 5;
const perRound = 8;
const sizes = [100, 1_000, 100_000];

/** The same content for matplotlib: two lines, a shaded span, a dashed moment, title and legend. */
const script = `
import sys, io, time
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt, numpy as np
if len(sys.argv) < 2:
    print(matplotlib.__version__); sys.exit()
n, count, width, height = (int(word) for word in sys.argv[1:5])
i = np.arange(n)
y = 0.3 + 2*np.exp(-8*i/n) + 0.03*np.sin(i*12.9898)*np.cos(i*78.233)
def draw():
    figure, axes = plt.subplots(figsize=(width/120, height/120), dpi=120)
    axes.plot(i*10, y + 0.1, "--", color="#7d8794", label="validation")
    axes.plot(i*10, y, color="#0b62c4", linewidth=2, label="train")
    axes.axvspan(n*9, n*9.2, color="#c4161c", alpha=0.1)
    axes.axvline(n*9.2, color="#c4161c", linestyle="--")
    axes.set_title("train/loss - run42"); axes.set_xlabel("step"); axes.legend(); axes.grid(True, axis="y")
    out = io.BytesIO(); figure.savefig(out, format="png"); plt.close(figure)
draw()
start = time.perf_counter()
for _ in range(count): draw()
print((time.perf_counter() - start) / count * 1000)
`;

const peer = findPeer();
await renderChart(specOf(1_000));
console.log(
  `node ${process.version}, ${availableParallelism()} CPUs, ${chartPixels.width} x ${chartPixels.height} pixels`,
);
console.log(
  `matplotlib: ${peer?.version ?? "not found"}; medians of ${rounds} rounds of ${perRound} charts, in turns`,
);
for (const points of sizes) {
  const ours: number[] = [];
  const theirs: number[] = [];
  const held: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { whole, loop } = await oursOnce(points);
    ours.push(whole);
    held.push(loop);
    if (peer !== undefined) theirs.push(peer.time(points));
  }
  const size = (await renderChart(specOf(points))).byteLength;
  const ratio = theirs.map((time, round) => (ours[round] ?? Number.NaN) / time);
  console.log(
    [
      `${points} points: ${median(ours).toFixed(1)} ms (event loop held ${median(held).toFixed(1)} ms), ${(size / 1_000).toFixed(0)} kB`,
      ...(theirs.length === 0
        ? []
        : [`matplotlib ${median(theirs).toFixed(1)} ms`, `ours / theirs ${span(ratio)}`]),
    ].join("; "),
  );
}

async function oursOnce(points: number): Promise<{ whole: number; loop: number }> {
  const spec = specOf(points);
  let loop = 0;
  const start = performance.now();
  for (let index = 0; index < perRound; index += 1) {
    const before = performance.now();
    const drawing = renderChart(spec);
    loop += performance.now() - before;
    await drawing;
  }
  return { whole: (performance.now() - start) / perRound, loop: loop / perRound };
}

function specOf(points: number): ChartSpec {
  const step = Float64Array.from({ length: points }, (_, index) => index * 10);
  const value = step.map((_, index) => valueAt(index, points));
  return {
    locale: "en",
    title: "train/loss – run42",
    subtitle: "train/loss rose 5 times in a row",
    lines: [
      { label: "validation", weight: "dimmed", step, value: value.map((one) => one + 0.1) },
      { label: "train", weight: "main", step, value },
    ],
    marks: [
      { kind: "span", from: points * 9, to: points * 9.2, label: "5 in a row" },
      { kind: "moment", step: points * 9.2, label: `step ${points * 9.2}` },
    ],
    scale: "auto",
  };
}

function valueAt(index: number, points: number): number {
  return (
    0.3 + 2 * Math.exp((-8 * index) / points) + 0.03 * Math.sin(index * 12.9898) * Math.cos(index * 78.233)
  );
}

function findPeer(): { readonly version: string; time(points: number): number } | undefined {
  const python = process.env["PYTHON"] ?? "python3";
  const run = (words: readonly string[]): string | undefined => {
    const { status, stdout } = spawnSync(python, ["-c", script, ...words], { encoding: "utf8" });
    return status === 0 ? stdout.trim() : undefined;
  };
  const version = run([]);
  if (version === undefined) return undefined;
  return {
    version,
    time: (points) =>
      Number(run([points, perRound, chartPixels.width, chartPixels.height].map(String)) ?? Number.NaN),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function span(values: readonly number[]): string {
  return `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
}
