/** Makes untrusted text literal in DingTalk's markdown: what could be markup becomes its full-width twin, which commands read back as the plain character. */
export function literal(text: string): string {
  return text
    .replaceAll(/[*`[\]<>~|\\]|@(?!TensorBell\b)/g, wide)
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\uFF3F")
    .replaceAll(/&(?=#|[a-z0-9]+;)/gi, wide)
    .replaceAll(/:(?=\/\/)/g, wide)
    .replaceAll(/\b(www|dtmd|javascript)([.:])/gi, (_all, word: string, mark: string) => word + wide(mark));
}

/** Literal text that starts a line: no heading, quote, list or rule either. */
export function literalLine(text: string): string {
  return lineStart(literal(text));
}

/** Already literal text, kept from becoming a heading, a list or a rule by its first characters. */
export function lineStart(text: string): string {
  return text
    .replace(/^[#+=-]+/, (run) => Array.from(run, wide).join(""))
    .replace(/^(\d+)([.)])(?=\s|$)/, (_all, digits: string, mark: string) => digits + wide(mark));
}

/** One bounded line of text without control characters, direction tricks, invisible characters and lone surrogates; at most `limit` code points. */
export function cleanLine(text: string, limit: number): string {
  return cutPoints(
    clean(text.slice(0, 2 * limit + 64))
      .replaceAll(/\s+/g, " ")
      .trim(),
    limit,
  );
}

/** Clean text that keeps its lines. */
export function cleanLines(text: string, limit: number): string {
  return cutPoints(clean(text.slice(0, 2 * limit + 64)), limit);
}

/** At most `limit` code points, with an ellipsis where something was lost. */
export function cutPoints(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const points = Array.from(text);
  return points.length <= limit ? text : `${points.slice(0, Math.max(0, limit - 1)).join("")}…`;
}

/** At most `limit` UTF-8 bytes, cut between code points. */
export function cutBytes(text: string, limit: number): string {
  if (byteLength(text) <= limit) return text;
  let held = 3;
  let out = "";
  for (const point of text) {
    held += byteLength(point);
    if (held > limit) break;
    out += point;
  }
  return `${out}…`;
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

function clean(text: string): string {
  return text
    .replaceAll(loneSurrogate, "\uFFFD")
    .replaceAll(invisible, "")
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replaceAll(control, " ");
}

/** The full-width form of one ASCII character. */
function wide(character: string): string {
  return String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0);
}

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const invisible =
  /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/gu;
// eslint-disable-next-line no-control-regex -- control characters are what it removes
const control = /[\u0000-\u0009\u000B-\u001F\u007F-\u0084\u0086-\u009F]/g;
