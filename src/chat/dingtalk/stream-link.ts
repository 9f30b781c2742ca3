import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import type { Timer, Timers } from "../../lib/timers.js";
import type { PlatformHealth } from "../platform.js";
import type { WayOut } from "../way-out.js";
import type { DingTalkOptions } from "./dingtalk-config.js";
import type { DingTalkTimings } from "./dingtalk-timings.js";
import type { StreamFrame } from "./stream-frame.js";
import { type LineOpening, StreamLine } from "./stream-line.js";

export interface LinkOptions {
  readonly options: Pick<DingTalkOptions, "clientId" | "clientSecret" | "apiUrl">;
  readonly timings: DingTalkTimings;
  readonly log: Log;
  readonly clock: Clock;
  readonly wayOut: WayOut;
  readonly timers: Timers;
  readonly onFrame: (line: StreamLine, frame: StreamFrame & { readonly messageId: string }) => void;
}

/**
 * Keeps Stream mode alive: one attempt at a time, growing pauses with jitter, a new line before the old one goes. At most two
 * lines are open, and after `stop` neither line nor timer is left.
 */
export class StreamLink {
  readonly #given: LinkOptions;
  #current: StreamLine | undefined;
  #opening: StreamLine | undefined;
  readonly #draining = new Map<StreamLine, Timer>();
  #retry: Timer | undefined;
  #rotation: Timer | undefined;
  /** Lines that said goodbye: one replacement each. */
  readonly #leaving = new WeakSet<StreamLine>();
  #openedAt = 0;
  #attempt = 0;
  #stopped = true;
  #problem: { readonly state: "connecting" | "unauthorised"; readonly detail: string } | undefined;
  #badFrames = 0;

  constructor(given: LinkOptions) {
    this.#given = given;
  }

  /** Resolves with how the first attempt went; further ones follow by themselves. */
  async start(): Promise<LineOpening> {
    this.#stopped = false;
    return this.#cycle();
  }

  health(): PlatformHealth {
    if (this.#stopped) return { state: "down", detail: "stopped" };
    if (this.#current !== undefined) {
      return {
        state: "up",
        detail: this.#badFrames === 0 ? "connected" : `connected; ${this.#badFrames} unreadable frames`,
      };
    }
    return this.#problem ?? { state: "connecting", detail: "the first attempt is under way" };
  }

  stop(): void {
    this.#stopped = true;
    this.#retry?.cancel();
    this.#rotation?.cancel();
    this.#retry = undefined;
    for (const [line, timer] of this.#draining) {
      timer.cancel();
      line.kill();
    }
    this.#draining.clear();
    this.#opening?.kill();
    this.#current?.kill();
    this.#current = undefined;
  }

  async #cycle(): Promise<LineOpening> {
    if (this.#stopped || this.#opening !== undefined)
      return { kind: "failed", reason: "an attempt is under way" };
    this.#retry?.cancel();
    this.#retry = undefined;
    const line = this.#newLine();
    this.#opening = line;
    const opened = await line.open();
    this.#opening = undefined;
    if (this.#hasStopped()) {
      line.kill();
      return { kind: "failed", reason: "stopped" };
    }
    if (opened.kind === "open") this.#takeOver(line);
    else this.#failed(opened);
    return opened;
  }

  /** Asked anew after a wait. */
  #hasStopped(): boolean {
    return this.#stopped;
  }

  #newLine(): StreamLine {
    const { options, timings, timers, clock, wayOut, onFrame } = this.#given;
    return new StreamLine({
      options,
      timings,
      wayOut,
      timers,
      now: () => clock.now(),
      onFrame,
      onLife: (line) => {
        if (line === this.#current && !this.#leaving.has(line)) this.#attempt = 0;
      },
      onGoodbye: (line) => this.#goodbye(line),
      onBadFrame: () => {
        this.#badFrames += 1;
        if (this.#badFrames <= 3) this.#given.log.warn({ count: this.#badFrames }, "dingtalk_bad_frame");
      },
      onEnd: (line, reason) => this.#ended(line, reason),
    });
  }

  #takeOver(line: StreamLine): void {
    const { timings, timers, log, clock } = this.#given;
    const before = this.#current;
    this.#current = line;
    this.#openedAt = clock.now();
    if (before !== undefined) {
      const timer = timers.after(timings.overlapMs, () => {
        this.#draining.delete(before);
        before.kill();
      });
      this.#draining.set(before, timer);
    }
    if (this.#problem !== undefined || before === undefined) log.info({}, "dingtalk_connected");
    this.#problem = undefined;
    this.#rotation?.cancel();
    this.#rotation = timers.after(timings.rotateMs * (0.9 + Math.random() / 5), () => void this.#cycle());
  }

  /** The server will fall silent and close in ten seconds: the new line opens now, both are heard meanwhile. */
  #goodbye(line: StreamLine): void {
    if (line !== this.#current || this.#leaving.has(line)) return;
    this.#leaving.add(line);
    const { clock, timings } = this.#given;
    // A server that sends everybody away again at once is not asked in a hurry.
    if (clock.now() - this.#openedAt < timings.backoffFirstMs) this.#later("sent away at once", 0);
    else void this.#cycle();
  }

  #ended(line: StreamLine, reason: string): void {
    const timer = this.#draining.get(line);
    if (timer !== undefined) {
      timer.cancel();
      this.#draining.delete(line);
      return;
    }
    if (line !== this.#current) return;
    this.#current = undefined;
    this.#rotation?.cancel();
    if (this.#opening === undefined) this.#later(reason, 0);
  }

  #failed(opened: Exclude<LineOpening, { readonly kind: "open" }>): void {
    const refused = opened.kind === "refused";
    const detail = refused ? `${opened.reason}. ${refusedHints}` : opened.reason;
    const state = refused ? "unauthorised" : "connecting";
    if (this.#problem?.detail !== detail) this.#given.log.warn({ detail }, "dingtalk_not_connected");
    this.#problem = { state, detail };
    this.#later(opened.reason, refused ? this.#given.timings.refusedMs : 0);
  }

  #later(reason: string, atLeastMs: number): void {
    if (this.#stopped || this.#retry !== undefined || this.#opening !== undefined) return;
    const { backoffFirstMs, backoffCapMs } = this.#given.timings;
    const pause = Math.min(backoffCapMs, backoffFirstMs * 2 ** Math.min(this.#attempt, 20));
    this.#attempt += 1;
    this.#problem ??= { state: "connecting", detail: reason };
    this.#retry = this.#given.timers.after(Math.max(atLeastMs, pause * (0.5 + Math.random() / 2)), () => {
      this.#retry = undefined;
      void this.#cycle();
    });
  }
}

const refusedHints =
  "Check, in DingTalk's developer console: Client ID and Client Secret; that the robot receives messages in Stream mode; that a version of the app is published; that this machine's address is allowed.";
