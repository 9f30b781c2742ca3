/** Control characters, line ends, direction overrides, zero-width marks, lone surrogates, tags: what a name uses to look like something else. */
const disguises =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;

/** An untrusted name as one bounded line: disguises become a space, the middle goes first (the ends tell most). `atMost` in code points. */
export function plainName(name: string, atMost: number): string {
  const points = Array.from(oneLine(name, atMost));
  if (points.length <= atMost) return points.join("");
  const tail = Math.floor((atMost - 1) / 2);
  const head = atMost - 1 - tail;
  return `${points.slice(0, head).join("")}…${tail > 0 ? points.slice(-tail).join("") : ""}`;
}

/** A sentence as one bounded line: the end goes first. `atMost` in code points. */
export function plainSentence(text: string, atMost: number): string {
  const points = Array.from(oneLine(text, atMost));
  return points.length <= atMost
    ? points.join("")
    : `${points
        .slice(0, atMost - 1)
        .join("")
        .trimEnd()}…`;
}

/** Long text is cut before it is searched, so that 100 MB of name cost no more than a few kB. */
function oneLine(text: string, atMost: number): string {
  const room = 8 * atMost + 64;
  const bounded = text.length <= 2 * room ? text : `${text.slice(0, room)}…${text.slice(-room)}`;
  const line = bounded.replaceAll(disguises, " ").replaceAll(/\s+/g, " ").trim();
  return line === "" ? "?" : line;
}
