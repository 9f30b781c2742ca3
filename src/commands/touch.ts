import type { Locale } from "../lib/locale.js";
import { isRuleId } from "../rules/rule-registry.js";
import { type Run, runIdOf } from "../series/run.js";
import { offer, type OwnWord, ownWord } from "./offer.js";

/** A command that one touch gives: what stands there, and what is then said. */
export interface Touch {
  readonly text: string;
  readonly command: string;
}

/** What people most often want of a run that alarms, each as a whole command that needs no conversation around it. */
export function touchesOf(run: Run, locale: Locale): readonly Touch[] {
  const word = touchWord(run);
  return touches.map(([verb, text, ...rest]) => ({
    text: text[locale],
    command: offer(locale, verb, word, ...rest.map((more) => ownWord(locale, more))),
  }));
}

const touches: readonly (readonly [OwnWord, Readonly<Record<Locale, string>>, ...OwnWord[]])[] = [
  ["status", { en: "Status", zh: "状态" }],
  ["chart", { en: "Chart", zh: "曲线" }],
  ["ack", { en: "Ack", zh: "确认" }],
  ["mute", { en: "Mute 2 h", zh: "静音 2 小时" }, "2h"],
];

/** In a link a Chinese character takes nine: four links of a long name would take the room of the message. */
const longestEncoded = 120;

/** The name where it is one plain, short word that cannot be taken for anything else; the id means the run whatever it is called. */
function touchWord(run: Run): string {
  const isPlain =
    /^[\p{L}\p{N}][\p{L}\p{N}_./:=+-]{1,79}$/u.test(run.name) &&
    encodeURIComponent(run.name).length <= longestEncoded;
  return isPlain && !isRuleId(run.name) && !/^(?:all|this|here)$/i.test(run.name) ? run.name : runIdOf(run);
}
