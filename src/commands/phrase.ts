import type { Locale } from "../lib/locale.js";

/** The same sentence in both languages. */
export type Phrase = Readonly<Record<Locale, string>>;

/** Picks the language; both are written side by side so that neither is forgotten. */
export function phrase(locale: Locale, en: string, zh: string): string {
  return locale === "zh" ? zh : en;
}
