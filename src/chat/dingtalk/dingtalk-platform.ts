import type { CommandRequest, Reply } from "../../commands/command.js";
import type { MonthQuota } from "../../commands/context.js";
import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import type { Locale } from "../../lib/locale.js";
import type { MessageRef, Post } from "../../message/post.js";
import type { Capabilities, ChatPlatform, DeliveryOutcome, PlatformHealth } from "../platform.js";
import { systemTimers, type Timers } from "../../lib/timers.js";
import { createWayOut, type WayOut } from "../way-out.js";
import type { DingWay } from "./ding-people.js";
import { createConversations } from "./conversations.js";
import { answerInDingTalk } from "./dingtalk-answer.js";
import { createDingTalkApi } from "./dingtalk-api.js";
import type { DingTalkOptions } from "./dingtalk-config.js";
import { type Budget, freeBudget } from "./budget.js";
import { createGovernor } from "./governor.js";
import { monthQuota, quotaWarning } from "./quota-message.js";
import { createMemoryQuotaStore, type QuotaKind, type QuotaStore } from "./quota-store.js";
import { renderMarkdown } from "./render-markdown.js";
import { type DeliverParts, deliverToDingTalk, sendToGroup } from "./dingtalk-deliver.js";
import { readRobotMessage, type Spoken } from "./dingtalk-inbound.js";
import { type DingTalkTimings, dingtalkTimings } from "./dingtalk-timings.js";
import { createRecentMarks, type MarkStore } from "./mark-store.js";
import { readCardClick } from "./card-click.js";
import { createRunCards } from "./run-cards.js";
import { createRecent } from "../../lib/recent.js";
import { createSaidOnce } from "../../lib/said-once.js";
import { type StreamFrame, streamTopics } from "./stream-frame.js";
import type { StreamLine } from "./stream-line.js";
import { StreamLink } from "./stream-link.js";
import { createUnsure } from "./unsure.js";
import { createMediaShelf } from "./upload-media.js";
import { insist, pauseOf } from "./insist.js";
import { settledWithin } from "../../lib/within.js";

export interface DingTalkPlatformOptions extends DingTalkOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly timings?: Partial<DingTalkTimings>;
  /** What reconnecting waits by; the system's where left out. */
  readonly timers?: Timers;
  /** Where quoted messages are looked up; in memory where left out. */
  readonly marks?: MarkStore;
  /** Where the month's quota is counted; in memory where left out. */
  readonly quota?: QuotaStore;
  readonly budget?: Budget;
  /** The group that is told when the quota runs low. */
  readonly home?: string;
  readonly locale?: Locale;
  /** A card template of the organisation's: each run then has a live card. */
  readonly cardTemplateId?: string;
  /** False where links that say a command do not reach the robot. */
  readonly commandLinks?: boolean;
  /** How people are pressed who left a critical alert without an answer; refused where left out. */
  readonly ding?: DingWay;
  /** Another way for what is not critical, once the quota is nearly used up. */
  readonly overflow?: (post: Post) => Promise<DeliveryOutcome>;
}

/** Credentials that DingTalk refuses: nothing will work until a person changes them. The message is the sentence to show. */
export class DingTalkRefused extends Error {
  readonly kind = "unauthorised";
}

/** The DingTalk app: commands by Stream mode, messages by the robot's API. `start` rejects with DingTalkRefused on refused credentials, and with nothing else. */
export function createDingTalkPlatform(options: DingTalkPlatformOptions): ChatPlatform {
  return new DingTalkPlatform(options);
}

type OnCommand = (request: CommandRequest) => Promise<Reply>;

class DingTalkPlatform implements ChatPlatform {
  readonly name = "dingtalk";
  readonly capabilities: Capabilities;
  readonly #options: DingTalkPlatformOptions;
  readonly #timings: DingTalkTimings;
  readonly #parts: DeliverParts;
  readonly #wayOut: WayOut;
  readonly #link: StreamLink;
  readonly #recent = createRecent();
  readonly #leaving = new AbortController();
  readonly #cutting = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #onCommand: OnCommand | undefined;
  #refusal: string | undefined;

