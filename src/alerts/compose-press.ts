import { formatDuration } from "../lib/duration.js";
import type { Message } from "../message/message.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Run } from "../series/run.js";
import { headlineOf, type Manner, runWord, saidOf } from "./compose-speech.js";
import type { Episode } from "./episode.js";
import { wording } from "./wording.js";

/** Says to those responsible that a critical alert is open and that nobody has acknowledged it for so long. Milliseconds. */
export function composePress({ run, episode, labels, waited }: PressedAlert, { locale }: Manner): Message {
  const { press, severity } = wording[locale];
  const said = saidOf(episode, labels, locale);
  return {
    tone: "critical",
    headline: headlineOf(
      [severity.critical, runWord(run, locale), said, press.unheard(formatDuration(waited, locale))],
      2,
    ),
    blocks: [{ kind: "note", content: [press.answer, { kind: "code", text: press.ack }] }],
  };
}

export interface PressedAlert {
  readonly run: Run;
  readonly episode: Episode;
  readonly labels: SeriesLabels;
  readonly waited: number;
}
