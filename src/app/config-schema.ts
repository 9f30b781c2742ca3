import { z } from "zod";
import { defaultScanIntervals } from "../eventlog/log-source.js";
import { ownRulesSchema } from "../rules/own-rules-schema.js";
import { metricsSchema, rulesSchema } from "../rules/rules-config.js";
import { locales } from "../lib/locale.js";
import { isTimeZone } from "../message/format-time.js";
import { checkSchema } from "./check-schema.js";
import { interval, oneOrMore, text } from "./schema-parts.js";

const locale = z.enum(locales);

const clockTime = z.string().regex(/^([01]?\d|2[0-3]):[0-5]\d$/, { error: 'a time of day such as "09:00"' });

const timeZone = z
  .string()
  .refine(isTimeZone, { error: "a time zone such as Europe/Berlin or Asia/Shanghai" });

const destination = z
  .string()
  .max(200)
  .regex(/^[a-z][a-z0-9-]*:\S+$/, { error: "a destination such as slack:C0123456789 or terminal:stdout" });

const mention = z
  .string()
  .max(200)
  .regex(/^[a-z][a-z0-9-]*:\S+$/, { error: "a person or group such as slack:U0123456789" });

const slackChannel = z
  .string()
  .regex(/^(?:slack:)?[CGD][A-Z0-9]{2,30}$/, { error: "a channel's id such as C0123456789" });

const dingtalkConversation = z.string().regex(/^(?:dingtalk:)?cid[A-Za-z0-9+/=_-]{4,120}$/, {
  error: "a conversation's id such as cidA1b2C3d4==",
});

const watch = z.strictObject({
  path: text.describe("Directory with event files, relative to this file."),
  name: text.optional().describe("How the watch is called in messages; its path otherwise."),
  splits: z
    .array(text)
    .max(50)
    .optional()
    .describe(
      "Directory names that are splits of their parent run, instead of train, validation, val, eval and test.",
    ),
});

const route = z.strictObject({
  match: z
    .strictObject({
      run: text.optional().describe("Glob over run names: sweep/*"),
      watch: text.optional().describe("Name or path of a watch."),
      rule: text.optional().describe("Id of a rule."),
      severity: z
        .enum(["info", "warning", "critical"])
        .optional()
        .describe("This severity and those above it."),
    })
    .default({})
    .describe("Which alerts this route takes; all of the conditions must hold, none means every alert."),
  to: oneOrMore(destination).describe("Where they go: slack:<channel id>, terminal:stdout."),
  mention: oneOrMore(mention)
    .optional()
    .describe("Who is mentioned on warnings and critical alerts: slack:<user or group id>."),
  language: locale.optional(),
  timeZone: timeZone.optional(),
  announce: oneOrMore(z.enum(["start", "finish"]))
    .optional()
    .describe("Post when a run starts or finishes, too."),
});

const owner = z.strictObject({
  run: text.describe("Glob over run names: alice/*"),
  mention: oneOrMore(mention),
});

/** `tensorbell.yaml`; everything has a default, so the empty file is a valid one. */
export const configSchema = z.strictObject({
  watches: z
    .array(z.union([text, watch]))
    .max(1_000)
    .default([])
    .describe("Log directories to watch from the start."),
  roots: z
    .array(text)
    .max(100)
    .default([])
    .describe("Directories below which people may add watches by command; the watches themselves count too."),
  rules: rulesSchema.describe(
    "Settings of rules by id; a list where they differ by tags, splits, runs or watches.",
  ),
  own_rules: ownRulesSchema.describe("Rules of your own by id: a metric, a condition and how long it holds."),
  rule_modules: z
    .array(text)
    .max(50)
    .default([])
    .describe("Modules of your own that export rules, relative to this file: ./my-rule.js."),
  metrics: metricsSchema,
  routes: z
    .array(route)
    .max(500)
    .default([])
    .describe("The first route that matches is taken; what none takes goes to the default destination."),
  owners: z
    .array(owner)
    .max(1_000)
    .default([])
    .describe("Who is mentioned on warnings and critical alerts of which runs."),
  language: locale.default("en").describe("Language of messages where nothing closer says otherwise."),
  timeZone: timeZone
    .optional()
    .describe("Time zone of messages where nothing closer says otherwise; the machine's own by default."),
  slack: z
    .strictObject({
      channel: slackChannel.optional().describe("Id of the channel for alerts that no route takes (C…)."),
      language: locale.optional(),
      timeZone: timeZone.optional(),
    })
    .default({}),
  dingtalk: z
    .strictObject({
      conversation: dingtalkConversation
        .optional()
        .describe("Id of the group for alerts that no route takes (cid…); `@TensorBell whoami` shows it."),
      language: locale.optional(),
      timeZone: timeZone.optional(),
      cardTemplateId: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,100}$/, { error: "a card template's id such as 1366a1eb-….schema" })
        .optional()
        .describe("Id of a card template of your organisation: each run then has a live card."),
      commandLinks: z
        .boolean()
        .default(true)
        .describe(
          "Links in alerts that say a command for whoever touches them, where there is no card with buttons.",
        ),
      ding: z
        .enum(["off", "app", "sms", "phone"])
        .default("off")
        .describe(
          "DING those responsible for a critical alert that nobody acknowledges: in the app, by SMS or by phone (paid editions of DingTalk).",
        ),
      dingAfterMinutes: z
        .number()
        .int()
        .min(1)
        .max(1_440)
        .default(15)
        .describe("How long a critical alert may stay without an acknowledgement before the DING."),
      apiBudget: z
        .number()
        .int()
        .min(0)
        .max(100_000_000)
        .default(5_000)
        .describe("API calls a month that TensorBell may use; 0: no limit. A free organisation has 5,000."),
      messageBudget: z
        .number()
        .int()
        .min(0)
        .max(100_000_000)
        .default(3_000)
        .describe("Webhook and Stream messages a month; 0: no limit. A free organisation has 3,000."),
    })
    .prefault({}),
  terminal: z
    .strictObject({
      enabled: z
        .boolean()
        .optional()
        .describe("Talk on the terminal beside other platforms; alone it always does."),
      language: locale.optional(),
      timeZone: timeZone.optional(),
    })
    .default({}),
  permissions: z
    .strictObject({
      admins: z
        .array(mention)
        .max(1_000)
        .default([])
        .describe("Who may change settings for everyone, rules, watches and owners: slack:U0123456789."),
    })
    .prefault({}),
  digest: z
    .strictObject({
      enabled: z.boolean().default(true),
      at: clockTime.default("09:00"),
    })
    .prefault({})
    .describe("The daily summary, at this time of each destination's own day."),
  polling: z
    .strictObject({
      hot: interval(defaultScanIntervals.hotMs, "How often files that grew lately are looked at."),
      known: interval(defaultScanIntervals.knownMs, "How often all known files are looked at."),
      walk: interval(defaultScanIntervals.walkMs, "How often the tree is walked for new runs."),
      hotFor: interval(defaultScanIntervals.hotForMs, "How long after growing a file counts as hot."),
    })
    .prefault({}),
  check: checkSchema,
  redis: z
    .strictObject({
      maxPointsMiB: z
        .number()
        .int()
        .min(16)
        .max(65_536)
        .default(512)
        .describe("Upper bound of curve data kept in Redis; the rest is read from the files."),
    })
    .prefault({}),
});

export type ConfigFile = z.output<typeof configSchema>;
