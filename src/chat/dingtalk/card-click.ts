import { z } from "zod";

import type { Actor } from "../../commands/command.js";
import { jsonOf } from "./stream-frame.js";

/** A button that somebody pressed on a run's card. */
export interface CardClick {
  readonly card: string;
  readonly actor: Actor;
  /** The command that the button stands for. */
  readonly text: string;
}

/** What a card's buttons may say, by their action; anything else is no command. */
export const cardCommands = {
  ack: "ack",
  mute: "mute 2h",
  mute_1h: "mute 1h",
  unmute: "unmute",
  chart: "chart",
  status: "status",
} as const;

const commands: Readonly<Record<string, string>> = cardCommands;

/** A click from a frame's payload. Who pressed is judged as whoever writes is: only a member of the home organisation changes anything. */
export function readCardClick(content: string, homeCorp: string | undefined): CardClick | undefined {
  const parsed = callback.safeParse(jsonOf(content));
  if (!parsed.success) return undefined;
  const { outTrackId, userId, corpId } = parsed.data;
  const text = actionsOf(parsed.data)
    .map((action) => commands[action])
    .find((command) => command !== undefined);
  if (text === undefined) return undefined;
  const home = userId !== undefined && corpId !== undefined && corpId === homeCorp;
  const actor: Actor = {
    platform: "dingtalk",
    id: userId ?? "unknown",
    name: "",
    kind: home ? "member" : "stranger",
  };
  return { card: outTrackId, actor, text };
}

const short = z.string().min(1).max(200);

const callback = z.object({
  outTrackId: short,
  userId: short.optional().catch(undefined),
  corpId: short.optional().catch(undefined),
  // Two pages of the documentation name it differently.
  content: z.string().max(20_000).optional().catch(undefined),
  value: z.string().max(20_000).optional().catch(undefined),
});

const params = z.object({ action: short.optional().catch(undefined) });

const inner = z.object({
  cardPrivateData: z
    .object({
      actionIds: z.array(short).max(10).optional().catch(undefined),
      params: params.optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  params: params.optional().catch(undefined),
});

function actionsOf({ content, value }: z.infer<typeof callback>): readonly string[] {
  const parsed = inner.safeParse(jsonOf(content ?? value ?? ""));
  if (!parsed.success) return [];
  const { cardPrivateData, params: beside } = parsed.data;
  return [cardPrivateData?.params?.action, beside?.action, ...(cardPrivateData?.actionIds ?? [])].filter(
    (action) => action !== undefined,
  );
}
