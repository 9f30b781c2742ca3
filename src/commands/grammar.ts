/** What a line of chat text is before any command looks at it. */
export type ParsedLine =
  | { readonly kind: "empty" }
  | { readonly kind: "too-long"; readonly length: number }
  | { readonly kind: "words"; readonly words: readonly string[] };

/** Characters; what is longer is not read at all. */
export const longestLine = 2_000;

/** Splits chat text into words: quotes of every keyboard group, full-width forms count as plain ones, `/tb` or a mention in front is dropped. */
export function parseLine(text: string): ParsedLine {
  if (text.length > longestLine) return { kind: "too-long", length: text.length };
  const words = withoutAddress(splitWords(withoutComma(text)));
  return words.length === 0 ? { kind: "empty" } : { kind: "words", words };
}

/** Lower case, one form for full-width and composed characters: how names and command words are compared. */
export function folded(word: string): string {
  return word.normalize("NFKC").toLowerCase();
}

/** Chinese is written without spaces: `/tb，状态，run42` has its commas after the address and the command's word. */
function withoutComma(text: string): string {
  return text
    .replace(/^(\s*(?:[/／]?(?:tb|ｔｂ)|@[^\s，、：]+)\s*)[，、：]/iu, "$1 ")
    .replace(firstComma, "$1 ");
}

const firstComma = /^(\s*(?:[/／]?(?:tb|ｔｂ)\s+|@[^\s，、：]+\s+|<@[^>]*>\s*)?[\p{L}?]+)[，、：]/iu;
const space = /[\s\u00a0\u3000\u200b\ufeff]/u;

/** Opening quotes and what may close them; autocorrection turns one kind into another. */
const quotes: ReadonlyMap<string, string> = new Map([
  ['"', '"“”'],
  ["“", '"“”'],
  ["”", '"“”'],
  ["„", '"“”'],
  ["'", "'‘’"],
  ["‘", "'‘’"],
  ["’", "'‘’"],
  ["`", "`"],
  ["「", "」"],
  ["『", "』"],
  ["«", "»"],
]);

function splitWords(text: string): readonly string[] {
  const characters = Array.from(text);
  const words: string[] = [];
  let at = 0;
  while (at < characters.length) {
    const character = characters[at] ?? "";
    if (space.test(character)) {
      at += 1;
      continue;
    }
    const end = quotedEnd(characters, at);
    if (end !== undefined) {
      words.push(characters.slice(at + 1, end).join(""));
      at = end + 1;
      continue;
    }
    let stop = at;
    while (stop < characters.length && !space.test(characters[stop] ?? "")) stop += 1;
    words.push(plain(characters.slice(at, stop).join("")));
    at = stop;
  }
  return words;
}

/** Where a quote that opens here closes before a space or the end; a quote that never closes is an ordinary character. */
function quotedEnd(characters: readonly string[], at: number): number | undefined {
  const closing = quotes.get(characters[at] ?? "");
  if (closing === undefined) return undefined;
  for (let end = at + 1; end < characters.length; end += 1) {
    if (!closing.includes(characters[end] ?? "")) continue;
    const next = characters[end + 1];
    if (next === undefined || space.test(next)) return end;
  }
  return undefined;
}

/** Full-width ASCII (！ to ～) as typed by Chinese keyboards becomes ASCII; everything else stays, names are user data. */
function plain(word: string): string {
  return word.replaceAll(/[\uff01-\uff5e]/g, (wide) =>
    String.fromCodePoint((wide.codePointAt(0) ?? 0) - 0xfee0),
  );
}

const address = /^(?:\/?tb|\/?tensorbell|<@[^>]*>|@.*)[:,]?$/iu;

/** People write `@bot /tb status` too: at most a mention and the command's name are dropped. */
function withoutAddress(words: readonly string[]): readonly string[] {
  let dropped = 0;
  while (dropped < 2 && address.test(words[dropped] ?? "")) dropped += 1;
  return words.slice(dropped);
}
