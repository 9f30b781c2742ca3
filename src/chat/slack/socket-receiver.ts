import type { App, Receiver } from "@slack/bolt";

import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import type { Secret } from "../../lib/secret.js";
import type { PlatformHealth } from "../platform.js";
import type { WayOut } from "../way-out.js";
import { createRecent } from "../../lib/recent.js";
import { faultOf } from "./slack-fault.js";
import { slackAppScopes } from "./slack-methods.js";
import type { SlackTimings } from "./slack-timings.js";
import type { Envelope, SocketLink } from "./socket-link.js";
import { HelloMissing, openSocketLink } from "./socket-link.js";
import type { Timers } from "../../lib/timers.js";
import { wait } from "../../lib/wait.js";
import { settledWithin } from "../../lib/within.js";

export interface SocketReceiverOptions {
  readonly appToken: Secret;
  readonly apiUrl: string;
  readonly timings: SlackTimings;
  readonly log: Log;
  readonly clock: Clock;
  readonly wayOut: WayOut;
  /** What reconnecting and a stop wait by; the system's where left out. */
  readonly timers?: Timers;
}

/** How the first attempt to connect went. */
export type FirstAttempt = "up" | "later" | "unauthorised";

/**
 * Keeps exactly one Socket Mode link alive (two for a moment while the server rotates them), hands envelopes to Bolt once
 * each, and stops cleanly: running listeners finish, nothing opens afterwards. No failure of the network leaves here as an exception.
 */
export class SocketReceiver implements Receiver {
  readonly #options: SocketReceiverOptions;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #seen = createRecent();
  #app: App | undefined;
  #links = new Set<SocketLink>();
  #life: Promise<void> | undefined;
  #health: PlatformHealth = { state: "down", detail: "not started" };

  constructor(options: SocketReceiverOptions) {
    this.#options = options;
  }

  init(app: App): void {
    this.#app = app;
  }

  health(): PlatformHealth {
    return this.#health;
  }

  /** Resolves when the first attempt is over, however it went; attempts go on behind it. */
  async start(): Promise<FirstAttempt> {
    this.#health = { state: "connecting", detail: "opening the first link to Slack" };
    return new Promise((resolve) => {
      this.#life = this.#live(resolve);
    });
  }

