/** Columns that a text takes in a terminal: 2 for Chinese, Japanese, Korean and emoji, 0 for what combines. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** Fills a cell up with spaces; a text that is wider stays as it is. */
export function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** A text cut to so many columns, the cut shown. */
export function fitted(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  return `${prefix(text, columns - 1)}…`;
}

/** Lines of at most so many columns, broken at spaces and beside wide characters; a longer word (an address, a path) stays whole. */
export function wrapped(text: string, columns: number): readonly string[] {
  if (columns === Infinity || displayWidth(text) <= columns) return [text];
  const lines: string[] = [];
  let line = "";
  let width = 0;
  for (const piece of text.match(pieces) ?? []) {
    const wider = displayWidth(piece);
    if (width > 0 && width + wider > columns && piece !== " ") {
      lines.push(line.trimEnd());
      [line, width] = ["", 0];
    }
    if (width === 0 && piece === " " && lines.length > 0) continue;
    line += piece;
    width += wider;
  }
  return line.trim() === "" ? lines : [...lines, line.trimEnd()];
}

/** The longest beginning that fits. */
function prefix(text: string, columns: number): string {
  let width = 0;
  let length = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns) break;
    length += character.length;
  }
  return text.slice(0, length);
}

function widthOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

const combining = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** What a line is broken between: spaces, wide characters, everything else as words. */
const pieces =
  / |[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}][\u3001-\u303e\uff01-\uff60]*|[^ \p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/gu;

/** East Asian Wide and Fullwidth (Unicode TR 11) by script and block; 'ambiguous' characters count 1. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303e\u3200-\u33ff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/u;
