import type { Message } from "../message/message.js";
import type { Run } from "../series/run.js";
import { closingOf, headlineOf, type Manner, runWord } from "./compose-speech.js";
import type { RunNews } from "./route.js";
import { wording } from "./wording.js";

/** Says that a run began or reached its declared length, to those who asked to hear it. */
export function composeNews(
  { run, news }: { readonly run: Run; readonly news: RunNews },
  manner: Manner,
): Message {
  const { locale, link } = manner;
  const line = wording[locale].news[news](runWord(run, locale));
  const closing = closingOf({ locale, timeZone: manner.timeZone, ...(link === undefined ? {} : { link }) });
  return { tone: news === "finish" ? "good" : "info", headline: headlineOf([line]), blocks: closing };
}
