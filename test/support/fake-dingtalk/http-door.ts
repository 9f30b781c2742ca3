import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { DingFault, DingFaults } from "./fault-book.js";
import { refusalOf, requestShapes, templateShapes, webhookShape } from "./request-shapes.js";
import { type FakeWorld, isObject, type JsonObject } from "./world.js";

export interface DingCall {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly at: number;
  /** HTTP status, errcode or the fault it met. */
  outcome: string;
}

export interface DoorTools {
  readonly world: FakeWorld;
  readonly faults: DingFaults;
  readonly calls: DingCall[];
  readonly webhook: {
    readonly token: string;
    readonly secret: string;
    readonly keyword: string | undefined;
    readonly perMinute: number;
  };
  /** `ws://…/connect` and a ticket for it. */
  ticket(): { readonly endpoint: string; readonly ticket: string };
  readonly now: () => number;
  /** Told after every exchange. */
  changed(): void;
}

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** A refusal in the v1.0 shape. */
class Refusal extends Error {
  readonly answer: Answer;

  constructor(status: number, code: string, message = code) {
    super(code);
    this.answer = { status, body: { code, message, requestid: "FAKE-REQUEST" } };
  }
}

/** A refusal in the old API's shape. */
class OapiRefusal extends Error {
  readonly answer: Answer;

  constructor(errcode: number, errmsg: string) {
    super(errmsg);
    this.answer = oapi(errcode, errmsg);
  }
}

/** Serves the v1.0 API, the old API and sessions, strictly. */
export function createDingDoor(
  tools: DoorTools,
): (request: IncomingMessage, response: ServerResponse) => void {
  const door = new Door(tools);
  return (request, response) => {
    door
      .serve(request, response)
      .catch((error: unknown) => {
        tools.world.problems.push(`the fake failed: ${String(error)}`);
        response.destroy();
      })
      .finally(() => tools.changed());
  };
}

class Door {
  readonly #tools: DoorTools;
  /** msgUuid of webhooks that were said. */
  readonly #uuids = new Set<string>();
  #webhookTimes: number[] = [];
  #webhookShut = 0;

  constructor(tools: DoorTools) {
    this.#tools = tools;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fake");
    const raw = await bytesOf(request);
    const { faults, calls, now } = this.#tools;
    if (request.method === "HEAD") {
      response.writeHead(404, { date: new Date(now()).toUTCString() }).end();
      return;
    }
    const body = url.pathname === "/media/upload" ? {} : jsonOf(raw);
    const fault = faults.take(url.pathname);
    const call: DingCall = {
      path: url.pathname,
      query: url.searchParams,
      body,
      at: now(),
      outcome: fault?.kind ?? "",
    };
    calls.push(call);
    this.#tools.changed();
    if (fault !== undefined && !doesTheWork(fault)) {
      meet(fault, response);
      return;
    }
    const answer = this.#answer({ request, url, raw, body });
    if (call.outcome === "")
      call.outcome = `${answer.status} ${JSON.stringify(answer.body["code"] ?? answer.body["errcode"] ?? "ok")}`;
    if (fault?.kind === "lost") response.destroy();
    else if (fault?.kind === "half") {
      const whole = JSON.stringify(answer.body);
      response.writeHead(answer.status, { "content-length": Buffer.byteLength(whole) });
      response.write(whole.slice(0, whole.length / 2), () => response.destroy());
    } else if (fault?.kind === "lost-with") reply(response, fault.status, JSON.stringify(fault.body));
    else if (fault?.kind === "held")
      void fault.until.then(() => reply(response, answer.status, JSON.stringify(answer.body)));
    else reply(response, answer.status, JSON.stringify(answer.body));
  }

  #answer(exchange: Exchange): Answer {
    try {
      const { url } = exchange;
      const { method } = exchange.request;
      if (!url.pathname.startsWith("/v1.0/") && method !== "POST") {
        this.#tools.world.problems.push(`no such call: ${method ?? ""} ${url.pathname}`);
        return oapi(43002, "需要POST请求");
      }
      if (url.pathname.startsWith("/robot/") && !/json/.test(exchange.request.headers["content-type"] ?? ""))
        return oapi(43004, "无效的HTTP HEADER Content-Type");
      if (url.pathname === "/media/upload") return this.#upload(exchange);
      if (url.pathname === "/robot/send") return this.#webhook(exchange);
      if (url.pathname === "/robot/sendBySession") return this.#session(exchange);
      return { status: 200, body: this.#api(exchange) };
    } catch (error) {
      if (error instanceof Refusal || error instanceof OapiRefusal) return error.answer;
      throw error;
    }
  }

