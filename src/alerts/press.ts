import { parseDestination } from "../message/destination.js";
import type { Run, RunId } from "../series/run.js";
import type { Episode, Transition } from "./episode.js";
import { isMuted, type Mute } from "./mute.js";
import type { OutboxEntry } from "./outbox-entry.js";
import { route, type Routing, type Stop } from "./route.js";
import type { RunFacts } from "./run-facts.js";

/** Critical alerts that were said and that nobody has acknowledged since. */
export type Waiting = NonNullable<RunFacts["pressing"]>;

/** What decides it, as one ingest left it. */
export interface PressScene {
  readonly run: Run;
  readonly id: RunId;
  readonly revision: number;
  readonly facts: RunFacts;
  readonly open: readonly Episode[];
  readonly mutes: readonly Mute[];
  readonly routing: Routing;
  /** Milliseconds. */
  readonly now: number;
}

/** Pure: what waits after this ingest, and what has waited so long that its people are reached by the platform's most pressing way: once an episode, unless somebody acknowledged or muted it. */
export function press(
  about: PressScene,
  said: readonly Transition[],
): { readonly entries: readonly OutboxEntry[]; readonly pressing: Waiting } {
  const { routing, now, id: run, run: name, revision } = about;
  const entries: OutboxEntry[] = [];
  const pressing = [...(about.facts.pressing ?? []), ...begun(about, said)].filter(
    ({ episode: id, since }) => {
      const episode = about.open.find((each) => each.id === id);
      if (episode === undefined || !stillWaits(about, episode)) return false;
      const stops = stopsOf(about, episode);
      const due = stops.filter(({ destination }) => now - since >= patienceOf(routing, destination));
      for (const { destination, mention } of due) {
        entries.push({
          id: `${run}/${revision}/press/${entries.length}`,
          destination,
          at: now,
          body: { kind: "press", run, name, episode, people: mention, since },
        });
      }
      return due.length === 0 && stops.length > 0;
    },
  );
  return { entries, pressing };
}

/** When (ms) the first of those that wait has waited long enough; undefined where none does. */
export function pressDeadline({ pressing }: RunFacts, routing: Routing): number | undefined {
  const patience = Math.min(...(routing.pressing?.values() ?? []));
  const first = Math.min(...(pressing ?? []).map(({ since }) => since));
  return Number.isFinite(first + patience) ? first + patience : undefined;
}

function begun({ facts, routing, now }: PressScene, said: readonly Transition[]): Waiting {
  if (routing.pressing === undefined || routing.pressing.size === 0) return [];
  const known = new Set(facts.pressing?.map(({ episode }) => episode));
  return said
    .filter(
      ({ kind, episode }) => kind !== "resolved" && episode.severity === "critical" && !known.has(episode.id),
    )
    .map(({ episode }) => ({ episode: episode.id, since: now }));
}

function stillWaits(about: PressScene, episode: Episode): boolean {
  if (episode.state === "resolved" || episode.ack !== undefined || episode.severity !== "critical")
    return false;
  const { id, run, mutes, now } = about;
  return isMuted(mutes, { run: id, name: run.name, rule: episode.rule }, now) === undefined;
}

/** Where somebody is named whom the platform can press. */
function stopsOf({ routing, run }: PressScene, { rule, severity }: Episode): readonly Stop[] {
  return route(routing, { run, rule, severity }).filter(
    ({ destination, mention }) =>
      mention.length > 0 && routing.pressing?.has(parseDestination(destination).platform) === true,
  );
}

function patienceOf({ pressing }: Routing, destination: Stop["destination"]): number {
  return pressing?.get(parseDestination(destination).platform) ?? Number.POSITIVE_INFINITY;
}
