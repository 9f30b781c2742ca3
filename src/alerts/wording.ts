import type { Locale } from "../lib/locale.js";
import { englishWording } from "./wording-en.js";
import type { Wording } from "./wording-shape.js";
import { chineseWording } from "./wording-zh.js";

/** What alerts say, by language. */
export const wording: Readonly<Record<Locale, Wording>> = { en: englishWording, zh: chineseWording };
