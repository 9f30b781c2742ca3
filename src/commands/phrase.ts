import type { Locale } from "../lib/locale.js";

/** Picks the language; both are written side by side so that neither is forgotten. */
export function phrase(locale: Locale, en: string, zh: string): string {
  return locale === "zh" ? zh : en;
}
