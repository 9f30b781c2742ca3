import { z } from "zod";

import type { Clock } from "../../lib/clock.js";
import { shortHash } from "../../lib/short-hash.js";
import type { Timer, Timers } from "../../lib/timers.js";
import type { Message } from "../../message/message.js";
import type { ApiAnswer, DingTalkApi } from "./dingtalk-api.js";
import type { CardVariable } from "./card-template.js";
import type { DingTalkFault } from "./dingtalk-fault.js";
import { dingtalkLimits } from "./dingtalk-limits.js";
import type { Governor } from "./governor.js";
import { renderMarkdown } from "./render-markdown.js";

/** The live card of each run: made once however often it is tried, brought up to date at most once a minute and at once after a click, always with the newest state. */
export interface RunCards {
  /** `refused`: this card cannot be shown here; an ordinary message can. */
  create(card: NewCard): Promise<Created>;
  update(card: { readonly id: string; readonly message: Message }): Promise<Updated>;
  /** The newest chart, a media id, goes along with the next update, or makes one of its own. */
  show(id: string, chart: string): void;
  /** Somebody pressed a button of it: what comes of that is shown at once. */
  pressed(id: string): void;
  /** What waits for its minute is shown now: whoever comes next takes it for shown. */
  stop(): void;
}

export interface NewCard {
  readonly place: string;
  readonly entryId: string;
  readonly message: Message;
  readonly tag: string;
  /** User ids that the card's arrival mentions. */
  readonly mention: readonly string[];
}

export type Created =
  | { readonly kind: "created"; readonly id: string; readonly carrier: string | undefined }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "fault"; readonly fault: DingTalkFault };

export type Updated = { readonly kind: "taken" } | { readonly kind: "gone" };

export interface RunCardParts {
  readonly api: DingTalkApi;
  readonly governor: Governor;
  readonly clock: Clock;
  readonly robotCode: string;
  readonly templateId: string;
  readonly timers: Timers;
  readonly everyMs: number;
  readonly onFailure: (reason: string) => void;
  /** Goes on by itself; a stop waits for it. */
  aside(work: Promise<void>): void;
}

const prefix = "tb-";

/** Whether a message of ours is a card. */
export function isCard(id: string): boolean {
  return id.startsWith(prefix);
}

/** When a card was last brought up to date, and what it shows next. */
interface Held {
  at: number;
  timer: Timer | undefined;
  next: Message | undefined;
  chart: string | undefined;
}

