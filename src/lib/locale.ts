/** The two languages the product speaks; Chinese and English are equals. */
export type Locale = "en" | "zh";

export const locales: readonly Locale[] = ["en", "zh"];
