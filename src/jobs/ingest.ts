import { flushLagSeconds } from "../alerts/run-judge.js";
import { announce } from "../alerts/announce.js";
import type { Transition } from "../alerts/episode.js";
import type { Mute } from "../alerts/mute.js";
import { pressDeadline } from "../alerts/press.js";
import type { Routing } from "../alerts/route.js";
import { newRunFacts } from "../alerts/run-facts.js";
import { RuleStopped } from "../alerts/rule-clock.js";
import type { RunStore } from "../alerts/run-store.js";
import { sameLogRuns, type WatchRegistry } from "../alerts/watch-registry.js";
import { isPlaceFault } from "../eventlog/place-fault.js";
import type { LogSource } from "../eventlog/log-source.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { RuleSettings } from "../rules/effective-settings.js";
import type { RunId } from "../series/run.js";
import type { Watch } from "../series/watch.js";
import { judgeReads } from "./judge-reads.js";
import { lookAtSigns } from "./look-at-signs.js";
import { runsBeforeOf } from "./runs-before.js";
import { type ReadLogRun, RunSession } from "./run-session.js";
import type { SessionShelf } from "./session-shelf.js";
import { cameLate, settle } from "./settle.js";
import { tellRuleFailures } from "./tell-rule-failures.js";
import type { Turns } from "./turns.js";
import type { Wakes } from "./wakes.js";

export interface IngestPorts {
  readonly runs: RunStore;
  readonly registry: WatchRegistry;
  readonly sessions: SessionShelf;
  readonly wakes: Wakes;
  /** Of all ingests of the process: they share its one event loop. */
  readonly turns: Turns;
  readonly clock: Clock;
  readonly log: Log;
  readonly routing: Routing;
  watch(run: RunId): Promise<Watch | undefined>;
  readonly openSource: (root: string) => LogSource;
  /** The settings in force, with a version that changes whenever a person changes one. */
  settings(): Promise<{ readonly version: number; readonly rules: RuleSettings }>;
  mutesNow(): Promise<readonly Mute[]>;
  /** A run's quiet first pass is over; `left` runs of its watch are still to come. */
  onHistoryRead(watch: Watch, left: number): Promise<void>;
}

/** Bytes read between two commits: about ten milliseconds of decoding and judging, in turns of a few. */
const sliceBytes = 512 * 1024;
/** Bytes of one job; what is left then queues behind the other runs. */
const jobBytes = 64 * 1024 * 1024;

/** Reads one run from its cursors to the end of its files, in slices with one commit each. */
export async function ingest(ports: IngestPorts, run: RunId): Promise<void> {
  const watch = await ports.watch(run);
  // A deadline that outlived its run would wake it every minute for ever.
  if (watch === undefined) return ports.registry.setDeadline(run, undefined);
  let bytes = 0;
  try {
    for (;;) {
      const slice = await ingestSlice(ports, watch, run).catch(begunAnew);
      bytes += slice.bytes;
      if (slice.kind === "end") return;
      if (bytes < jobBytes) continue;
      await ports.wakes.ingest(run);
      return;
    }
  } catch (error) {
    if (!isPlaceFault(error)) throw error;
    // The look at the place says so once, for all its runs; what was read of this one stands in the store.
    await ports.registry.setDeadline(run, ports.clock.now() + placeRestMs);
  }
}

/** A rule of somebody's code had to be stopped: what its session was in the middle of is gone with it, the store goes on. */
function begunAnew(error: unknown): SliceEnd {
  if (error instanceof RuleStopped) return { kind: "more", bytes: 0 };
  throw error;
}

/** A place that does not answer is read again after this time at the latest; its next good listing asks sooner. */
const placeRestMs = 30_000;

type SliceEnd = { readonly kind: "more" | "end"; readonly bytes: number };

