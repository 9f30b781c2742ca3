import { formatCount } from "../message/format-number.js";
import type { Message } from "../message/message.js";
import type { Run } from "../series/run.js";
import { headlineOf, runWord, type Manner } from "./compose-speech.js";
import { wording } from "./wording.js";

/** The notice that a run went back to an earlier step. */
export function composeRestart(
  { run, step }: { readonly run: Run; readonly step: number },
  { locale }: Manner,
): Message {
  const { restart } = wording[locale];
  return {
    tone: "info",
    headline: headlineOf([restart.headline(runWord(run, locale), formatCount(step))]),
    blocks: [{ kind: "note", content: [restart.note] }],
  };
}
