const words: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Infinity,
  "-Infinity": -Infinity,
  "-0": -0,
};
const mark = "~number";

/** JSON in which NaN, the infinities and -0 survive: training curves are full of them. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== "number" || (Number.isFinite(item) && !Object.is(item, -0))) return item;
    return { [mark]: Object.is(item, -0) ? "-0" : String(item) };
  });
}

/** The inverse of `toJson`; the caller states the type because only our own process writes what it reads here. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text, (_key, item: unknown) => {
    if (typeof item !== "object" || item === null || !(mark in item)) return item;
    const word = (item as Record<string, unknown>)[mark];
    return typeof word === "string" ? (words[word] ?? item) : item;
  }) as T;
}
