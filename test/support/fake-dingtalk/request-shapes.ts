import { z } from "zod";

const text = z.string().min(1);
const strings = z.record(z.string().max(100), z.string());
/** A card's variables: a value holds 1 KB. */
const cardValues = z.record(
  z.string().max(100),
  z.string().refine((value) => Buffer.byteLength(value) <= 1_024, "a card's value of more than 1 KB"),
);

/** Fields and types of the requests, derived from the vendor's published request models; unknown keys are refused. */
export const requestShapes = {
  "POST /v1.0/oauth2/accessToken": z.strictObject({ appKey: text, appSecret: text }),
  "POST /v1.0/gateway/connections/open": z.strictObject({
    clientId: text,
    clientSecret: text,
    ua: z.string().optional(),
    localIp: z.string().optional(),
    extras: z.record(z.string(), z.string()).optional(),
    subscriptions: z
      .array(z.strictObject({ type: z.enum(["EVENT", "CALLBACK", "SYSTEM"]), topic: text }))
      .min(1),
  }),
  "POST /v1.0/robot/groupMessages/send": z.strictObject({
    robotCode: text,
    openConversationId: text,
    msgKey: text,
    msgParam: text,
    coolAppCode: z.string().optional(),
    token: z.string().optional(),
  }),
  "POST /v1.0/robot/oToMessages/batchSend": z.strictObject({
    robotCode: text,
    userIds: z.array(text).min(1).max(20),
    msgKey: text,
    msgParam: text,
  }),
  "POST /v1.0/robot/groups/robots/query": z.strictObject({ openConversationId: text }),
  "POST /v1.0/robot/ding/send": z.strictObject({
    robotCode: text,
    remindType: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    receiverUserIdList: z.array(text).min(1).max(200),
    content: text,
  }),
  "POST /v1.0/robot/ding/recall": z.strictObject({ robotCode: text, openDingId: text }),
  "POST /v1.0/card/instances/createAndDeliver": z.strictObject({
    cardTemplateId: text,
    outTrackId: text.max(64),
    callbackType: z.literal("STREAM"),
    cardData: z.strictObject({ cardParamMap: cardValues }),
    openSpaceId: z.string().regex(/^dtv1\.card\/\/[A-Z_]+\.[^;]+(;dtv1\.card\/\/[A-Z_]+\.[^;]+)*$/),
    userIdType: z.number().optional(),
    imGroupOpenSpaceModel: z.strictObject({
      supportForward: z.boolean().optional(),
      lastMessageI18n: strings.optional(),
      searchSupport: z
        .strictObject({
          searchDesc: z.string().optional(),
          searchIcon: z.string().optional(),
          searchTypeName: z.string().optional(),
        })
        .optional(),
      notification: z
        .strictObject({ alertContent: z.string(), notificationOff: z.boolean().optional() })
        .optional(),
    }),
    imGroupOpenDeliverModel: z.strictObject({
      robotCode: text,
      atUserIds: strings.optional(),
      recipients: z.array(text).optional(),
      extension: strings.optional(),
    }),
  }),
  "PUT /v1.0/card/instances": z.strictObject({
    outTrackId: text.max(64),
    cardData: z.strictObject({ cardParamMap: cardValues }),
    // Without it every value that is not sent would be wiped.
    cardUpdateOptions: z.strictObject({
      updateCardDataByKey: z.literal(true),
      updatePrivateDataByKey: z.boolean().optional(),
    }),
    privateData: z.record(z.string(), z.strictObject({ cardParamMap: cardValues })).optional(),
    userIdType: z.number().optional(),
  }),
} as const;

/** What DingTalk calls a request whose first fault is this one; fields it does not know it drops without a word, so only we refuse them. */
export function refusalOf(error: z.ZodError, body: Readonly<Record<string, unknown>>): string {
  const [issue] = error.issues;
  const field = String(issue?.path[0] ?? "");
  if (issue?.code === "unrecognized_keys") return `invalidParameter.${issue.keys.join()}.unknown`;
  if (field === "outTrackId" && issue?.code === "too_big") return "outTrackId.outOfLimit";
  const isMissing = body[field] === undefined || body[field] === "";
  const named = isMissing ? missing[field] : undefined;
  return named ?? `${isMissing ? "miss.param" : "invalidParameter"}.${field}`;
}

const missing: Readonly<Record<string, string>> = {
  robotCode: "invalidParameter.robotCode.missing",
  msgKey: "invalidParameter.msgKey.empty",
  openConversationId: "miss.openConversationId",
  outTrackId: "param.outTrackIdEmpty",
  cardTemplateId: "param.cardTemplateIdEmpty",
  openSpaceId: "param.openSpaceIdInvalid",
  imGroupOpenDeliverModel: "param.openDeliverModelError",
};

/** The parameters of the robot's message templates that a bot of ours may send. */
export const templateShapes: Readonly<Record<string, z.ZodType>> = {
  sampleText: z.strictObject({ content: text }),
  sampleMarkdown: z.strictObject({ title: text.max(128), text }),
  sampleImageMsg: z.strictObject({ photoURL: text }),
};

const at = z
  .strictObject({
    atMobiles: z.array(text).max(50).optional(),
    atUserIds: z.array(text).max(50).optional(),
    isAtAll: z.literal(false).optional(),
  })
  .optional();

/** Bodies of webhooks, custom or of a session. */
export const webhookShape = z.discriminatedUnion("msgtype", [
  z.strictObject({
    msgtype: z.literal("text"),
    text: z.strictObject({ content: text }),
    at,
    msgUuid: text.optional(),
  }),
  z.strictObject({
    msgtype: z.literal("markdown"),
    markdown: z.strictObject({ title: text, text }),
    at,
    msgUuid: text.optional(),
  }),
]);
