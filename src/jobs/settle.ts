import type { Mute } from "../alerts/mute.js";
import { pressDeadline } from "../alerts/press.js";
import type { Routing } from "../alerts/route.js";
import { flushLagSeconds } from "../alerts/run-judge.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { Clock } from "../lib/clock.js";
import type { RunSession } from "./run-session.js";

export interface SettlePorts {
  readonly registry: WatchRegistry;
  readonly clock: Clock;
  readonly routing: Routing;
  mutesNow(): Promise<readonly Mute[]>;
}

/** When to look again although nothing may change: a held record, a time-based rule, an end of a mute, people to press. */
export async function settle(
  ports: SettlePorts,
  session: RunSession,
  lookAgainAt: number | undefined,
): Promise<void> {
  const { facts } = session;
  const due: number[] = lookAgainAt === undefined ? [] : [lookAgainAt];
  const deadline = session.judge.deadline();
  if (facts.lastArrivalAt > 0 && facts.phase === "live" && !cameLate(session)) {
    if (facts.outcome === undefined && session.looksAt > 0) due.push(session.looksAt);
    if (deadline !== undefined)
      due.push(
        session.newestArrivalAt + (Math.max(0, deadline - facts.lastWallTime) + flushLagSeconds) * 1_000,
      );
  }
  if (facts.unsaid.length > 0) {
    const ends = (await ports.mutesNow())
      .map((mute) => mute.until)
      .filter((until) => until > ports.clock.now());
    due.push(...ends, (facts.posts.day + 1) * 86_400_000);
  }
  const press = pressDeadline(facts, ports.routing);
  if (press !== undefined) due.push(press);
  await ports.registry.setDeadline(session.id, due.length === 0 ? undefined : Math.min(...due));
}

/** Half a day old when it was read: its silence is history, not news. Any new point makes it live. */
export function cameLate({ facts }: RunSession): boolean {
  return facts.lastArrivalAt / 1_000 - facts.lastWallTime > 43_200;
}
