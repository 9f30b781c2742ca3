import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";

/** The double is as strict as the vendor, or what passes against it proves nothing. */
describe("the fake DingTalk", () => {
  let now = 1_790_000_000_000;
  let fake: FakeDingTalk;
  beforeEach(async () => {
    now = 1_790_000_000_000;
    fake = await startFakeDingTalk({ now: () => now });
  });
  afterEach(() => fake.stop());

  const send = async (
    call: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const [method = "", path = ""] = call.split(" ");
    const response = await fetch(`${fake.url}${path}`, {
      method,
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        "x-acs-dingtalk-access-token": fake.world.token,
        ...headers,
      },
      ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { readonly code?: string; readonly errcode?: number };
    return `${response.status} ${answer.code ?? answer.errcode ?? "ok"}`;
  };

  const good: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
    "POST /v1.0/oauth2/accessToken": () => ({
      appKey: fake.world.clientId,
      appSecret: fake.world.clientSecret,
    }),
    "POST /v1.0/gateway/connections/open": () => ({
      clientId: fake.world.clientId,
      clientSecret: fake.world.clientSecret,
      subscriptions: [{ type: "CALLBACK", topic: "/v1.0/im/bot/messages/get" }],
    }),
    "POST /v1.0/robot/groupMessages/send": () => ({
      robotCode: fake.world.clientId,
      openConversationId: fake.group,
      msgKey: "sampleMarkdown",
      msgParam: JSON.stringify({ title: "t", text: "x" }),
    }),
    "POST /v1.0/robot/oToMessages/batchSend": () => ({
      robotCode: fake.world.clientId,
      userIds: ["u1"],
      msgKey: "sampleMarkdown",
      msgParam: JSON.stringify({ title: "t", text: "x" }),
    }),
    "POST /v1.0/robot/groups/robots/query": () => ({ openConversationId: fake.group }),
    "POST /v1.0/robot/ding/send": () => ({
      robotCode: fake.world.clientId,
      remindType: 1,
      receiverUserIdList: ["u1"],
      content: "loss is NaN",
    }),
    "POST /v1.0/card/instances/createAndDeliver": () => card(),
  };
  const card = (): Readonly<Record<string, unknown>> => ({
    cardTemplateId: "fake-template.schema",
    outTrackId: "tb-1",
    callbackType: "STREAM",
    cardData: { cardParamMap: { title: "run42" } },
    openSpaceId: `dtv1.card//IM_GROUP.${fake.group}`,
    imGroupOpenSpaceModel: { supportForward: true },
    imGroupOpenDeliverModel: { robotCode: fake.world.clientId },
  });

  describe.each(Object.keys(good))("%s", (call) => {
    it("takes a right request", async () => {
      expect(await send(call, good[call]?.())).toBe("200 ok");
      expect(fake.problems()).toEqual([]);
    });

    it("refuses each field that is missing, of another type, or not the vendor's", async () => {
      const right = good[call]?.() ?? {};
      for (const field of Object.keys(right)) {
        const { [field]: _left, ...without } = right;
        for (const wrong of [without, { ...right, [field]: { not: "so" } }, { ...right, [field]: 12.5 }]) {
          expect(await send(call, wrong), `${field} of ${JSON.stringify(wrong)}`).toMatch(
            /^400 (?:miss|invalid|param\.|outTrackId)/,
          );
        }
        expect(await send(call, { ...without, [`${field}s`]: right[field] })).toMatch(/^400 /);
      }
      expect(await send(call, { ...right, msgUuid: "x" })).toBe("400 invalidParameter.msgUuid.unknown");
      expect(fake.problems().length).toBeGreaterThan(0);
      expect(fake.messages()).toEqual([]);
    });
  });

  const group = "POST /v1.0/robot/groupMessages/send";
  const create = "POST /v1.0/card/instances/createAndDeliver";
  const update = "PUT /v1.0/card/instances";
  it.each([
    { call: group, change: { robotCode: undefined }, code: "400 invalidParameter.robotCode.missing" },
    { call: group, change: { robotCode: "other" }, code: "400 invalidParameter.robotCode.notExsit" },
    { call: group, change: { msgKey: "" }, code: "400 invalidParameter.msgKey.empty" },
    { call: group, change: { msgKey: "sampleFeed" }, code: "400 invalidParameter.msgParam.invalid" },
    { call: group, change: { msgParam: '{"text":"x"}' }, code: "400 invalidParameter.msgParam.invalid" },
    {
      call: group,
      change: { msgParam: JSON.stringify({ title: "t", text: "字".repeat(5_000) }) },
      code: "400 invalidParameter.msgParam.tooLong",
    },
    { call: group, change: { openConversationId: undefined }, code: "400 miss.openConversationId" },
    { call: group, change: { openConversationId: "cidOther" }, code: "400 invalid.openConversationId" },
    { call: create, change: { outTrackId: "" }, code: "400 param.outTrackIdEmpty" },
    { call: create, change: { outTrackId: "x".repeat(65) }, code: "400 outTrackId.outOfLimit" },
    { call: create, change: { cardTemplateId: "other" }, code: "400 param.templateNotExist" },
    { call: create, change: { openSpaceId: "IM_GROUP.cid" }, code: "400 invalidParameter.openSpaceId" },
    {
      call: create,
      change: { imGroupOpenDeliverModel: undefined },
      code: "400 param.openDeliverModelError",
    },
    {
      call: create,
      change: { cardData: { cardParamMap: { step: 12 } } },
      code: "400 invalidParameter.cardData",
    },
    // A failure that comes as a success: only its inside tells.
    { call: create, change: { openSpaceId: "dtv1.card//IM_GROUP.cidOther" }, code: "200 ok" },
  ])("says $code as DingTalk does ($call, $change)", async ({ call, change, code }) => {
    const body = { ...(call === create ? card() : good[call]?.()), ...change };
    expect(await send(call, body)).toBe(code);
    expect(fake.world.cards.size + fake.messages().length).toBe(0);
  });

  it("knows a card once, and updates it only by key and with strings", async () => {
    expect(await send(create, card())).toBe("200 ok");
    expect(await send(create, card())).toBe("400 param.cardAlreadyExist");
    const change = { outTrackId: "tb-1", cardData: { cardParamMap: { state: "muted" } } };
    const byKey = { cardUpdateOptions: { updateCardDataByKey: true } };
    expect(await send(update, change)).toBe("400 miss.param.cardUpdateOptions");
    expect(await send(update, { ...change, ...byKey, outTrackId: "tb-2" })).toBe("400 param.cardNotExist");
    expect(await send(update, { ...change, ...byKey, cardData: { cardParamMap: { step: 1 } } })).toBe(
      "400 invalidParameter.cardData",
    );
    expect(await send(update, { ...change, ...byKey })).toBe("200 ok");
    expect(fake.world.cards.get("tb-1")?.values).toEqual({ title: "run42", state: "muted" });
  });

  it("wants its token, its content type, its credentials and a path it has", async () => {
    const body = good[group]?.();
    expect(await send(group, body, { "x-acs-dingtalk-access-token": "old" })).toBe(
      "400 InvalidAuthentication",
    );
    expect(await send(group, body, { "content-type": "text/plain" })).toBe("400 invalidContentType");
    expect(await send("POST /v1.0/robot/otoMessages/send", body)).toBe("404 InvalidAction.NotFound");
    expect(await send("PUT /v1.0/robot/groupMessages/send", body)).toBe("404 InvalidAction.NotFound");
    const open = "POST /v1.0/gateway/connections/open";
    expect(await send(open, good[open]?.(), { accept: "*/*" })).toBe("400 wantsXml");
    expect(await send(open, { ...good[open]?.(), clientSecret: "x" })).toBe("400 authFailed");
    const grant = "POST /v1.0/oauth2/accessToken";
    expect(await send(grant, { appKey: "x", appSecret: "y" })).toBe("400 invalidClientIdOrSecret");
  });

  it.each(["http://203.0.113.1/", "https://api.dingtalk.com/"])(
    "lets nobody reach %s meanwhile",
    async (url) => {
      await expect(fetch(url)).rejects.toThrow();
      expect(fake.problems()).toEqual([`a call to ${new URL(url).hostname}, beyond this machine`]);
    },
  );

  it("ends at the month's quota, of calls and of messages", async () => {
    fake.world.quota.apiLimit = 1;
    fake.world.quota.webhookStreamLimit = 1;
    expect(await send(group, good[group]?.())).toBe("200 ok");
    expect(await send(group, good[group]?.())).toBe("403 Forbidden.AccessDenied.ApiCountLimitForOrg");
    expect(await send(`POST ${signed()}`, said())).toBe("200 0");
    expect(await send(`POST ${signed()}`, said())).toBe("200 90030");
  });

  const signed = (at = now, secret = "SECfake", token = "fake-webhook-token"): string => {
    const sign = createHmac("sha256", secret).update(`${at}\n${secret}`).digest("base64");
    return `/robot/send?access_token=${token}&timestamp=${at}&sign=${encodeURIComponent(sign)}`;
  };
  const said = (text = "hello", more: object = {}): object => ({
    msgtype: "markdown",
    markdown: { title: "t", text },
    ...more,
  });

  it.each([
    { what: "a right request", path: () => signed(), body: said(), code: 0 },
    { what: "a robot nobody has", path: () => signed(now, "SECfake", "x"), body: said(), code: 300_005 },
    { what: "a signature by another secret", path: () => signed(now, "SECx"), body: said(), code: 310_000 },
    { what: "a clock that is off", path: () => signed(now - 3_600_001), body: said(), code: 310_000 },
    { what: "too long a message", path: () => signed(), body: said("字".repeat(7_000)), code: 460_101 },
    { what: "an unknown kind", path: () => signed(), body: { msgtype: "card" }, code: 400_105 },
    {
      what: "a field it does not have",
      path: () => signed(),
      body: said("x", { at: { all: true } }),
      code: 400_105,
    },
    {
      what: "a mention of everybody",
      path: () => signed(),
      body: said("x", { at: { isAtAll: true } }),
      code: 400_105,
    },
  ])("answers a custom robot's $what with $code", async ({ path, body, code }) => {
    expect(await send(`POST ${path()}`, body)).toBe(`200 ${code}`);
    expect(fake.messages("webhook")).toHaveLength(code === 0 ? 1 : 0);
  });

  it("shuts a custom robot for ten minutes at its twenty-first message in one, and takes a msgUuid once", async () => {
    for (let count = 0; count < 20; count += 1)
      expect(await send(`POST ${signed()}`, said("x", { msgUuid: `u${count % 19}` }))).toBe("200 0");
    expect(fake.messages("webhook")).toHaveLength(19);
    expect(await send(`POST ${signed()}`, said())).toBe("200 130101");
    now += 599_000;
    expect(await send(`POST ${signed()}`, said())).toBe("200 130101");
    now += 1_001;
    expect(await send(`POST ${signed()}`, said())).toBe("200 0");
  });

  it("takes a session for ninety minutes, and no kind it does not have there", async () => {
    fake.world.sessions.set("s", { place: fake.group, until: now });
    const path = "POST /robot/sendBySession?session=s";
    expect(await send(path, said())).toBe("200 0");
    expect(await send(path, { msgtype: "image", image: { mediaId: "@x" } })).toBe("200 400105");
    expect(await send("POST /robot/sendBySession?session=t", said())).toBe("200 300001");
    now += 1;
    expect(await send(path, said())).toBe("200 300001");
  });

  it.each([
    { what: "a picture", parts: { type: "image", media: png(100) }, query: "image", code: 0 },
    { what: "no picture", parts: { type: "image" }, query: "image", code: 40_035 },
    { what: "no type", parts: { media: png(100) }, query: "image", code: 40_004 },
    { what: "another type", parts: { type: "image", media: png(100) }, query: "voice", code: 40_004 },
    {
      what: "too large a picture",
      parts: { type: "image", media: png(1_000_001) },
      query: "image",
      code: 40_006,
    },
    {
      what: "no picture's bytes",
      parts: { type: "image", media: new Blob(["text"]) },
      query: "image",
      code: 40_005,
    },
  ])("answers an upload of $what with $code", async ({ parts, query, code }) => {
    const form = new FormData();
    for (const [name, part] of Object.entries(parts))
      if (typeof part === "string") form.set(name, part);
      else form.set(name, part, "chart.png");
    const at = `${fake.url}/media/upload?type=${query}&access_token=${fake.world.token}`;
    const response = await fetch(at, { method: "POST", body: form });
    expect(await response.json()).toMatchObject({ errcode: code });
    expect(fake.world.media.size).toBe(code === 0 ? 1 : 0);
  });
});

function png(bytes: number): Blob {
  const whole = new Uint8Array(bytes);
  whole.set([0x89, 0x50, 0x4e, 0x47]);
  return new Blob([whole]);
}