  #api({ request, url, body }: Exchange): JsonObject {
    const { world } = this.#tools;
    const route = `${request.method ?? ""} ${url.pathname}`;
    const shape = Object.entries<(typeof requestShapes)[keyof typeof requestShapes]>(requestShapes).find(
      ([name]) => name === route,
    )?.[1];
    if (shape === undefined) {
      world.problems.push(`no such call: ${route}`);
      throw new Refusal(404, "InvalidAction.NotFound");
    }
    if (!/json/.test(request.headers["content-type"] ?? "")) throw new Refusal(400, "invalidContentType");
    const parsed = shape.safeParse(body);
    if (!parsed.success) {
      world.problems.push(`${route}: ${parsed.error.message}`);
      throw new Refusal(400, refusalOf(parsed.error, body), parsed.error.message);
    }
    if (route === "POST /v1.0/oauth2/accessToken") return this.#token(body);
    if (route === "POST /v1.0/gateway/connections/open") return this.#gateway(request, body);
    if (request.headers["x-acs-dingtalk-access-token"] !== world.token) {
      throw new Refusal(400, "InvalidAuthentication", "不合法的access_token");
    }
    this.#count("api");
    switch (route) {
      case "POST /v1.0/robot/groupMessages/send":
        return this.#groupSend(body);
      case "POST /v1.0/robot/oToMessages/batchSend":
        return this.#directSend(body);
      case "POST /v1.0/robot/groups/robots/query":
        return this.#robots(body);
      case "POST /v1.0/card/instances/createAndDeliver":
        return this.#createCard(body);
      case "PUT /v1.0/card/instances":
        return this.#updateCard(body);
      default:
        if (route === "POST /v1.0/robot/ding/send") world.dings.push(body);
        return { openDingId: `ding-${++world.serial}`, failedList: {} };
    }
  }

  #count(kind: "api" | "webhookStream"): void {
    const { quota } = this.#tools.world;
    if (kind === "api" && quota.api >= quota.apiLimit)
      throw new Refusal(403, "Forbidden.AccessDenied.ApiCountLimitForOrg");
    if (kind === "webhookStream" && quota.webhookStream >= quota.webhookStreamLimit)
      throw new OapiRefusal(90030, "webhook over limit");
    quota[kind] += 1;
  }

  #token({ appKey, appSecret }: JsonObject): JsonObject {
    const { world } = this.#tools;
    if (appKey !== world.clientId || appSecret !== world.clientSecret)
      throw new Refusal(400, "invalidClientIdOrSecret", "无效的clientId或者clientSecret");
    return { accessToken: world.token, expireIn: 7200 };
  }

  #gateway(request: IncomingMessage, { clientId, clientSecret, subscriptions }: JsonObject): JsonObject {
    const { world } = this.#tools;
    if (request.headers.accept !== "application/json") throw new Refusal(400, "wantsXml");
    if (clientId !== world.clientId || clientSecret !== world.clientSecret)
      throw new Refusal(400, "authFailed", "鉴权失败");
    if (JSON.stringify(subscriptions).includes('"EVENT"'))
      world.problems.push("a subscription to events counts against the quota");
    return { ...this.#tools.ticket() };
  }

  #groupSend(body: JsonObject): JsonObject {
    const { world } = this.#tools;
    if (body["robotCode"] !== world.clientId) throw new Refusal(400, "invalidParameter.robotCode.notExsit");
    const place = String(body["openConversationId"]);
    if (!world.groups.has(place)) throw new Refusal(400, "invalid.openConversationId");
    return { processQueryKey: this.#store("group", place, body) };
  }

  #directSend(body: JsonObject): JsonObject {
    const { world } = this.#tools;
    const ids = Array.isArray(body["userIds"]) ? body["userIds"].map(String) : [];
    const known = ids.filter((id) => world.users.has(id));
    const key = known.map((id) => this.#store("direct", id, body)).at(-1) ?? `key-${++world.serial}`;
    return {
      processQueryKey: key,
      invalidStaffIdList: ids.filter((id) => !world.users.has(id)),
      flowControlledStaffIdList: [],
    };
  }

  #store(via: "group" | "direct", place: string, { msgKey, msgParam }: JsonObject): string {
    const { world } = this.#tools;
    const param = String(msgParam);
    if (Buffer.byteLength(param) > 15_000) throw new Refusal(400, "invalidParameter.msgParam.tooLong");
    const shape = templateShapes[String(msgKey)];
    const parsed = shape?.safeParse(jsonOf(Buffer.from(param)));
    if (parsed?.success !== true) {
      world.problems.push(`${String(msgKey)}: ${parsed?.error.message ?? "no such template"}`);
      throw new Refusal(400, "invalidParameter.msgParam.invalid");
    }
    const { title, text, content } = jsonOf(Buffer.from(param));
    const key = `key/${++world.serial}+==`;
    this.#look(String(text ?? content));
    world.messages.push({
      key,
      via,
      place,
      title: typeof title === "string" ? title : "",
      text: String(text ?? content),
      at: [],
    });
    return key;
  }

  /** Pictures must be media ids we gave. */
  #look(text: string): void {
    for (const [, id = ""] of text.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g))
      if (!this.#tools.world.media.has(id))
        this.#tools.world.problems.push(`a picture that is none of ours: ${id}`);
  }

  #robots({ openConversationId }: JsonObject): JsonObject {
    const { world } = this.#tools;
    if (!world.groups.has(String(openConversationId))) throw new Refusal(400, "invalid.openConversationId");
    return { chatbotInstanceVOList: [{ robotCode: world.clientId, name: "TensorBell" }] };
  }

  #createCard(body: JsonObject): JsonObject {
    const { world } = this.#tools;
    const outTrackId = String(body["outTrackId"]);
    const templateId = String(body["cardTemplateId"]);
    if (!world.templates.has(templateId)) throw new Refusal(400, "param.templateNotExist");
    if (world.cards.has(outTrackId)) throw new Refusal(400, "param.cardAlreadyExist");
    const spaceId = String(body["openSpaceId"]);
    const place = /^dtv1\.card\/\/IM_GROUP\.(.+)$/.exec(spaceId)?.[1] ?? "";
    const deliver = isObject(body["imGroupOpenDeliverModel"]) ? body["imGroupOpenDeliverModel"] : {};
    const carrierId = `carrier/${++world.serial}==`;
    const success = world.groups.has(place) && deliver["robotCode"] === world.clientId;
    if (success) {
      const values = valuesOf(body);
      const at = isObject(deliver["atUserIds"]) ? Object.keys(deliver["atUserIds"]) : [];
      world.cards.set(outTrackId, { outTrackId, templateId, place, carrierId, at, values, updates: 0 });
    }
    return {
      success: true,
      result: {
        outTrackId,
        deliverResults: [
          {
            spaceType: "IM_GROUP",
            spaceId,
            success,
            carrierId: success ? carrierId : "",
            errorMsg: success ? "" : "spaceId illegal",
          },
        ],
      },
    };
  }

  #updateCard(body: JsonObject): JsonObject {
    const card = this.#tools.world.cards.get(String(body["outTrackId"]));
    if (card === undefined) throw new Refusal(400, "param.cardNotExist");
    card.values = { ...card.values, ...valuesOf(body) };
    card.updates += 1;
    return { success: true, result: true };
  }

  #upload({ request, url, raw }: Exchange): Answer {
    const { world } = this.#tools;
    if (url.searchParams.get("access_token") !== world.token) return oapi(40014, "不合法的access_token");
    this.#count("api");
    if (url.searchParams.get("type") !== "image") return oapi(40004, "不合法的媒体文件类型");
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(request.headers["content-type"] ?? "")?.[1];
    const file = boundary === undefined ? undefined : filePart(raw, boundary);
    if (file === undefined) {
      world.problems.push("the upload has no part `media` with a filename");
      return oapi(40035, "不合法的参数");
    }
    if (!/name="type"\r\n\r\nimage\r\n/.test(raw.toString("latin1")))
      return oapi(40004, "不合法的媒体文件类型");
    if (file.length > 1_000_000) return oapi(40006, "不合法的文件大小");
    if (
      !["89504e47", "ffd8ff", "47494638", "424d"].some((magic) =>
        file.toString("hex", 0, 4).startsWith(magic),
      )
    ) {
      return oapi(40005, "不合法的文件类型");
    }
    const id = `@lAD$fake$&${++world.serial}`.replace("&", "");
    world.media.set(id, file);
    return {
      status: 200,
      body: { errcode: 0, errmsg: "ok", type: "image", media_id: id, created_at: this.#tools.now() },
    };
  }

  #session({ url, body }: Exchange): Answer {
    const { world, now } = this.#tools;
    const session = world.sessions.get(url.searchParams.get("session") ?? "");
    if (session === undefined || now() > session.until) return oapi(300001, "session is expired");
    return this.#say("session", session.place, body);
  }

  #webhook({ url, body }: Exchange): Answer {
    const { webhook, now, world } = this.#tools;
    if (url.searchParams.get("access_token") !== webhook.token) return oapi(300005, "token is not exist");
    const timestamp = url.searchParams.get("timestamp") ?? "";
    if (!(Math.abs(now() - Number(timestamp)) < 3_600_000)) return oapi(310000, "invalid timestamp");
    const expected = createHmac("sha256", webhook.secret)
      .update(`${timestamp}\n${webhook.secret}`)
      .digest("base64");
    if (url.searchParams.get("sign") !== expected) return oapi(310000, "sign not match");
    const text = JSON.stringify(body);
    if (webhook.keyword !== undefined && !text.includes(webhook.keyword))
      return oapi(310000, "keywords not in content");
    if (Buffer.byteLength(text) > 20_000) return oapi(460101, "message too long, exceed 20000 bytes");
    if (now() < this.#webhookShut) return oapi(130101, "send too fast, exceed 20 times per minute");
    this.#webhookTimes = [...this.#webhookTimes.filter((at) => now() - at < 60_000), now()];
    if (this.#webhookTimes.length > webhook.perMinute) {
      this.#webhookShut = now() + 600_000;
      world.problems.push("more than 20 messages a minute by one webhook");
      return oapi(130101, "send too fast, exceed 20 times per minute");
    }
    const uuid = body["msgUuid"];
    if (typeof uuid === "string") {
      if (this.#uuids.has(uuid)) return oapi(0, "ok");
      this.#uuids.add(uuid);
    }
    return this.#say("webhook", "webhook", body);
  }

  #say(via: "session" | "webhook", place: string, body: JsonObject): Answer {
    const { world } = this.#tools;
    const parsed = webhookShape.safeParse(body);
    if (!parsed.success) {
      world.problems.push(`${via}: ${parsed.error.message}`);
      return oapi(400105, "unsupported msgtype");
    }
    this.#count("webhookStream");
    const said = parsed.data;
    const text = said.msgtype === "markdown" ? said.markdown.text : said.text.content;
    const title = said.msgtype === "markdown" ? said.markdown.title : "";
    this.#look(text);
    const at = (said.at?.atUserIds ?? []).filter((id) => text.includes(`@${id}`));
    const uuid = said.msgUuid;
    world.messages.push({ key: uuid ?? `session-${++world.serial}`, via, place, title, text, at });
    return oapi(0, "ok");
  }
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly raw: Buffer;
  readonly body: JsonObject;
}