export function createRunCards(parts: RunCardParts): RunCards {
  const { api, clock, everyMs } = parts;
  const cards = new Map<string, Held>();
  const put = async (id: string, { next, chart }: Pick<Held, "next" | "chart">): Promise<ApiAnswer> => {
    const critical = next?.tone === "critical";
    if (!(await parts.governor.allows({ what: "card-update", critical })))
      return { ok: true, body: undefined };
    return api.call("PUT", "/v1.0/card/instances", {
      outTrackId: id,
      cardData: { cardParamMap: { ...(next === undefined ? {} : wordsOn(next)), ...pictureOn(chart) } },
      cardUpdateOptions: { updateCardDataByKey: true },
    });
  };
  const later = (id: string): void => {
    const card = cards.get(id);
    if (card === undefined) return;
    card.timer = undefined;
    card.at = clock.now();
    const update = put(id, card).then((answer) => {
      if (!answer.ok) failed(id, card, answer.fault);
    });
    parts.aside(update);
  };
  /** What may come through another time is tried again with what is newest then. */
  const failed = (id: string, card: Held, { kind, reason }: DingTalkFault): void => {
    parts.onFailure(reason);
    if ((kind === "later" || kind === "unclear") && cards.get(id) === card) waits(id, card);
  };
  const held = (id: string): Held => {
    const card = cards.get(id) ?? {
      ...{ at: Number.NEGATIVE_INFINITY, timer: undefined, next: undefined, chart: undefined },
    };
    cards.delete(id);
    cards.set(id, card);
    const oldest = cards.size > 2_000 ? cards.keys().next().value : undefined;
    if (oldest !== undefined) cards.delete(oldest);
    return card;
  };
  /** Too soon after the last update: a timer brings what will then be newest. */
  const waits = (id: string, card: Held): boolean => {
    const waitMs = card.at + everyMs - clock.now();
    if (card.at === Number.NEGATIVE_INFINITY) {
      card.timer?.cancel();
      card.timer = undefined;
    }
    if (card.timer === undefined && waitMs > 0) {
      card.timer = parts.timers.after(waitMs, () => later(id));
    }
    return card.timer !== undefined;
  };
  return {
    async create({ place, entryId, message, tag, mention }) {
      const id = prefix + shortHash(`${place}\n${entryId}`, 40);
      const answer = await api.call(
        "POST",
        "/v1.0/card/instances/createAndDeliver",
        bodyOf(parts, { id, place, message, tag, mention }),
      );
      if (!answer.ok && answer.fault.kind === "exists") {
        // An earlier try had won, or its answer was lost: what it shows is made current.
        const current = await put(id, { next: message, chart: undefined });
        return current.ok
          ? { kind: "created", id, carrier: undefined }
          : { kind: "fault", fault: current.fault };
      }
      if (!answer.ok) {
        const { fault } = answer;
        return fault.kind === "refused" || fault.kind === "content"
          ? { kind: "refused", reason: fault.reason }
          : { kind: "fault", fault };
      }
      const result = delivered.safeParse(answer.body);
      const [first] = result.success ? result.data.result.deliverResults : [];
      if (first?.success !== true)
        return { kind: "refused", reason: `the card was not delivered: ${first?.errorMsg ?? "no result"}` };
      cards.set(id, { at: clock.now(), timer: undefined, next: message, chart: undefined });
      return { kind: "created", id, carrier: first.carrierId };
    },
    async update({ id, message }) {
      const card = held(id);
      card.next = message;
      if (waits(id, card)) return { kind: "taken" };
      card.at = clock.now();
      const answer = await put(id, card);
      if (!answer.ok && answer.fault.kind === "gone") return { kind: "gone" };
      if (!answer.ok) failed(id, card, answer.fault);
      return { kind: "taken" };
    },
    show(id, chart) {
      const card = held(id);
      card.chart = chart;
      if (!waits(id, card)) later(id);
    },
    pressed(id) {
      held(id).at = Number.NEGATIVE_INFINITY;
    },
    stop() {
      for (const [id, { timer }] of cards) {
        timer?.cancel();
        if (timer !== undefined) later(id);
      }
      cards.clear();
    },
  };
}

function bodyOf(
  { templateId, robotCode }: RunCardParts,
  { id, place, message, tag, mention }: Omit<NewCard, "entryId"> & { readonly id: string },
): object {
  const { title } = renderMarkdown(message);
  return {
    cardTemplateId: templateId,
    outTrackId: id,
    callbackType: "STREAM",
    cardData: { cardParamMap: { ...wordsOn(message), ...pictureOn(""), tag } },
    openSpaceId: `dtv1.card//IM_GROUP.${place}`,
    userIdType: 1,
    imGroupOpenSpaceModel: {
      supportForward: true,
      lastMessageI18n: { ZH_CN: title, EN_US: title },
      notification: { alertContent: title, notificationOff: false },
    },
    imGroupOpenDeliverModel: {
      robotCode,
      // Names are looked up by DingTalk; what we know of a person is the id.
      ...(mention.length === 0 ? {} : { atUserIds: Object.fromEntries(mention.map((id) => [id, id])) }),
    },
  };
}

/** The template's variables of words: every value is a string of at most 1 KB, so tables have one of their own. */
function wordsOn(message: Message): Readonly<Record<Exclude<CardVariable, "chart" | "tag">, string>> {
  const tables = message.blocks.filter(({ kind }) => kind === "table");
  const rest = message.blocks.filter(({ kind }) => kind !== "table");
  return {
    title: renderMarkdown(message).title,
    severity: message.tone,
    body: withoutHead({ ...message, blocks: rest }),
    metrics: withoutHead({ ...message, blocks: tables }),
  };
}

/** A media id is shown by a card's image component; card markdown shows addresses of the web alone. */
function pictureOn(chart: string | undefined): Readonly<Partial<Record<CardVariable, string>>> {
  return chart === undefined ? {} : { chart };
}

/** The headline stands above, in the card's header. */
function withoutHead(message: Message): string {
  const room = dingtalkLimits.cardValueBytes - 200;
  const { text } = renderMarkdown({ ...message, headline: "" }, { room: { points: room, bytes: room } });
  return text.split("\n\n").slice(1).join("\n\n");
}

const delivered = z.object({
  result: z.object({
    deliverResults: z.array(
      z.object({
        success: z.boolean(),
        carrierId: z.string().min(1).optional().catch(undefined),
        errorMsg: z.string().optional().catch(undefined),
      }),
    ),
  }),
});