/** discover -> read -> observe -> tick -> announce -> one commit. */
async function ingestSlice(ports: IngestPorts, watch: Watch, id: RunId): Promise<SliceEnd> {
  const opened = await openSession(ports, watch, id);
  if (opened === undefined) {
    await ports.registry.setDeadline(id, undefined);
    return { kind: "end", bytes: 0 };
  }
  const { session, settings } = opened;
  const now = ports.clock.now();
  const read = await readSlice(ports, opened, watch);
  if (session.isNew && session.facts.phase === "live" && session.facts.points > 0) {
    const before = await runsBeforeOf(ports, session, opened.metrics);
    if (before !== undefined) session.judge.learn({ before });
  }
  if (!read.more && session.facts.phase === "live" && !cameLate(session)) {
    await lookAtSigns(ports.openSource(watch.root), { session, root: watch.root, now });
    ports.sessions.rules.limited(opened.extra, () => tick(session, now));
  }
  const transitions = [...session.judge.drain(), ...endRun(session)];
  const pressIsDue = (pressDeadline(session.facts, ports.routing) ?? Number.POSITIVE_INFINITY) <= now;
  if (!opened.regrouped && !worthStoring(session, { read, transitions }) && !pressIsDue) {
    ports.sessions.put(session, settings);
    await settle(ports, session, read.lookAgainAt);
    return { kind: "end", bytes: read.bytes };
  }
  const wasHistory = session.facts.phase === "history";
  const mutes = await ports.mutesNow();
  const spoken = speak(session, { transitions, mutes, routing: ports.routing, now });
  if (wasHistory && !read.more) session.facts = { ...session.facts, phase: "live" };
  // Stale or thrown: the session has seen points that were not stored, and only what is in the store may go on.
  const memory = ports.sessions.rules.limited(opened.extra, () => session.remember());
  const failures = tellRuleFailures(session, { ...ports, told: ports.sessions.rulesTold, now });
  const entries = [...spoken, ...failures.entries];
  const outcome = await ports.runs.commit(session.commit(memory, { transitions, entries }));
  if (outcome === "stale") return { kind: "more", bytes: read.bytes };
  session.committed();
  failures.stored();
  if (entries.length > 0) await ports.wakes.relay(id);
  if (wasHistory && !read.more) await ports.onHistoryRead(watch, await ports.registry.primed(watch.id, id));
  // Of the runs whose past was read, most never grow again; one that does is read back once.
  if (!wasHistory || read.more) ports.sessions.put(session, settings);
  if (!read.more) await settle(ports, session, read.lookAgainAt);
  return { kind: read.more ? "more" : "end", bytes: read.bytes };
}

interface OpenedSession {
  readonly session: RunSession;
  /** The version of the settings it judges with. */
  readonly settings: number;
  /** Rules of one's own that it judges with. */
  readonly extra: RuleSettings["extra"];
  readonly metrics: RuleSettings["metrics"];
  /** The run consists of other log runs than when it was stored. */
  readonly regrouped: boolean;
}

async function openSession(ports: IngestPorts, watch: Watch, id: RunId): Promise<OpenedSession | undefined> {
  const [{ version, rules }, found] = await Promise.all([
    ports.settings(),
    ports.registry.found(watch.id, id),
  ]);
  const kept = ports.sessions.take(id);
  if (found === undefined) return undefined;
  const session = kept?.session ?? (await loadSession(ports, { watch, id, rules, name: found.name }));
  if (kept !== undefined && kept.settings !== version)
    ports.sessions.rules.limited(rules.extra, () => session.judge.applySettings(rules));
  const regrouped = !sameLogRuns(session.facts.logRuns, found.logRuns);
  if (regrouped) session.facts = { ...session.facts, logRuns: found.logRuns };
  return { session, settings: version, extra: rules.extra, metrics: rules.metrics, regrouped };
}

async function loadSession(
  ports: IngestPorts,
  { watch, id, rules, name }: { watch: Watch; id: RunId; rules: RuleSettings; name: string },
): Promise<RunSession> {
  const stored = await ports.runs.load(id);
  const run = stored?.run ?? { watch: watch.id, name };
  const clock = ports.sessions.rules;
  const session = clock.limited(
    rules.extra,
    () => new RunSession(id, { run, stored, settings: rules, clock }),
  );
  if (stored === undefined) {
    const quiet = await ports.registry.isPriming(watch.id, id);
    session.facts = { ...newRunFacts, phase: quiet ? "history" : "live" };
  } else await takeUp(ports, watch, session);
  return session;
}