  /** Takes nothing new (Slack delivers it again to the next process), lets running listeners finish, closes every link. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const { drainMs } = this.#options.timings;
    if (!(await settledWithin(Promise.allSettled(this.#running), drainMs, this.#options.timers))) {
      this.#options.log.warn({ running: this.#running.size }, "slack_stopped_early");
    }
    await Promise.all([...this.#links].map((link) => link.close()));
    await this.#life;
    this.#health = { state: "down", detail: "stopped" };
  }

  async #live(onFirst: (attempt: FirstAttempt) => void): Promise<void> {
    const { clock, timings } = this.#options;
    let failures = 0;
    let previous: SocketLink | undefined;
    while (!this.#stopping.signal.aborted) {
      const opened = await this.#open();
      if (opened.kind === "failed") {
        failures += 1;
        onFirst(opened.attempt);
        if (previous === undefined || !this.#links.has(previous)) this.#report(opened);
        await this.#wait(opened.waitMs ?? this.#backoff(failures));
        continue;
      }
      if (failures > 0) this.#options.log.info({ failures }, "slack_link_is_back");
      const openedAt = clock.now();
      this.#health = { state: "up", detail: "connected" };
      onFirst("up");
      if (previous !== undefined) this.#retire(previous);
      previous = opened.link;
      const why = await Promise.race([opened.link.ended, stopped(this.#stopping.signal)]);
      const wasBrief = clock.now() - openedAt < timings.steadyMs;
      failures = wasBrief ? failures + 1 : 0;
      if (why === "closed") {
        this.#options.log.info({}, "slack_link_was_lost");
        await this.#wait(this.#backoff(failures));
      } else if (why === "rotate" && wasBrief) {
        // A server that sends every new link away at once is not asked in a hurry; the old link serves on meanwhile.
        await this.#wait(this.#backoff(failures));
      } else if (why === "disabled") {
        this.#health = {
          state: "unauthorised",
          detail: "Socket Mode is switched off in the Slack app's settings",
        };
        await this.#wait(this.#options.timings.refusedMs);
      }
    }
    onFirst("later");
  }

  async #open(): Promise<{ readonly kind: "open"; readonly link: SocketLink } | Failed> {
    const { appToken, apiUrl, timings, log, wayOut } = this.#options;
    try {
      const link = await openSocketLink({
        appToken,
        apiUrl,
        log,
        timings,
        wayOut,
        signal: this.#stopping.signal,
        onEnvelope: (envelope) => this.#receive(envelope),
      });
      if (this.#stopping.signal.aborted) {
        await link.close();
        return { kind: "failed", attempt: "later", detail: "stopping", waitMs: 0 };
      }
      this.#links.add(link);
      void link.closed.then(() => this.#gone(link));
      return { kind: "open", link };
    } catch (error) {
      return this.#failed(error);
    }
  }

  #gone(link: SocketLink): void {
    this.#links.delete(link);
    if (this.#links.size === 0 && this.#health.state === "up")
      this.#health = { state: "connecting", detail: "the link to Slack was lost" };
  }

  #failed(error: unknown): Failed {
    if (error instanceof HelloMissing)
      return { kind: "failed", attempt: "later", detail: error.message, waitMs: undefined };
    const fault = faultOf(error instanceof Error ? (error.cause ?? error) : error);
    if (fault.kind === "auth") {
      const detail = `Slack does not accept the app-level token (SLACK_APP_TOKEN): ${fault.reason}. It starts with xapp- and needs the scope ${slackAppScopes.join(", ")}.`;
      return { kind: "failed", attempt: "unauthorised", detail, waitMs: this.#options.timings.refusedMs };
    }
    const waitMs = fault.kind === "later" && fault.afterMs > 5_000 ? fault.afterMs : undefined;
    return { kind: "failed", attempt: "later", detail: fault.reason, waitMs };
  }

  #report(failed: Failed): void {
    const state = failed.attempt === "unauthorised" ? "unauthorised" : "connecting";
    const changed = this.#health.detail !== failed.detail;
    this.#health = { state, detail: failed.detail };
    if (changed && !this.#stopping.signal.aborted)
      this.#options.log.warn({ detail: failed.detail }, "slack_link_failed");
  }

  /** Full jitter below a capped exponential, so that many bots do not come back in step; milliseconds. */
  #backoff(failures: number): number {
    const { backoffFirstMs, backoffCapMs } = this.#options.timings;
    const ceiling = Math.min(backoffCapMs, backoffFirstMs * 2 ** Math.min(failures, 20));
    return ceiling * (0.5 + Math.random() / 2);
  }

  #wait(ms: number): Promise<void> {
    return wait(ms, this.#stopping.signal, this.#options.timers);
  }

  /** The old link of a rotation stays until what came by it is answered. */
  #retire(link: SocketLink): void {
    if (!this.#links.has(link)) return;
    const { timings, timers } = this.#options;
    const answered = settledWithin(Promise.allSettled(this.#running), timings.drainMs, timers);
    void answered.then(() => link.close());
  }

  #receive(envelope: Envelope): void {
    const { clock, log } = this.#options;
    if (this.#stopping.signal.aborted || this.#app === undefined) return;
    if (!this.#seen.first(envelope.envelopeId, clock.now())) {
      envelope.ack().catch(() => undefined);
      return;
    }
    if (this.#running.size >= mostRunning) {
      log.warn({ running: this.#running.size }, "slack_envelope_refused");
      return;
    }
    const work = this.#dispatch(this.#app, envelope).finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  async #dispatch(app: App, envelope: Envelope): Promise<void> {
    const { clock, log } = this.#options;
    const arrived = clock.now();
    try {
      await app.processEvent({
        body: envelope.body,
        ack: async (response?: unknown) => {
          await envelope.ack(response).catch((error: unknown) => {
            log.warn({ err: error, type: envelope.type }, "slack_ack_was_not_sent");
          });
          const tookMs = clock.now() - arrived;
          if (tookMs > 2_000) log.warn({ tookMs, type: envelope.type }, "slack_ack_was_late");
        },
        ...(envelope.retryNum === undefined ? {} : { retryNum: envelope.retryNum }),
        ...(envelope.retryReason === undefined ? {} : { retryReason: envelope.retryReason }),
      });
    } catch (error) {
      log.error({ err: error, type: envelope.type }, "slack_listener_failed");
    }
  }
}

/** Commands answered at the same time; what comes beyond is not acknowledged, and Slack brings events again. */
const mostRunning = 200;

interface Failed {
  readonly kind: "failed";
  readonly attempt: "later" | "unauthorised";
  readonly detail: string;
  readonly waitMs: number | undefined;
}

function stopped(signal: AbortSignal): Promise<"stopped"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("stopped");
    signal.addEventListener("abort", () => resolve("stopped"), { once: true });
  });
}
