import type { Conclusion, LaneHead, LaneStore, RunThread } from "../alerts/lane-store.js";
import type { OutboxEntry } from "../alerts/outbox-entry.js";
import type { ChatPlatform, DeliveryOutcome } from "../chat/platform.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { toJson } from "../lib/json.js";
import { shortHash } from "../lib/short-hash.js";
import { type DestinationId, parseDestination } from "../message/destination.js";
import type { Message } from "../message/message.js";
import type { MessageRef, Picture, Post } from "../message/post.js";
import type { Run, RunId } from "../series/run.js";
import type { Speaker } from "./speaker.js";

/** What became of a lane's head: it left the lane, must wait in it, or can never be said. */
export type Step =
  | { readonly kind: "done"; readonly chartWaits: boolean }
  | { readonly kind: "wait"; readonly afterMs: number; readonly reason: string }
  | { readonly kind: "bury"; readonly reason: string };

export interface HeadPorts {
  readonly lanes: LaneStore;
  readonly platform: ChatPlatform;
  readonly speaker: Speaker;
  readonly clock: Clock;
  readonly log: Log;
}

/** After this an entry is told to the operator instead: nobody wants last week's alarm. */
const tooOldMs = 3 * 86_400_000;
const afterUnclearMs = 2_000;

/** Says the head of a lane, or finds that it was said already. */
export async function deliverHead(ports: HeadPorts, lane: DestinationId, head: LaneHead): Promise<Step> {
  const { entry } = head;
  if (ports.clock.now() - entry.at > tooOldMs) return { kind: "bury", reason: "not accepted for three days" };
  const scene = { ...ports, lane, head };
  switch (entry.body.kind) {
    case "alert":
    case "news":
    case "restart":
      return sayInThread(scene, { run: entry.body.run, name: entry.body.name });
    case "press":
      return pressPeople(scene, entry.body);
    case "root":
      return refreshRoot(scene, { run: entry.body.run, name: entry.body.name });
    case "chart":
      return joinChart(scene, entry.body);
    case "history":
    case "digest":
    case "operator": {
      const message = await ports.speaker.message(entry.body, lane);
      if (message === undefined) return conclude(scene, {});
      return finish(scene, await say(scene, { entryId: entry.id, message }));
    }
  }
}

async function pressPeople(
  scene: Scene,
  body: OutboxEntry["body"] & { readonly kind: "press" },
): Promise<Step> {
  const message = await scene.speaker.message(body, scene.lane);
  if (message === undefined) return conclude(scene, {});
  return finish(scene, await say(scene, { entryId: scene.head.entry.id, message, presses: body.people }));
}

type Scene = HeadPorts & { readonly lane: DestinationId; readonly head: LaneHead };
type About = { readonly run: RunId; readonly name: Run };
type Said = { readonly kind: "said"; readonly ref: MessageRef } | { readonly kind: "gone" } | Step;

async function sayInThread(scene: Scene, about: About): Promise<Step> {
  const { head, lane, speaker, platform } = scene;
  const { entry } = head;
  if (!isSaidInThread(entry.body)) throw new Error("only alerts, news and restarts are said in threads");
  const thread = await scene.lanes.thread(lane, about.run);
  if (thread === undefined && !opensThread(entry)) return conclude(scene, {});
  let root = thread?.root;
  if (root === undefined && platform.capabilities.threads) {
    const opened = await openThread(scene, about);
    if (opened.kind === "wait" || opened.kind === "done") return opened;
    // An alert is said although its conversation could not be opened: refused for good, it is refused for itself.
    if (opened.kind === "said") root = opened.ref;
  }
  const message = await speaker.message(entry.body, lane);
  if (message === undefined) return conclude(scene, {});
  const picture = chartGoesAlong(scene) ? await drawnWith(scene, entry.body) : undefined;
  const said = await say(scene, {
    entryId: entry.id,
    message,
    ...(picture === undefined ? {} : { picture }),
    ...(root === undefined ? {} : { replyTo: root }),
  });
  if (said.kind === "gone") {
    // Somebody deleted the root: the next look opens a new thread for the same entry.
    await scene.lanes.closeThread(lane, about.run);
    return { kind: "wait", afterMs: 0, reason: "the thread's root is gone" };
  }
  return finish(scene, said);
}