  constructor(options: DingTalkPlatformOptions) {
    const { log, clock, robotCode } = options;
    this.#options = options;
    this.#wayOut = createWayOut(options.proxies);
    this.capabilities = {
      threads: true,
      edit: options.cardTemplateId === undefined ? false : "roots",
      pictures: "with-post",
      column: "phone",
      metered: true,
      inbound: true,
      // A card has buttons.
      speakingLinks: options.cardTemplateId === undefined && options.commandLinks !== false,
      find: false,
    };
    this.#timings = { ...dingtalkTimings, ...options.timings };
    const said = createSaidOnce(log, "dingtalk");
    const governor = createGovernor({
      store: options.quota ?? createMemoryQuotaStore(),
      budget: options.budget ?? freeBudget,
      clock,
      onWarning: (kind, percent) => this.#warn(kind, percent),
      onStoreFailure: (reason) => said.bad("quota store", reason),
    });
    const api = createDingTalkApi({
      counter: { spend: () => governor.spend("api"), giveBack: () => governor.giveBack("api") },
      options,
      timings: this.#timings,
      clock,
      stopping: this.#cutting.signal,
      wayOut: this.#wayOut,
    });
    this.#parts = {
      api,
      robotCode,
      clock,
      said,
      governor,
      overflow: options.overflow,
      ding: options.ding,
      cards:
        options.cardTemplateId === undefined
          ? undefined
          : createRunCards({
              api,
              governor,
              clock,
              robotCode,
              templateId: options.cardTemplateId,
              timers: options.timers ?? systemTimers,
              everyMs: this.#timings.cardEveryMs,
              onFailure: (reason) => said.bad("cards", reason),
              aside: (work) => this.#run(work),
            }),
      media: createMediaShelf(api, (reason) => said.bad("pictures", reason)),
      conversations: createConversations(options.marks ?? createRecentMarks(), clock),
      unsure: createUnsure((entry) => log.warn({ entry }, "dingtalk_maybe_sent")),
      onAuth: (reason) => this.#refused(reason),
      aside: (work) => this.#run(work),
    };
    this.#link = new StreamLink({
      options,
      timings: this.#timings,
      log,
      clock,
      wayOut: this.#wayOut,
      timers: options.timers ?? systemTimers,
      onFrame: (line, frame) => this.#frame(line, frame),
    });
  }

  async start(onCommand: OnCommand): Promise<void> {
    this.#onCommand = onCommand;
    const fault = await this.#parts.api.token();
    if (fault?.kind === "auth") {
      this.#refusal = fault.reason;
      throw new DingTalkRefused(`DingTalk does not accept the app's credentials: ${fault.reason}`);
    }
    await this.#link.start();
  }

  deliver: ChatPlatform["deliver"] = async (post, to) => {
    const outcome = await deliverToDingTalk(this.#parts, post, to);
    if (outcome.kind === "delivered") this.#refusal = undefined;
    return outcome;
  };

  quota = async (): Promise<MonthQuota> => monthQuota(await this.#parts.governor.standing());

  health(): PlatformHealth {
    const link = this.#link.health();
    if (link.state === "down" || this.#refusal === undefined) return link;
    return { state: "unauthorised", detail: this.#refusal };
  }

  async stop(): Promise<void> {
    this.#onCommand = undefined;
    this.#leaving.abort();
    this.#link.stop();
    this.#parts.cards?.stop();
    await settledWithin(Promise.all(this.#running), this.#timings.drainMs);
    this.#cutting.abort();
  }

  /**
   * Robot messages are acknowledged first: nothing that happens here may make the server say them again. So a frame is
   * the one thing counted beside its work instead of before: waiting for the store would let a slow store miss the
   * acknowledgement's two seconds, and each repeat would cost the quota again. A crash between the two leaves at most
   * the frames of that moment uncounted.
   */
  #frame(line: StreamLine, frame: StreamFrame & { readonly messageId: string }): void {
    const clicked = frame.topic === streamTopics.card;
    void this.#parts.governor.spend("webhookStream");
    line.acknowledge(frame.messageId, 200, { response: clicked ? {} : null });
    if (clicked) {
      if (this.#recent.first(frame.messageId, this.#options.clock.now()))
        this.#run(this.#click(frame.content));
      return;
    }
    const heard = readRobotMessage(frame.content, this.#options.corpId);
    if (heard.kind === "quota")
      this.#parts.said.bad("quota", "the month's messages of the organisation are used up");
    if (heard.kind !== "spoken" || !this.#recent.first(heard.spoken.id, this.#options.clock.now())) return;
    this.#run(this.#hear(heard.spoken));
  }

  /** Whatever is going on; a stop waits for it. */
  #run(command: Promise<void>): void {
    const work = command.catch((error: unknown) => {
      this.#options.log.error({ err: error }, "dingtalk_command_failed");
    });
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  /** A click is a command in the card's conversation; what it changes is shown to everybody by the card's next update. */
  async #click(content: string): Promise<void> {
    const onCommand = this.#onCommand;
    const { conversations } = this.#parts;
    const click = readCardClick(content, this.#options.corpId ?? (await conversations.homeCorp()));
    const place = click === undefined ? undefined : await conversations.placeOf(click.card);
    if (onCommand === undefined || click === undefined || place === undefined) return;
    const { actor, card, text } = click;
    const thread = { channel: place, id: card };
    if (actor.kind === "member") this.#parts.cards?.pressed(card);
    const reply = await onCommand({
      actor,
      place: { platform: "dingtalk", address: place },
      thread,
      direct: false,
      text,
    });
    const spoken: Spoken = {
      ...{ id: card, conversation: place, direct: false, actor, text },
      ...{ staffId: undefined, quote: undefined, session: undefined, homeCorp: undefined },
    };
    await this.#answer({ spoken, thread }, reply);
  }

  async #hear(spoken: Spoken): Promise<void> {
    const onCommand = this.#onCommand;
    if (onCommand === undefined) return;
    if (spoken.homeCorp !== undefined) await this.#parts.conversations.learnHomeCorp(spoken.homeCorp);
    const { conversation, direct, text, actor, quote } = spoken;
    const meant =
      quote === undefined
        ? undefined
        : await this.#parts.conversations.meant({ place: conversation, ...quote });
    const reply = await onCommand({
      actor,
      place: { platform: "dingtalk", address: conversation },
      ...meant,
      direct,
      text,
    });
    await this.#answer({ spoken, thread: meant?.thread }, reply);
  }

  #answer(
    to: { readonly spoken: Spoken; readonly thread: MessageRef | undefined },
    reply: Reply,
  ): Promise<void> {
    const { log, clock, oapiUrl, timers = systemTimers } = this.#options;
    const parts = { ...this.#parts, oapiUrl, wayOut: this.#wayOut, timings: this.#timings, clock, log };
    return answerInDingTalk({ ...parts, timers, leaving: this.#leaving.signal }, to, reply);
  }

  #warn(kind: QuotaKind, percent: 80 | 95): void {
    const { log, home, timers, locale = "en" } = this.#options;
    log.warn({ kind, percent }, "dingtalk_quota");
    if (home === undefined) return;
    const words = renderMarkdown(quotaWarning(kind, percent, locale));
    const send = async () => pauseOf(await sendToGroup(this.#parts, home, words));
    insist(send, { signal: this.#cutting.signal, log, timers });
  }

  #refused(sentence: string): void {
    if (this.#refusal !== sentence) this.#options.log.error({ detail: sentence }, "dingtalk_refused");
    this.#refusal = sentence;
  }
}
