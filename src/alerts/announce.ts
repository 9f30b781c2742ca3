import type { Run, RunId } from "../series/run.js";
import type { Episode, Transition } from "./episode.js";
import { isAlert } from "./is-alert.js";
import { inhibitor } from "./inhibit.js";
import { isMuted, type Mute } from "./mute.js";
import type { OutboxEntry } from "./outbox-entry.js";
import { press } from "./press.js";
import { destinationsOf, destinationsOfNews, route, type RunNews, type Routing } from "./route.js";
import type { RunFacts } from "./run-facts.js";

/** Alert posts a run and day below critical: what a storm may cost a channel (rules page, section 3.3). */
const postsADay = 6;
const dayMs = 86_400_000;

/** All that decides what is said of one ingest. */
export interface Announcement {
  readonly run: Run;
  readonly id: RunId;
  /** The revision this commit makes: entry ids come from it, so a repeated commit says the same under the same name. */
  readonly revision: number;
  readonly facts: RunFacts;
  readonly transitions: readonly Transition[];
  /** Open episodes after the transitions. */
  readonly open: readonly Episode[];
  /** The step a restarted run went back to, if it did. */
  readonly restartedAt: number | undefined;
  readonly news: readonly RunNews[];
  readonly mutes: readonly Mute[];
  readonly routing: Routing;
  /** Milliseconds. */
  readonly now: number;
}

/** Pure: transitions -> outbox entries, and what the run remembers of having kept quiet. */
export function announce(about: Announcement): {
  readonly entries: readonly OutboxEntry[];
  readonly facts: RunFacts;
} {
  if (about.facts.phase === "history") return { entries: [], facts: about.facts };
  const said = sayable({ ...about, transitions: about.transitions.filter(isNews(about.facts)) });
  const entries = [
    ...newsEntries(about, "start"),
    ...alertEntries(about, said.transitions),
    ...newsEntries(about, "finish"),
  ];
  if (
    about.transitions.length > 0 ||
    about.restartedAt !== undefined ||
    about.news.includes("finish") ||
    said.transitions.length > 0
  ) {
    entries.push(...rootEntries(about));
  }
  const pressed = press(about, said.transitions);
  entries.push(...pressed.entries);
  const { pressing: _before, ...facts } = about.facts;
  return {
    entries,
    facts: {
      ...facts,
      ...{ unsaid: said.unsaid, posts: said.posts },
      ...(pressed.pressing.length === 0 ? {} : { pressing: pressed.pressing }),
    },
  };
}

/** What opened before the run was sorted anew has had its time, its end too. */
function isNews({ quietUpTo = -Infinity }: RunFacts): (transition: Transition) => boolean {
  return ({ episode }) => !(episode.opened.wallTime <= quietUpTo);
}

function sayable(about: Announcement): {
  readonly transitions: readonly Transition[];
  readonly unsaid: readonly string[];
  readonly posts: RunFacts["posts"];
} {
  const day = Math.floor(about.now / dayMs);
  const used = about.facts.posts.day === day ? about.facts.posts.count : 0;
  const unsaid = new Set(about.facts.unsaid);
  const speak: Transition[] = [];
  for (const transition of [...overdue(about), ...about.transitions]) {
    const { episode } = transition;
    if (isToldOtherwise(episode) || episode.flapping === "quiet") continue;
    if (transition.kind === "resolved") {
      // That it flaps was said when it began to; its ends are no news.
      if (!unsaid.delete(episode.id) && episode.flapping === undefined) speak.push(transition);
    } else if (keptQuiet(about, episode, used)) unsaid.add(episode.id);
    else {
      unsaid.delete(episode.id);
      speak.push(transition);
    }
  }
  const spoke = speak.some((transition) => transition.kind !== "resolved");
  return { transitions: speak, unsaid: [...unsaid], posts: { day, count: used + (spoke ? 1 : 0) } };
}

/** States of the run stand in its root; that steps went back is a note of its own. */
function isToldOtherwise(episode: Episode): boolean {
  return !isAlert(episode) || episode.evidence.numbers["back_to"] !== undefined;
}

/** Episodes kept quiet earlier that are still open: their reason may have ended. */
function overdue(about: Announcement): readonly Transition[] {
  const changing = new Set(about.transitions.map((transition) => transition.episode.id));
  return about.open
    .filter(
      (episode) =>
        about.facts.unsaid.includes(episode.id) && !changing.has(episode.id) && episode.state === "firing",
    )
    .map((episode) => ({ kind: "fired" as const, episode }));
}

function keptQuiet(about: Announcement, episode: Episode, used: number): boolean {
  const muted = ({ rule }: Episode): boolean =>
    isMuted(about.mutes, { run: about.id, name: about.run.name, rule }, about.now) !== undefined;
  if (muted(episode)) return true;
  // What a person silenced says nothing in the place of another.
  if (
    inhibitor(
      episode,
      about.open.filter((other) => !muted(other)),
    ) !== undefined
  )
    return true;
  return used >= postsADay && episode.severity !== "critical";
}

function alertEntries(about: Announcement, transitions: readonly Transition[]): OutboxEntry[] {
  const byDestination = new Map<string, { transitions: Transition[]; mention: Set<string> }>();
  for (const transition of transitions) {
    const { rule, severity } = transition.episode;
    for (const stop of route(about.routing, { run: about.run, rule, severity })) {
      const group = byDestination.get(stop.destination) ?? { transitions: [], mention: new Set<string>() };
      group.transitions.push(transition);
      if (transition.kind !== "resolved") for (const person of stop.mention) group.mention.add(person);
      byDestination.set(stop.destination, group);
    }
  }
  return [...byDestination].map(([destination, group]) => ({
    id: `${about.id}/${about.revision}/alert`,
    destination,
    at: about.now,
    body: {
      kind: "alert" as const,
      run: about.id,
      name: about.run,
      transitions: group.transitions,
      ...(group.mention.size === 0 ? {} : { mention: [...group.mention] }),
    },
  }));
}

function newsEntries(about: Announcement, news: RunNews): OutboxEntry[] {
  if (!about.news.includes(news)) return [];
  return destinationsOfNews(about.routing, about.run, news).map((destination) => ({
    id: `${about.id}/${about.revision}/${news}`,
    destination,
    at: about.now,
    body: { kind: "news" as const, run: about.id, name: about.run, news },
  }));
}

function rootEntries(about: Announcement): OutboxEntry[] {
  const { id: run, run: name, revision, restartedAt, now: at } = about;
  return destinationsOf(about.routing, name).flatMap((destination) => {
    const root: OutboxEntry = {
      id: `${run}/${revision}/root`,
      destination,
      at,
      body: { kind: "root", run, name },
    };
    if (restartedAt === undefined) return [root];
    const restart: OutboxEntry = {
      id: `${run}/${revision}/restart`,
      destination,
      at,
      body: { kind: "restart", run, name, step: restartedAt },
    };
    return [restart, root];
  });
}
