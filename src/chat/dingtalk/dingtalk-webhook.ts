import type { Clock } from "../../lib/clock.js";
import type { Locale } from "../../lib/locale.js";
import type { Log } from "../../lib/log.js";
import { shortHash } from "../../lib/short-hash.js";
import type { Destination } from "../../message/destination.js";
import type { Inline, Message } from "../../message/message.js";
import type { Post } from "../../message/post.js";
import type { ChatPlatform, DeliveryOutcome, PlatformHealth } from "../platform.js";
import { createWayOut, type WayOut } from "../way-out.js";
import { type Budget, freeBudget, quotaMonth } from "./budget.js";
import type { DingTalkWebhookOptions } from "./dingtalk-config.js";
import { wordsOf } from "./dingtalk-deliver.js";
import { type DingTalkFault, oapiFault } from "./dingtalk-fault.js";
import { type DingTalkTimings, dingtalkTimings } from "./dingtalk-timings.js";
import { httpCall } from "./http-call.js";
import { createGovernor, type Governor } from "./governor.js";
import { mentionedPeople } from "./mentioned-people.js";
import type { Timers } from "../../lib/timers.js";
import { createPace, type Pace } from "../../lib/pace.js";
import { insist } from "./insist.js";
import { quotaWarning } from "./quota-message.js";
import { createMemoryQuotaStore, type QuotaKind, type QuotaStore } from "./quota-store.js";
import { renderMarkdown } from "./render-markdown.js";
import { signedAddress } from "./webhook-sign.js";

export interface DingTalkWebhookPlatformOptions extends DingTalkWebhookOptions {
  /** How destinations call this robot: `dingtalk-webhook:<place>`. */
  readonly place: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly timings?: Partial<DingTalkTimings>;
  /** What a warning that must wait for its turn waits by; the system's where left out. */
  readonly timers?: Timers;
  /** Where the month's quota is counted; in memory where left out. */
  readonly quota?: QuotaStore;
  readonly budget?: Budget;
  readonly locale?: Locale;
}

/** A custom group robot: says, never hears. At most 18 messages a minute, each at most once however often it is tried. */
export function createDingTalkWebhook(options: DingTalkWebhookPlatformOptions): ChatPlatform {
  return new DingTalkWebhook(options);
}

class DingTalkWebhook implements ChatPlatform {
  readonly name = "dingtalk-webhook";
  readonly capabilities = {
    threads: false,
    edit: false,
    pictures: "sketched",
    column: "phone",
    metered: true,
    inbound: false,
    speakingLinks: false,
    find: false,
  } as const;
  readonly #options: DingTalkWebhookPlatformOptions;
  readonly #timings: DingTalkTimings;
  readonly #pace: Pace;
  readonly #wayOut: WayOut;
  readonly #governor: Governor;
  readonly #stopping = new AbortController();
  #started = false;
  #refusal: string | undefined;

