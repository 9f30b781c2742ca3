import { afterEach, describe, expect, it, vi } from "vitest";
import { ChartThread } from "../../../src/chart/chart-thread.js";
import { renderChart } from "../../../src/chart/render-chart.js";
import { line, specOf } from "./chart-support.js";

const patient = { idleMs: 60_000, mostMs: 60_000 };
let thread = new ChartThread(patient);

function fresh(): ChartThread {
  thread = new ChartThread(patient);
  return thread;
}

function bytesOf(png: Uint8Array): Buffer {
  return Buffer.from(png);
}

afterEach(async () => {
  vi.useRealTimers();
  await thread.end();
});

describe("the thread that draws charts", () => {
  it("draws the same picture as this thread, of both sizes and several at once", async () => {
    const specs = [
      specOf([line([3, 2, 1])]),
      specOf([line([1, Number.NaN, 5, 2])], { title: "损失 – run42" }),
    ];
    const charts = fresh();
    const asked = specs.flatMap((spec) => [charts.draw(spec), charts.draw(spec, "phone")]);
    const here: Uint8Array[] = [];
    for (const spec of specs) here.push(await renderChart(spec), await renderChart(spec, "phone"));
    expect((await Promise.all(asked)).map(bytesOf)).toEqual(here.map(bytesOf));
  });

  it("takes the points of a line only, not the larger array they are a part of", async () => {
    const values = new Float64Array(1_000).fill(7);
    values.set([3, 2, 1]);
    const part = { ...line([0]), step: Float64Array.of(0, 10, 20), value: values.subarray(0, 3) };
    expect(Buffer.from(await fresh().draw(specOf([part])))).toEqual(
      Buffer.from(await renderChart(specOf([line([3, 2, 1])]))),
    );
    expect(values).toHaveLength(1_000);
  });

  it("says why a drawing failed, and draws the next", async () => {
    const charts = fresh();
    const broken = specOf([line([1, 2])], { title: null as unknown as string });
    await expect(charts.draw(broken)).rejects.toThrow(/TypeError/);
    await expect(charts.draw(specOf([line([1, 2])]))).resolves.toBeInstanceOf(Uint8Array);
  });

  it("is there only while charts are asked for", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const charts = fresh();
    expect(charts.running).toBe(false);
    await charts.draw(specOf([line([1, 2])]));
    vi.advanceTimersByTime(patient.idleMs - 1);
    expect(charts.running).toBe(true);
    vi.advanceTimersByTime(1);
    expect(charts.running).toBe(false);
    await expect(charts.draw(specOf([line([1, 2])]))).resolves.toBeInstanceOf(Uint8Array);
  });

  it("gives up what takes too long, and starts anew for the next", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const charts = fresh();
    const asked = [charts.draw(specOf([line([1])])), charts.draw(specOf([line([2])]))];
    vi.advanceTimersByTime(patient.mostMs);
    await expect(Promise.allSettled(asked)).resolves.toMatchObject([
      { reason: { message: "no chart was drawn within 60 s" } },
      { reason: { message: "no chart was drawn within 60 s" } },
    ]);
    expect(charts.running).toBe(false);
  });

  it("fails what it was asked when it is ended, and starts anew for the next", async () => {
    const charts = fresh();
    const drawn = charts.draw(specOf([line([1])]));
    const failed = expect(drawn).rejects.toThrow("ended");
    await charts.end();
    await failed;
    await expect(charts.draw(specOf([line([1, 2])]))).resolves.toBeInstanceOf(Uint8Array);
  });
});
