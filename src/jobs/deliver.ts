import { randomUUID } from "node:crypto";
import type { LaneStore } from "../alerts/lane-store.js";
import type { ChatPlatform } from "../chat/platform.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { type DestinationId, parseDestination } from "../message/destination.js";
import { deliverHead, type Step } from "./deliver-head.js";
import type { Speaker } from "./speaker.js";
import type { Wakes } from "./wakes.js";

export interface DeliverPorts {
  readonly lanes: LaneStore;
  readonly platforms: ReadonlyMap<string, ChatPlatform>;
  readonly speaker: Speaker;
  readonly wakes: Wakes;
  readonly clock: Clock;
  readonly log: Log;
}

/** Renewed while its holder lives; a dead one is succeeded after this long. */
const leaseMs = 20_000;
const renewMs = 5_000;
/** How long to leave a lane whose lease somebody else holds. */
const lookAgainMs = 1_000;

/**
 * Empties one lane, in order, until nothing is left or its head wants to wait.
 * 1. Take the lease; whoever has it delivers.
 * 2. Say the head: begin, call the platform, conclude. What began and was never concluded is unclear: the platform is asked first.
 * 3. A head that must wait keeps its place: nothing overtakes it.
 */
export async function deliver(ports: DeliverPorts, lane: DestinationId): Promise<void> {
  const { lanes, wakes } = ports;
  const token = randomUUID();
  if (!(await lanes.lease(lane, token, leaseMs))) {
    if ((await lanes.length(lane)) > 0) await wakes.deliver(lane, lookAgainMs);
    return;
  }
  let waitMs: number | undefined;
  const renewal = setInterval(() => void lanes.lease(lane, token, leaseMs).catch(() => undefined), renewMs);
  try {
    waitMs = await empty(ports, lane, token);
  } finally {
    clearInterval(renewal);
    await lanes.release(lane, token);
  }
  if (waitMs !== undefined) await wakes.deliver(lane, waitMs);
  // An entry that came between the last look and the release must not wait for the sweeper.
  else if ((await lanes.length(lane)) > 0) await wakes.deliver(lane, 0);
}

async function empty(ports: DeliverPorts, lane: DestinationId, token: string): Promise<number | undefined> {
  const platform = ports.platforms.get(parseDestination(lane).platform);
  for (;;) {
    const head = await ports.lanes.head(lane);
    if (head === undefined) return undefined;
    if (!(await ports.lanes.lease(lane, token, leaseMs))) return lookAgainMs;
    const step: Step =
      platform === undefined
        ? { kind: "bury", reason: "the platform of this destination is not configured" }
        : await deliverHead({ ...ports, platform }, lane, head);
    if (step.kind === "wait") {
      ports.log.warn(
        { lane, entry: head.entry.id, reason: step.reason, afterMs: step.afterMs },
        "delivery_waits",
      );
      return step.afterMs;
    }
    if (step.kind === "done" && step.chartWaits) await ports.wakes.chart(lane, 0);
    if (step.kind === "bury") {
      ports.log.error({ lane, entry: head.entry.id, reason: step.reason }, "delivery_dead");
      await ports.lanes.bury(lane, { entryId: head.entry.id, reason: step.reason }, ports.clock.now());
    }
  }
}
