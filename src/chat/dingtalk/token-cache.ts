import { z } from "zod";

import type { Clock } from "../../lib/clock.js";
import { apiFault, type DingTalkFault, type RawAnswer } from "./dingtalk-fault.js";

export type TokenResult =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "fault"; readonly fault: DingTalkFault };

/** The app's access token: asked for once by however many calls wait, renewed five minutes before its end. */
export interface TokenCache {
  get(): Promise<TokenResult>;
  /** DingTalk refused this token; a newer one stays. */
  drop(token: string): void;
}

const earlyMs = 300_000;

export function createTokenCache(clock: Clock, ask: () => Promise<RawAnswer>): TokenCache {
  let held: { readonly token: string; readonly until: number } | undefined;
  let asking: Promise<TokenResult> | undefined;
  const renew = async (): Promise<TokenResult> => {
    const answer = await ask();
    const fault = apiFault(answer);
    if (fault !== undefined) return { kind: "fault", fault: asTokenFault(fault) };
    const parsed = granted.safeParse(answer.kind === "answer" ? answer.body : undefined);
    if (!parsed.success) {
      return {
        kind: "fault",
        fault: { kind: "later", afterMs: 10_000, reason: "the token's answer was not DingTalk's" },
      };
    }
    const { accessToken, expireIn } = parsed.data;
    held = { token: accessToken, until: clock.now() + Math.max(expireIn * 1_000 - earlyMs, 1_000) };
    return { kind: "token", token: accessToken };
  };
  return {
    async get() {
      if (held !== undefined && clock.now() < held.until) return { kind: "token", token: held.token };
      asking ??= renew().finally(() => (asking = undefined));
      return asking;
    },
    drop(token) {
      if (held?.token === token) held = undefined;
    },
  };
}

const granted = z.object({ accessToken: z.string().min(1), expireIn: z.number().positive() });

/** Asking for a token changes nothing, so a lost answer is no riddle; a refusal is about the credentials. */
function asTokenFault(fault: DingTalkFault): DingTalkFault {
  if (fault.kind === "unclear") return { kind: "later", afterMs: 5_000, reason: fault.reason };
  if (fault.kind === "refused" || fault.kind === "token") return { kind: "auth", reason: fault.reason };
  return fault;
}
