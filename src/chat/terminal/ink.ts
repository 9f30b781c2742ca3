import type { Tone } from "../../message/message.js";

/** How stretches of text are dressed; without colours every function gives back what it got. */
export interface Ink {
  strong(text: string): string;
  faint(text: string): string;
  code(text: string): string;
  tone(tone: Tone, text: string): string;
}

/** Select Graphic Rendition codes of ECMA-48. */
export const colourInk: Ink = {
  strong: (text) => dressed(text, 1, 22),
  faint: (text) => dressed(text, 2, 22),
  code: (text) => dressed(text, 36, 39),
  tone: (tone, text) => dressed(text, toneColours[tone], 39),
};

export const plainInk: Ink = {
  strong: (text) => text,
  faint: (text) => text,
  code: (text) => text,
  tone: (_tone, text) => text,
};

const toneColours: Readonly<Record<Tone, number>> = { critical: 31, warning: 33, good: 32, info: 34 };

function dressed(text: string, on: number, off: number): string {
  return `\u001b[${on}m${text}\u001b[${off}m`;
}
