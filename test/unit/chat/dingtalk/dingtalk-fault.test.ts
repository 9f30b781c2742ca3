import { describe, expect, it } from "vitest";
import {
  apiFault,
  type DingTalkFault,
  oapiFault,
  type RawAnswer,
} from "../../../../src/chat/dingtalk/dingtalk-fault.js";

const answer = (status: number, body: unknown): RawAnswer => ({ kind: "answer", status, body });
const kindOf = (fault: DingTalkFault | undefined): string =>
  fault === undefined ? "success" : fault.kind === "later" ? `later ${fault.afterMs}` : fault.kind;
const denied = (last: string): string => `Forbidden.AccessDenied.${last}`;

describe("an answer of the v1.0 API", () => {
  it.each<[string, number, unknown, string]>([
    ["an object with a success status", 200, { processQueryKey: "k" }, "success"],
    ["a page of a proxy with a success status", 200, undefined, "unclear"],
    ["this address is blocked, whatever the status", 200, { status: 1111, wait: 5, source: "x5" }, "banned"],
    ["pace of the app a second", 403, { code: denied("QpsLimitForAppkeyAndApi") }, "later 1500"],
    ["pace of the app a minute", 403, { code: denied("QpmLimitForAppkeyAndApi") }, "later 60000"],
    ["pace of the whole API", 403, { code: denied("QpsLimitForApi") }, "later 2000"],
    ["the month is used up", 403, { code: denied("ApiCountLimitForOrg") }, "quota"],
    ["an address not on the list", 403, { code: denied("IpNotInWhiteList") }, "auth"],
    ["a permission is missing", 403, { code: denied("AccessTokenPermissionDenied") }, "auth"],
    ["an old token", 400, { code: "InvalidAuthentication" }, "token"],
    ["no token", 401, undefined, "token"],
    ["wrong credentials", 400, { code: "invalidClientIdOrSecret" }, "auth"],
    ["too many requests", 429, undefined, "later 2000"],
    ["nobody knows whether it was sent", 400, { code: "unknown.send.result" }, "unclear"],
    ["a busy card server", 500, { code: "system.busy" }, "unclear"],
    ["the gateway timed out after three seconds", 504, undefined, "unclear"],
    ["the server is away, and took nothing up", 503, { code: "ServiceUnavailable" }, "later 5000"],
    ["a door without a server behind it", 503, undefined, "later 5000"],
    ["a server that is away and says that it does not know", 503, { code: "system.busy" }, "unclear"],
    ["the server failed", 500, { code: "InternalError" }, "unclear"],
    ["the card is there already", 400, { code: "param.cardAlreadyExist" }, "exists"],
    ["the card is gone", 400, { code: "param.cardNotExist" }, "gone"],
    ["unsafe content of a card", 400, { code: "param.contentUnsafe" }, "content"],
    ["a message that is too long", 400, { code: "invalidParameter.msgParam.tooLong" }, "content"],
    ["no DING left", 400, { code: "ding.serverquota.insufficient" }, "refused"],
    ["too many people in a DING", 400, { code: "ding.receivercount.limit" }, "refused"],
    ["too many DINGs", 400, { code: "toomuch.msg" }, "later 60000"],
    ...[
      ...[
        "invalidParameter.robotCode.empty",
        "invalidParameter.robotCode.auth",
        "invalidParameter.robotCode.notExsit",
      ],
      ...[
        "invalidParameter.robotCode.invalid",
        "invalidParameter.robotCode.missing",
        "invalidParameter.msgKey.empty",
      ],
      ...["invalidParameter.msgKey.invalid", "invalidParameter.msgParam.invalid", "miss.openConversationId"],
      ...[
        "invalid.openConversationId",
        "group.disbanded",
        "bot.stopped",
        "template.stopped",
        "miss.param.robotCode",
      ],
      ...[
        "param.outTrackIdEmpty",
        "param.cardTemplateIdEmpty",
        "param.templateNotExist",
        "param.templateUnpublished",
      ],
      ...[
        "param.openSpaceIdInvalid",
        "param.openDeliverModelError",
        "outTrackId.outOfLimit",
        "InvalidAction.NotFound",
      ],
    ].map((code): [string, number, unknown, string] => [code, 400, { code }, "refused"]),
  ])("%s (%i) is what it is", (...[, status, body, kind]) => {
    expect(kindOf(apiFault(answer(status, body)))).toBe(kind);
  });

  it.each([
    [denied("AccessTokenPermissionDenied"), /grant the permission qyapi_robot_sendmsg and publish a version/],
    [denied("IpNotInWhiteList"), /add this machine's address/],
    ["invalidClientIdOrSecret", /copy DINGTALK_CLIENT_ID and DINGTALK_CLIENT_SECRET again/],
    ["group.disbanded", /choose another group/],
    ["bot.stopped", /enable the robot/],
    ["invalid.openConversationId", /whoami/],
    ["invalidParameter.robotCode.notExsit", /DINGTALK_ROBOT_CODE/],
    ["param.templateNotExist", /dingtalk\.cardTemplateId/],
    ["param.templateUnpublished", /publish the card template/],
    ["ding.serverquota.insufficient", /DINGs are used up/],
  ])("%s says what to do, and under which request it is known", (code, remedy) => {
    const body = {
      code,
      message: "no",
      requestid: "R1",
      accessdenieddetail: { requiredScopes: ["qyapi_robot_sendmsg"] },
    };
    const fault = apiFault(answer(400, body));
    expect(fault?.kind === "gone" ? "" : fault?.reason).toMatch(remedy);
    expect(fault?.reason).toContain("R1");
  });
});

describe("an answer of the old API", () => {
  it.each<[string, number | string, Record<string, unknown>, string]>([
    ["ok", 0, {}, "success"],
    ["ok, as a string", "0", {}, "success"],
    ["busy", -1, {}, "later 2000"],
    ["a security setting of the robot", 310000, { errmsg: "sign not match" }, "auth"],
    ["twenty a minute", 130101, {}, "later 600000"],
    ["twenty a minute, as documented", 410100, {}, "later 600000"],
    ["a parameter is missing", 40035, {}, "refused"],
    ["a wrong content type", 43004, {}, "refused"],
    ["the group is disbanded", 400013, {}, "refused"],
    ["the robot is stopped", 400102, {}, "refused"],
    ["the robot is not in the group", 400106, {}, "refused"],
    ["a wrong token", 400101, {}, "auth"],
    ["a token that does not exist", 300005, {}, "auth"],
    ["an unknown message type", 400105, {}, "refused"],
    ["an unsafe link", 430101, {}, "content"],
    ["an unsafe text", 430102, {}, "content"],
    ["an unsafe picture", 430103, {}, "content"],
    ["unsafe content", 430104, {}, "content"],
    ["too long", 460101, {}, "content"],
    ["too long, the old code", 101002, {}, "content"],
    ["the month is used up", 90030, {}, "quota"],
    ["the month is used up, of calls", 90020, {}, "quota"],
    ["pace of the app", 90018, {}, "later 2000"],
    ["pace of the API", 90002, {}, "later 2000"],
    ["an address not on the list", 60020, {}, "auth"],
    ["a permission, wrapped", 88, { sub_code: "60011", sub_msg: "no permission" }, "auth"],
    ["a time-out inside, wrapped without a code", 88, {}, "unclear"],
    ["a time-out inside, wrapped with an empty code", 88, { sub_code: "" }, "unclear"],
    ["a time-out inside", 15, {}, "unclear"],
    ["an old token", 40014, {}, "token"],
    ["a wrong token of the app", 40001, {}, "token"],
    ["an expired token", 42001, {}, "token"],
    ["a session that is over", 300001, {}, "refused"],
    ["a picture that is too large", 40006, {}, "refused"],
    ["something new", 999999, {}, "refused"],
  ])("%s", (...[, errcode, more, kind]) => {
    expect(kindOf(oapiFault(answer(200, { errcode, errmsg: "said so", ...more })))).toBe(kind);
  });

  it.each([
    ["keywords not in content", /DINGTALK_WEBHOOK_KEYWORD/],
    ["invalid timestamp", /clock/],
    ["sign not match", /DINGTALK_WEBHOOK_SECRET/],
    ["ip 1.2.3.4 not in whitelist", /address to the robot's list/],
  ])("310000, %s: what to do", (errmsg, remedy) => {
    expect(oapiFault(answer(200, { errcode: 310000, errmsg }))?.reason).toMatch(remedy);
  });

  it.each([
    [300005, /copy DINGTALK_WEBHOOK_URL again/],
    [400102, /enable the robot/],
    [400106, /add the robot to the group/],
    [400013, /choose another group/],
  ])("%i: what to do", (errcode, remedy) => {
    expect(oapiFault(answer(200, { errcode, errmsg: "no" }))?.reason).toMatch(remedy);
  });
});

describe("no answer", () => {
  it.each([
    ["never sent: it is tried again", false, "later 5000"],
    ["sent, and the answer was lost: nobody knows", true, "unclear"],
  ])("%s", (_what, sent, kind) => {
    const failed = { kind: "failed", sent, code: "ECONNRESET" } as const;
    expect([kindOf(apiFault(failed)), kindOf(oapiFault(failed))]).toEqual([kind, kind]);
  });
});
