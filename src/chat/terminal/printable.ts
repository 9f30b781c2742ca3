/** UTF-16 units of one stretch of text that are printed; screens are no archives. */
const longest = 4_000;

/** Untrusted text for a terminal, bounded: nothing in it can move the cursor, colour, or turn the direction; line ends and tabs become spaces. */
export function printable(text: string): string {
  const bounded = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return bounded.replaceAll(/[\t\n\r\v\f\u0085\u2028\u2029]+/g, " ").replaceAll(unprintable, "\ufffd");
}

/** Text whose line ends count, each line printable; at most `atMost` lines. */
export function printableLines(text: string, atMost = 200): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/, atMost + 1).map((line) => printable(line.replaceAll("\t", "  ")));
  return lines.length > atMost ? [...lines.slice(0, atMost), "…"] : lines;
}

/** C0, DEL and C1 (a lone 0x9b opens a control sequence too), direction marks, zero-width characters, lone surrogates, private tags. */
const unprintable =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