/** Where nothing can be edited later and pictures travel with the post, an alert is said once, with its chart inside. */
function chartGoesAlong({ platform: { capabilities } }: Scene): boolean {
  const travels = capabilities.pictures === "with-post" || capabilities.pictures === "sketched";
  return travels && capabilities.edit !== true;
}

/** The chart of what fired; a drawing that fails never holds the alert back. */
async function drawnWith(scene: Scene, body: SaidInThread): Promise<Picture | undefined> {
  if (body.kind !== "alert" || !body.transitions.some((transition) => transition.kind !== "resolved"))
    return undefined;
  const { run, name, transitions } = body;
  try {
    return await drawn(scene, { kind: "chart", run, name, alert: scene.head.entry.id, transitions });
  } catch (err) {
    scene.log.error({ err, run }, "chart_not_drawn");
    return undefined;
  }
}

type SaidInThread = OutboxEntry["body"] & { readonly kind: "alert" | "news" | "restart" };

function isSaidInThread(body: OutboxEntry["body"]): body is SaidInThread {
  return body.kind === "alert" || body.kind === "news" || body.kind === "restart";
}

/** Good news, restarts and lines for the record do not open a conversation by themselves, unless somebody asked for them. */
function opensThread(entry: OutboxEntry): boolean {
  if (entry.body.kind === "news") return true;
  return (
    entry.body.kind === "alert" &&
    entry.body.transitions.some(
      (transition) => transition.kind !== "resolved" && transition.episode.severity !== "info",
    )
  );
}

async function openThread(scene: Scene, { run, name }: About): Promise<Said> {
  const message = await scene.speaker.root(run, name, scene.lane);
  const { body } = scene.head.entry;
  const mention = body.kind === "alert" ? (body.mention ?? []) : [];
  const said = await say(scene, {
    entryId: `${run}/root`,
    message,
    opens: true,
    ...(mention.length === 0 ? {} : { mention }),
  });
  if (said.kind === "said") {
    const now = scene.clock.now();
    await scene.lanes.openThread(scene.lane, run, {
      root: said.ref,
      openedAt: now,
      rootHash: hashOf(message),
      rootSaidAt: now,
    });
  }
  return said;
}

async function refreshRoot(scene: Scene, { run, name }: About): Promise<Step> {
  const thread = await scene.lanes.thread(scene.lane, run);
  if (thread === undefined || scene.platform.capabilities.edit === false) return conclude(scene, {});
  const message = await scene.speaker.root(run, name, scene.lane);
  const rootHash = hashOf(message);
  if (rootHash === thread.rootHash) return conclude(scene, {});
  const said = await say(scene, { entryId: `${run}/root`, message, edits: thread.root });
  if (said.kind === "gone") {
    await scene.lanes.closeThread(scene.lane, run);
    return conclude(scene, {});
  }
  if (said.kind !== "said") return said.kind === "bury" ? conclude(scene, {}) : said;
  const refreshed: RunThread = { ...thread, rootHash, rootSaidAt: scene.clock.now() };
  return conclude(scene, { thread: { run, thread: refreshed } });
}

async function joinChart(
  scene: Scene,
  body: OutboxEntry["body"] & { readonly kind: "chart" },
): Promise<Step> {
  const { lane, platform, speaker, head } = scene;
  const target = await scene.lanes.saidAs(lane, body.alert);
  if (target === undefined) return conclude(scene, {});
  const picture = head.picture ?? (await drawn(scene, body));
  const alert = { kind: "alert" as const, run: body.run, name: body.name, transitions: body.transitions };
  const message = await speaker.message(platform.capabilities.edit === true ? alert : body, lane);
  if (picture === undefined || message === undefined) return conclude(scene, {});
  const thread = await scene.lanes.thread(lane, body.run);
  // The thread goes with an edit too: a platform that prints shows the picture where it belongs.
  const place = {
    ...(platform.capabilities.edit ? { edits: target } : {}),
    ...(thread === undefined ? {} : { replyTo: thread.root }),
  };
  const said = await say(scene, {
    entryId: platform.capabilities.edit === true ? body.alert : head.entry.id,
    message,
    picture,
    ...place,
  });
  if (said.kind === "gone") return conclude(scene, {});
  return said.kind === "said" ? conclude(scene, {}) : said;
}