function valuesOf({ cardData }: JsonObject): Readonly<Record<string, string>> {
  const map = isObject(cardData) && isObject(cardData["cardParamMap"]) ? cardData["cardParamMap"] : {};
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));
}

function oapi(errcode: number, errmsg: string): Answer {
  return { status: 200, body: { errcode, errmsg } };
}

function doesTheWork(fault: DingFault): boolean {
  return (
    fault.kind === "lost" || fault.kind === "half" || fault.kind === "lost-with" || fault.kind === "held"
  );
}

function meet(fault: DingFault, response: ServerResponse): void {
  if (fault.kind === "answer") {
    reply(response, fault.status, typeof fault.body === "string" ? fault.body : JSON.stringify(fault.body));
  } else if (fault.kind === "cut") response.destroy();
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(body);
}

/** The bytes of the part called `media`. */
function filePart(raw: Buffer, boundary: string): Buffer | undefined {
  const head = raw.indexOf('name="media"; filename="');
  const start = head < 0 ? -1 : raw.indexOf("\r\n\r\n", head);
  const end = start < 0 ? -1 : raw.indexOf(`\r\n--${boundary}`, start);
  return end < 0 ? undefined : raw.subarray(start + 4, end);
}

function jsonOf(raw: Buffer): JsonObject {
  try {
    const parsed: unknown = JSON.parse(raw.toString("utf8") || "{}");
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
