import type { Message } from "../message/message.js";
import { plainName, plainSentence } from "../message/plain-name.js";
import { headlineOf, type Manner } from "./compose-speech.js";
import { operatorSubjects } from "./wording-shape.js";
import { wording } from "./wording.js";

/** Something about the product itself; `subject` is one of `operatorSubjects` or plain words, `detail` comes from anywhere. */
export function composeOperatorNotice(
  { subject, detail }: { readonly subject: string; readonly detail: string },
  { locale }: Manner,
): Message {
  const { operator } = wording[locale];
  const known = operatorSubjects.find((one) => one === subject);
  return {
    tone: "warning",
    headline: headlineOf(["TensorBell", known === undefined ? plainName(subject, 100) : operator[known]]),
    blocks: [
      ...(detail === "" ? [] : [{ kind: "text" as const, content: [plainSentence(detail, 600)] }]),
      { kind: "note", content: [operator.note] },
    ],
  };
}
