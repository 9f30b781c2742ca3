import type { SKRSContext2D } from "@napi-rs/canvas";
import { pixelX, type ChartLayout } from "./chart-layout.js";
import { chartInk } from "./chart-theme.js";
import type { NonFinite } from "./thin-line.js";

/** `NaN ×3`, for legends and alternative texts. */
export function nonFiniteName({ kind, count }: NonFinite): string {
  return `${kind} ×${count}`;
}

/** Marks non-finite points on the edge they belong to: infinity at the top, minus infinity and NaN at the bottom; main line only. */
export function drawNonFinite(context: SKRSContext2D, layout: ChartLayout): void {
  const { plot } = layout;
  for (const line of layout.lines) {
    if (line.weight !== "main") continue;
    for (const found of line.nonFinite) {
      const y = found.kind === "Inf" ? plot.top + 1 : plot.top + plot.height - 1;
      let last = -Infinity;
      for (const step of found.steps) {
        const x = pixelX(layout, step);
        if (x - last < 5 || x < plot.left - 1 || x > plot.left + plot.width + 1) continue;
        drawNonFiniteSign(context, found.kind, { x, y });
        last = x;
      }
    }
  }
}

/** A cross for NaN, an arrow head for an infinity. */
export function drawNonFiniteSign(
  context: SKRSContext2D,
  kind: NonFinite["kind"],
  { x, y }: { readonly x: number; readonly y: number },
): void {
  const arm = 6;
  context.save();
  context.beginPath();
  if (kind === "NaN") {
    context.strokeStyle = chartInk.evidence;
    context.lineWidth = 3;
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x - arm, y + arm);
    context.lineTo(x + arm, y - arm);
    context.stroke();
  } else {
    const tip = kind === "Inf" ? -arm - 1 : arm + 1;
    context.fillStyle = chartInk.evidence;
    context.moveTo(x, y + tip);
    context.lineTo(x - arm - 1, y - tip * 0.7);
    context.lineTo(x + arm + 1, y - tip * 0.7);
    context.fill();
  }
  context.restore();
}