  constructor(options: DingTalkWebhookPlatformOptions) {
    this.#options = options;
    this.#wayOut = createWayOut(options.proxies);
    this.#timings = { ...dingtalkTimings, ...options.timings };
    // 2 at once and 16 more a minute: 18 in any minute, of 20 allowed.
    this.#pace = createPace({ burst: 2, everyMs: this.#timings.webhookEveryMs, patienceMs: 0 });
    const { quota, budget, clock, log } = options;
    this.#governor = createGovernor({
      store: quota ?? createMemoryQuotaStore(),
      budget: budget ?? freeBudget,
      clock,
      onWarning: (kind, percent) => this.#warn(kind, percent),
      onStoreFailure: (reason) => log.warn({ reason }, "dingtalk_quota_not_counted"),
    });
  }

  start(): Promise<void> {
    this.#started = true;
    return Promise.resolve();
  }

  deliver = async (post: Post, to: Destination): Promise<DeliveryOutcome> => {
    const { place } = this.#options;
    if (to.address !== place)
      return {
        kind: "rejected",
        reason: `there is no robot called ${JSON.stringify(to.address.slice(0, 60))}`,
      };
    if (post.edits !== undefined) return { kind: "rejected", reason: "a robot's message cannot be edited" };
    if (!(await this.#governor.allows({ what: "robot", critical: post.message.tone === "critical" })))
      return { kind: "rejected", reason: "the month's DingTalk quota is kept for critical alerts" };
    return this.#say(post);
  };

  async #say(post: Post): Promise<DeliveryOutcome> {
    const { place, keyword, clock } = this.#options;
    const instead = post.picture === undefined ? undefined : wordsOf(post.picture);
    const message = withoutTouches(post.message);
    const people = mentionedPeople(message, 50);
    const msgUuid = shortHash(post.entryId, 32);
    const shapes = [
      renderMarkdown(message, { instead, prefix: keyword, mention: (id) => `@${id}` }),
      renderMarkdown(withoutNames(message), { prefix: keyword }),
    ];
    for (const shape of shapes) {
      const at = people.filter((id) => shape.text.includes(`@${id}`));
      const body = { msgtype: "markdown", markdown: shape, at: { atUserIds: at, isAtAll: false }, msgUuid };
      const turn = this.#pace.turn(place, clock.now());
      if (turn.kind === "full")
        return { kind: "retry", afterMs: turn.afterMs, reason: "the robot's pace is used up" };
      const fault = await this.#send(body);
      if (fault?.kind === "content") continue;
      return fault === undefined ? this.#delivered(place, msgUuid) : this.#outcome(fault);
    }
    return { kind: "rejected", reason: "DingTalk refuses the message in every form" };
  }

  health(): PlatformHealth {
    if (!this.#started || this.#stopping.signal.aborted) return { state: "down", detail: "stopped" };
    if (this.#refusal !== undefined) return { state: "unauthorised", detail: this.#refusal };
    return { state: "up", detail: "a custom robot, send-only" };
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    return Promise.resolve();
  }

  /** Signed for this moment; each sending is a turn of the pace, so it is made once, and whoever keeps the lane tries again. */
  async #send(body: object): Promise<DingTalkFault | undefined> {
    const { url, secret, clock } = this.#options;
    await this.#governor.spend("webhookStream");
    const answer = await httpCall({
      method: "POST",
      url: signedAddress(url.reveal(), secret?.reveal(), clock.now()),
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(body),
      timeoutMs: this.#timings.callMs,
      stopping: this.#stopping.signal,
      wayOut: this.#wayOut,
    });
    const fault = oapiFault(answer);
    if (fault !== undefined && fault.kind !== "unclear") await this.#governor.giveBack("webhookStream");
    return fault;
  }

  #warn(kind: QuotaKind, percent: 80 | 95): void {
    const { log, timers, locale = "en" } = this.#options;
    log.warn({ kind, percent }, "dingtalk_quota");
    const month = quotaMonth(this.#options.clock.now());
    const entryId = `quota-${month}-${kind}-${percent}`;
    const send = async (): Promise<number | undefined> => {
      const outcome = await this.#say({ entryId, message: quotaWarning(kind, percent, locale) });
      return outcome.kind === "retry" ? outcome.afterMs : undefined;
    };
    // The burst that used the quota up must not swallow the warning of it.
    insist(send, { signal: this.#stopping.signal, log, timers });
  }

  #delivered(channel: string, id: string): DeliveryOutcome {
    this.#refusal = undefined;
    return { kind: "delivered", ref: { channel, id }, once: true };
  }

  #outcome(fault: DingTalkFault): DeliveryOutcome {
    const { log, clock } = this.#options;
    const { reason } = fault;
    switch (fault.kind) {
      case "later": {
        const tooFast = fault.afterMs >= 600_000;
        const afterMs = tooFast ? this.#timings.webhookHoldMs : fault.afterMs;
        if (tooFast) {
          log.warn({ reason }, "dingtalk_webhook_too_fast");
          this.#pace.hold(this.#options.place, clock.now() + afterMs);
        }
        return { kind: "retry", afterMs, reason };
      }
      case "banned":
        this.#pace.hold(this.#options.place, clock.now() + this.#timings.banMs);
        return { kind: "retry", afterMs: this.#timings.banMs, reason };
      case "unclear":
        // Not a riddle: by its `msgUuid` the robot says it once, however often it is sent.
        return { kind: "retry", afterMs: 3_000, reason };
      case "quota":
        return { kind: "retry", afterMs: 3_600_000, reason };
      case "token":
      case "auth":
        if (this.#refusal !== reason) log.error({ detail: reason }, "dingtalk_webhook_refused");
        this.#refusal = reason;
        return { kind: "retry", afterMs: 300_000, reason };
      case "content":
      case "exists":
      case "gone":
      case "refused":
        return { kind: "rejected", reason };
    }
  }
}

/** Nobody listens behind a custom robot: what is touched there would be said to no one. */
function withoutTouches(message: Message): Message {
  const isTouch = (part: Inline): boolean => typeof part !== "string" && part.kind === "command";
  const blocks = message.blocks.filter(
    (block) => !((block.kind === "text" || block.kind === "note") && block.content.some(isTouch)),
  );
  return { ...message, blocks };
}

function withoutNames({ tone }: Message): Message {
  return {
    tone,
    headline: `TensorBell · ${tone}`,
    blocks: [
      {
        kind: "text",
        content: ["DingTalk 拒绝了这条消息的文字。DingTalk refused the words of this message."],
      },
    ],
  };
}