/** A session is read back where another process, or an error, may have stopped between a commit and what follows from it. */
async function takeUp({ runs, registry, wakes, ...ports }: IngestPorts, watch: Watch, session: RunSession) {
  const { id, facts } = session;
  if ((await runs.outboxLength(id)) > 0) await wakes.relay(id);
  if (facts.phase === "live" && (await registry.isPriming(watch.id, id)))
    await ports.onHistoryRead(watch, await registry.primed(watch.id, id));
}

interface ReadSoFar {
  readonly more: boolean;
  readonly bytes: number;
  readonly lookAgainAt: number | undefined;
}

async function readSlice(
  ports: IngestPorts,
  { session, extra }: OpenedSession,
  watch: Watch,
): Promise<ReadSoFar> {
  const histograms = session.judge.wantsHistograms;
  const source = ports.openSource(watch.root);
  const reads: ReadLogRun[] = [];
  let bytes = 0;
  let more = false;
  let lookAgainAt: number | undefined;
  for (const logRun of Object.keys(session.facts.logRuns).sort()) {
    const cursor = session.cursors.get(logRun);
    await ports.turns.next();
    const now = ports.clock.now();
    const slice = await source.read({
      root: watch.root,
      logRun,
      cursor,
      atMostBytes: sliceBytes,
      now,
      patience: "live",
      histograms,
      turn: () => ports.turns.next(),
    });
    bytes += slice.bytes;
    more ||= slice.more;
    // A held record brings nothing yet, but since when it is held stands in the cursor.
    const news =
      slice.bytes > 0 ||
      slice.damage.length > 0 ||
      slice.replaced.length > 0 ||
      slice.lookAgainAt !== undefined;
    if (news) reads.push({ logRun, slice });
    if (slice.damage.length > 0)
      ports.log.warn({ run: session.run.name, logRun, damage: slice.damage.slice(0, 5) }, "damage_found");
    if (slice.lookAgainAt !== undefined) lookAgainAt = Math.min(lookAgainAt ?? Infinity, slice.lookAgainAt);
    // A run of very many log runs is told in several commits rather than in one that never ends.
    more ||= bytes >= 4 * sliceBytes;
    if (bytes >= 4 * sliceBytes) break;
  }
  await judgeReads(ports, { session, extra }, reads);
  return { more, bytes, lookAgainAt };
}

/**
 * The run's own clock: its last wall time, and what has passed here since that arrived, less what a writer may still
 * hold back. A writer's wrong clock does no harm.
 */
function tick(session: RunSession, now: number): void {
  const { lastWallTime, lastArrivalAt } = session.facts;
  if (lastArrivalAt === 0 || !Number.isFinite(lastWallTime)) return;
  session.judge.tick(lastWallTime + Math.max(0, now - session.newestArrivalAt) / 1_000 - flushLagSeconds);
}

/** A run whose files are all gone is over: what was open closes with it. Its cursors stay: files that come back were read already. */
function endRun(session: RunSession): readonly Transition[] {
  if (Object.keys(session.facts.logRuns).length > 0) return [];
  session.judge.endRun();
  return session.judge.drain();
}

function worthStoring(
  session: RunSession,
  { read, transitions }: { read: ReadSoFar; transitions: readonly Transition[] },
): boolean {
  if (read.bytes > 0 || transitions.length > 0 || session.changed) return true;
  if (session.revision === 0 || session.ruleFailures.length > 0) return true;
  return session.facts.phase === "history" || session.facts.unsaid.length > 0;
}

function speak(
  session: RunSession,
  {
    transitions,
    mutes,
    routing,
    now,
  }: { transitions: readonly Transition[]; mutes: readonly Mute[]; routing: Routing; now: number },
): ReturnType<typeof announce>["entries"] {
  // Both note what they found in the session's facts: before those are handed on.
  const restartedAt = session.restart(now);
  const news = session.news(now);
  const { entries, facts } = announce({
    run: session.run,
    id: session.id,
    revision: session.revision + 1,
    facts: session.facts,
    transitions,
    open: session.openEpisodes(),
    restartedAt,
    news,
    mutes,
    routing,
    now,
  });
  session.facts = facts;
  return entries;
}
