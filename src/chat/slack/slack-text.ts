/** Makes untrusted text safe to show anywhere: no control characters, no direction tricks, no invisible spaces, no lone surrogates. */
export function cleanText(text: string): string {
  return text
    .replaceAll(loneSurrogate, "\uFFFD")
    .replaceAll(invisible, "")
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replaceAll(control, " ");
}

/** One line of clean text: a name with line breaks cannot fake further lines. */
export function oneLine(text: string): string {
  return cleanText(text).replaceAll(/\s*\n\s*/g, " ");
}

/** Slack's own escaping, exactly these three; for mrkdwn and for the top-level fallback text. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Undoes Slack's escaping of typed text and takes links, mentions and channels by what people see. */
export function decodeTyped(text: string): string {
  return text
    .replaceAll(
      /<((?:@[UW]|#C|![a-z]|https?:|mailto:|tel:)[^<>|]*)(?:\|([^<>]*))?>/g,
      (_whole, target: string, label?: string) => shownTarget(target, label),
    )
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** Cuts to at most `limit` UTF-16 units between code points, with an ellipsis where something was lost. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${headOf(text, Math.max(0, limit - 1))}…`;
}

/** Escapes, then cuts to at most `limit` units without halving a character or an entity. */
export function escapeAndCut(text: string, limit: number): string {
  const whole = escapeText(text);
  if (whole.length <= limit) return whole;
  let out = "";
  for (const character of text) {
    const escaped = escapeText(character);
    if (out.length + escaped.length > limit - 1) break;
    out += escaped;
  }
  return `${out}…`;
}

function headOf(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1);
  const halved = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, halved ? limit - 1 : limit);
}

function shownTarget(target: string, label: string | undefined): string {
  if (target.startsWith("@")) return label === undefined ? target : `@${label}`;
  if (target.startsWith("#")) return label === undefined ? target : `#${label}`;
  if (target.startsWith("!")) return label ?? target.slice(1);
  return label ?? target;
}

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** Zero-width spaces and joints that hide text, marks and overrides of direction, interlinear marks, the tag plane; the joiners that scripts and emoji need stay. */
const invisible = /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/g;
// eslint-disable-next-line no-control-regex -- control characters are what it removes
const control = /[\u0000-\u0009\u000B-\u001F\u007F-\u0084\u0086-\u009F]/g;
