/**
 * Matches a name against a glob: `*` is any stretch of characters, slashes too, `?` is one character, everything else
 * is itself. Linear in the product of the lengths at worst: no pattern can make it hang.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let retry = 0;
  while (n < name.length) {
    const wanted = pattern[p];
    if (wanted === "*") {
      star = p++;
      retry = n;
    } else if (wanted === "?" || wanted === name[n]) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++retry;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
