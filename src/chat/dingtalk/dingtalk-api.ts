import type { Clock } from "../../lib/clock.js";
import type { DingTalkOptions } from "./dingtalk-config.js";
import { apiFault, type DingTalkFault, oapiFault, type RawAnswer } from "./dingtalk-fault.js";
import type { DingTalkTimings } from "./dingtalk-timings.js";
import type { WayOut } from "../way-out.js";
import { httpCall } from "./http-call.js";
import { createTokenCache } from "./token-cache.js";

export type ApiAnswer =
  { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly fault: DingTalkFault };

/** DingTalk's API with the app's token: an old token is renewed once, a ban rests every call, success is read from the body. */
export interface DingTalkApi {
  call(method: "GET" | "POST" | "PUT", path: string, body?: object): Promise<ApiAnswer>;
  /** An upload to the old API, multipart. */
  upload(path: string, form: () => FormData): Promise<ApiAnswer>;
  /** Proves the credentials. */
  token(): Promise<DingTalkFault | undefined>;
}

export interface ApiParts {
  readonly options: DingTalkOptions;
  readonly timings: DingTalkTimings;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  readonly wayOut: WayOut;
  /** What counts against the month's quota is counted before it is sent and given back where it was free: refusals for pace or token. */
  readonly counter: { spend(): Promise<void>; giveBack(): Promise<void> };
}

export function createDingTalkApi({
  options,
  timings,
  clock,
  stopping,
  wayOut,
  counter,
}: ApiParts): DingTalkApi {
  const { apiUrl, oapiUrl, clientId, clientSecret } = options;
  const tokens = createTokenCache(clock, () =>
    httpCall({
      method: "POST",
      url: `${apiUrl}/v1.0/oauth2/accessToken`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ appKey: clientId, appSecret: clientSecret.reveal() }),
      timeoutMs: timings.callMs,
      stopping,
      wayOut,
    }),
  );
  let bannedUntil = 0;
  const rest = ({ reason }: DingTalkFault): ApiAnswer => {
    bannedUntil = clock.now() + timings.banMs;
    return refused({ kind: "later", afterMs: timings.banMs, reason });
  };
  const withToken = async (
    attempt: (token: string) => Promise<RawAnswer>,
    faultOf: (answer: RawAnswer) => DingTalkFault | undefined,
  ): Promise<ApiAnswer> => {
    for (let renewed = false; ; renewed = true) {
      const resting = bannedUntil - clock.now();
      if (resting > 0)
        return refused({ kind: "later", afterMs: resting, reason: "DingTalk blocks this address" });
      const granted = await tokens.get();
      if (granted.kind === "fault") {
        return granted.fault.kind === "banned" ? rest(granted.fault) : refused(granted.fault);
      }
      await counter.spend();
      const answer = await attempt(granted.token);
      const fault = faultOf(answer);
      if (isFree(answer, fault)) await counter.giveBack();
      if (fault === undefined) return { ok: true, body: answer.kind === "answer" ? answer.body : undefined };
      if (fault.kind === "banned") return rest(fault);
      if (fault.kind !== "token") return refused(fault);
      tokens.drop(granted.token);
      if (renewed) return refused({ kind: "auth", reason: `${fault.reason}; a fresh token was refused too` });
    }
  };
  return {
    call: (method, path, body) =>
      withToken(
        (token) =>
          httpCall({
            method,
            url: `${apiUrl}${path}`,
            headers: { "content-type": "application/json", "x-acs-dingtalk-access-token": token },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            timeoutMs: timings.callMs,
            stopping,
            wayOut,
          }),
        apiFault,
      ),
    upload: (path, form) =>
      withToken(
        (token) =>
          httpCall({
            method: "POST",
            url: `${oapiUrl}${path}&access_token=${encodeURIComponent(token)}`,
            body: form(),
            timeoutMs: timings.uploadMs,
            stopping,
            wayOut,
          }),
        oapiFault,
      ),
    async token() {
      const granted = await tokens.get();
      return granted.kind === "fault" ? granted.fault : undefined;
    },
  };
}

/** Nobody counts a call that was throttled, or that never left this machine. */
function isFree(answer: RawAnswer, fault: DingTalkFault | undefined): boolean {
  return (answer.kind === "failed" && !answer.sent) || (fault !== undefined && freeFaults.has(fault.kind));
}

const freeFaults: ReadonlySet<DingTalkFault["kind"]> = new Set(["later", "banned", "token", "quota"]);

function refused(fault: DingTalkFault): ApiAnswer {
  return { ok: false, fault };
}
