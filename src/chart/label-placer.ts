import { pixelX, pixelY, type ChartLayout } from "./chart-layout.js";

/** A box in CSS pixels, from its top left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Finds free places for labels: keeps what is taken, and knows where the lines run. */
export class LabelPlacer {
  readonly #taken: Box[] = [];
  readonly #lines: readonly {
    readonly weight: number;
    readonly dots: readonly (readonly [number, number])[];
  }[];
  readonly #plot: Box;

  constructor(layout: ChartLayout) {
    const { plot } = layout;
    this.#plot = { x: plot.left, y: plot.top, width: plot.width, height: plot.height };
    this.#lines = layout.lines.map((line) => ({
      weight: line.weight === "main" ? 4 : 1,
      dots: line.points.flatMap((point) =>
        point === null ? [] : [[pixelX(layout, point[0]), pixelY(layout, point[1])] as const],
      ),
    }));
  }

  /** The candidate that hides least, the earlier the better among equals; it counts as taken from now on. */
  place(candidates: readonly Box[]): Box | undefined {
    let best: Box | undefined;
    let least = Infinity;
    for (const candidate of candidates) {
      const box = this.#inside(candidate);
      const cost = this.#hidden(box) + this.#overlap(box) * 20 + Math.abs(box.x - candidate.x) * 0.01;
      if (cost < least) {
        least = cost;
        best = box;
      }
    }
    if (best !== undefined) this.#taken.push(best);
    return best;
  }

  #inside(box: Box): Box {
    const { x, y, width, height } = this.#plot;
    return {
      ...box,
      x: Math.max(x + 2, Math.min(x + width - box.width - 2, box.x)),
      y: Math.max(y + 2, Math.min(y + height - box.height - 2, box.y)),
    };
  }

  #overlap(box: Box): number {
    return this.#taken.filter(
      (other) =>
        box.x < other.x + other.width &&
        other.x < box.x + box.width &&
        box.y < other.y + other.height &&
        other.y < box.y + box.height,
    ).length;
  }

  #hidden(box: Box): number {
    let hidden = 0;
    for (const { weight, dots } of this.#lines) {
      for (let index = 0; index < dots.length; index += 1) {
        if (crosses(box, dots[index - 1] ?? dots[index], dots[index])) {
          hidden += weight;
          break;
        }
      }
    }
    return hidden;
  }
}

type Dot = readonly [number, number];

/** Whether the stretch from `a` to `b` runs through the box (clipped to its width, then compared in height). */
function crosses(box: Box, a: Dot | undefined, b: Dot | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const from = Math.max(a[0], box.x);
  const to = Math.min(b[0], box.x + box.width);
  if (from > to) return false;
  const slope = b[0] === a[0] ? 0 : (b[1] - a[1]) / (b[0] - a[0]);
  const ends = b[0] === a[0] ? [a[1], b[1]] : [a[1] + slope * (from - a[0]), a[1] + slope * (to - a[0])];
  return Math.min(...ends) < box.y + box.height + 3 && Math.max(...ends) > box.y - 3;
}
