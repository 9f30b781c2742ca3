import type { Locale } from "../lib/locale.js";
import { isRuleId } from "../rules/rule-registry.js";
import { type Run, runIdOf } from "../series/run.js";

/** A command that one touch gives: what stands there, and what is then said. */
export interface Touch {
  readonly text: string;
  readonly command: string;
}

/** What people most often want of a run that alarms, each as a whole command that needs no conversation around it. */
export function touchesOf(run: Run, locale: Locale): readonly Touch[] {
  const word = touchWord(run);
  return touches[locale].map(([text, verb, rest]) => ({
    text,
    command: ["/tb", verb, word, ...(rest === undefined ? [] : [rest])].join(" "),
  }));
}

const touches = {
  en: [
    ["Status", "status"],
    ["Chart", "chart"],
    ["Ack", "ack"],
    ["Mute 2 h", "mute", "2h"],
  ],
  zh: [
    ["状态", "状态"],
    ["曲线", "曲线"],
    ["确认", "确认"],
    ["静音 2 小时", "静音", "2小时"],
  ],
} as const satisfies Readonly<Record<Locale, readonly (readonly [string, string, string?])[]>>;

/** The name where it is one plain, short word that cannot be taken for anything else; the id means the run whatever it is called. */
function touchWord(run: Run): string {
  const isPlain = /^[\p{L}\p{N}][\p{L}\p{N}_./:=+-]{1,79}$/u.test(run.name);
  return isPlain && !isRuleId(run.name) && !/^(?:all|this|here)$/i.test(run.name) ? run.name : runIdOf(run);
}
