import type { Message, Tone } from "../../message/message.js";

/** The word that says a message's tone where it calls for one, in the language the message is written in. */
export function toneWord(message: Message): string | undefined {
  const language = /\p{Script=Han}/u.test(ownWords(message)) ? "zh" : "en";
  return words[message.tone]?.[language];
}

const words: Readonly<Record<Tone, { readonly en: string; readonly zh: string } | undefined>> = {
  critical: { en: "Critical", zh: "严重" },
  warning: { en: "Warning", zh: "警告" },
  good: undefined,
  info: undefined,
};

/** Labels are our own words; a headline also holds names from outside, so it only decides where there are no labels. */
function ownWords(message: Message): string {
  const labels = message.blocks.flatMap((block) =>
    block.kind === "facts" ? block.facts.map((fact) => fact.label) : [],
  );
  return labels.length > 0 ? labels.join("") : message.headline;
}