async function drawn(
  scene: Scene,
  body: OutboxEntry["body"] & { readonly kind: "chart" },
): Promise<Picture | undefined> {
  const drawing = await scene.speaker.draw(body, scene.lane, scene.platform.capabilities.column);
  return drawing === undefined ? undefined : { kind: "png", ...drawing };
}

/** One platform call with its marks: what was begun before and never concluded is looked up first. */
async function say(scene: Scene, post: Post): Promise<Said> {
  const { lanes, lane, head, platform, clock, log } = scene;
  const to = parseDestination(lane);
  const begun = head.attempt?.entryId === post.entryId ? head.attempt : undefined;
  if (begun !== undefined && post.edits === undefined) {
    const found = platform.capabilities.find
      ? await platform.find?.(post.entryId, to, post.replyTo)
      : undefined;
    if (found !== undefined) return { kind: "said", ref: found };
  }
  await lanes.begin(
    lane,
    { entryId: post.entryId, at: clock.now(), tries: (begun?.tries ?? 0) + 1 },
    head.entry,
  );
  const outcome = await platform.deliver(post, to);
  const blind = begun !== undefined && post.edits === undefined && !platform.capabilities.find;
  if (blind && mayHaveDoubled(outcome)) log.warn({ lane, entry: post.entryId }, "possible_duplicate");
  switch (outcome.kind) {
    case "delivered":
      return { kind: "said", ref: outcome.ref };
    case "retry":
      // A try before this one that may have been heard is remembered until the message is said.
      if (!blind) await lanes.abandon(lane);
      return { kind: "wait", afterMs: outcome.afterMs, reason: outcome.reason };
    case "unclear":
      return { kind: "wait", afterMs: afterUnclearMs, reason: outcome.reason };
    case "rejected":
      await lanes.abandon(lane);
      return outcome.gone === true ? { kind: "gone" } : { kind: "bury", reason: outcome.reason };
  }
}

/** A repeat that was held back, refused or known to the vendor is no second message. */
function mayHaveDoubled(outcome: DeliveryOutcome): boolean {
  return outcome.kind === "unclear" || (outcome.kind === "delivered" && outcome.once !== true);
}

async function finish(scene: Scene, said: Said): Promise<Step> {
  if (said.kind === "gone") return { kind: "bury", reason: "the message this belongs to no longer exists" };
  if (said.kind !== "said") return said;
  const { entry } = scene.head;
  if (entry.body.kind !== "alert" || scene.platform.capabilities.pictures === "none" || chartGoesAlong(scene))
    return conclude(scene, { ref: said.ref });
  if (!entry.body.transitions.some((transition) => transition.kind !== "resolved"))
    return conclude(scene, { ref: said.ref });
  const { run, name, transitions } = entry.body;
  const chart: OutboxEntry = {
    id: `${entry.id}/chart`,
    destination: entry.destination,
    at: scene.clock.now(),
    body: { kind: "chart", run, name, alert: entry.id, transitions },
  };
  return conclude(scene, { ref: said.ref, chart: { entry: chart, ref: said.ref } });
}

async function conclude(scene: Scene, conclusion: Omit<Conclusion, "entryId">): Promise<Step> {
  await scene.lanes.conclude(scene.lane, { entryId: scene.head.entry.id, ...conclusion }, scene.clock.now());
  return { kind: "done", chartWaits: conclusion.chart !== undefined };
}

function hashOf(message: Message): string {
  return shortHash(toJson(message));
}
