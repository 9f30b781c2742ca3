import { formatCount } from "../message/format-number.js";
import type { Block, Message } from "../message/message.js";
import { plainName } from "../message/plain-name.js";
import { headlineOf, type Manner } from "./compose-speech.js";
import { wording } from "./wording.js";

/** What the first pass over a newly registered directory found; `open`: names of runs whose episodes are open now, perhaps only the first few. */
export interface HistoryFacts {
  readonly root: string;
  readonly runs: number;
  readonly points: number;
  readonly open: readonly string[];
}

const atMostRuns = 5;

/** The one quiet message about a directory's past. */
export function composeHistory({ root, runs, points, open }: HistoryFacts, { locale }: Manner): Message {
  const { history, and } = wording[locale];
  const place = plainName(root, 70);
  if (runs === 0) return { tone: "info", headline: headlineOf([history.empty(place)]), blocks: [] };
  const names = open
    .slice(0, atMostRuns)
    .map((name) => [{ kind: "code" as const, text: plainName(name, 80) }]);
  const list: readonly Block[] = [
    {
      kind: "text",
      content: [open.length < atMostRuns ? history.open(open.length) : history.openAtLeast(open.length)],
    },
    { kind: "list", items: open.length > atMostRuns ? [...names, [and(open.length - atMostRuns)]] : names },
  ];
  return {
    tone: "info",
    headline: headlineOf([history.headline(place, runs, formatCount(points))]),
    blocks: [
      ...(open.length === 0 ? [] : list),
      { kind: "note", content: [history.note, { kind: "code", text: `tensorbell replay ${asWord(root)}` }] },
    ],
  };
}

/** A path as one word of a shell; what cannot be shown on a line is shown shortened, never half quoted. */
function asWord(path: string): string {
  const shown = plainName(path, 300);
  return /^[\p{L}\p{N}_./:@%+=-]+$/u.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}
