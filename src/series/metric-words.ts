/** The words of a name, lower case: split at everything that is no letter or digit, and at camel case; `mAP50` also counts as `map`. */
export function metricWords(name: string): readonly string[] {
  const words: string[] = [];
  for (const token of name.split(/[^\p{L}\p{N}]+/u)) {
    if (token === "") continue;
    const whole = token.toLowerCase();
    words.push(whole);
    const stem = whole.replace(/\d+$/, "");
    if (stem !== "" && stem !== whole) words.push(stem);
    const parts = token.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|\p{Lo}+/gu) ?? [];
    if (parts.length > 1) words.push(...parts.map((part) => part.toLowerCase()));
  }
  return words;
}
