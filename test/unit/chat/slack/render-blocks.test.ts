import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Dress } from "../../../../src/chat/slack/render-blocks.js";
import { renderBlocks } from "../../../../src/chat/slack/render-blocks.js";
import { renderFallback } from "../../../../src/chat/slack/render-fallback.js";
import type { Block, Inline, Message } from "../../../../src/message/message.js";
import { hostileTexts } from "../../../contract/platform-hostile.js";
import { blockFaults } from "../../../support/fake-slack/block-rules.js";
import { liveMarkup } from "../../../support/fake-slack/live-markup.js";
import type { Json } from "../../../support/fake-slack/world.js";

const hostile = fc.oneof(
  fc.constantFrom(...hostileTexts.map(([text]) => text)),
  fc.string({ unit: "binary", maxLength: 4_000 }),
);
const inline: fc.Arbitrary<Inline> = fc.oneof(
  hostile,
  fc.record({ kind: fc.constant("strong" as const), text: hostile }),
  fc.record({ kind: fc.constant("code" as const), text: hostile }),
);
const text = fc.array(inline, { maxLength: 4 });
const row = fc.array(hostile, { maxLength: 25 });
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), content: text }),
  fc.record({ kind: fc.constant("note" as const), content: text }),
  fc.record({
    kind: fc.constant("facts" as const),
    facts: fc.array(fc.record({ label: hostile, value: text }), { maxLength: 8 }),
  }),
  fc.record({ kind: fc.constant("list" as const), items: fc.array(text, { maxLength: 80 }) }),
  fc.record({ kind: fc.constant("table" as const), columns: row, rows: fc.array(row, { maxLength: 120 }) }),
  fc.record({ kind: fc.constant("preformatted" as const), text: hostile }),
);
const message: fc.Arbitrary<Message> = fc.record({
  tone: fc.constantFrom("critical" as const, "warning" as const, "good" as const, "info" as const),
  headline: hostile,
  blocks: fc.array(block, { maxLength: 60 }),
});

describe("any message", () => {
  it.each<Dress>(["full", "base"])(
    "is within every limit of Slack's, in %s dress, and holds nothing that Slack acts on",
    (dress) => {
      fc.assert(
        fc.property(message, hostile, (one, alt) => {
          const blocks = renderBlocks(one, dress, { fileId: "F0123456789", alt });
          const json = JSON.parse(JSON.stringify(blocks)) as readonly { readonly [name: string]: Json }[];
          expect(blockFaults(json, () => "ready")).toEqual([]);
          const fallback = renderFallback(one, [alt]);
          expect(fallback.length).toBeGreaterThan(0);
          expect(fallback.length).toBeLessThanOrEqual(4_000);
          expect(liveMarkup({ text: fallback, blocks: json })).toEqual([]);
          expect(fallback).not.toMatch(/&(?!(?:amp|lt|gt);)/);
        }),
        { numRuns: 60 },
      );
    },
  );
});

const alert: Message = {
  tone: "critical",
  headline: "Critical · epoch_loss is rising in fit/mnist",
  blocks: [
    {
      kind: "text",
      content: [
        "since ",
        { kind: "strong", text: "step 12" },
        ", see ",
        { kind: "link", url: "https://tb.example/#run", text: "TensorBoard" },
      ],
    },
    {
      kind: "facts",
      facts: [
        { label: "rule", value: [{ kind: "code", text: "consecutive_rise" }] },
        { label: "owner", value: [{ kind: "mention", id: "U0ANA" }] },
      ],
    },
    {
      kind: "table",
      columns: ["setting", "value"],
      rows: [
        ["total", "0.1"],
        ["rises", ""],
      ],
    },
    { kind: "note", content: ["/tb mute fit/mnist 2h"] },
  ],
};

describe("an alert", () => {
  it("keeps names literal, shows settings as a table", () => {
    expect(renderBlocks(alert, "full", { fileId: "F0123456789", alt: "loss 0.31" })).toMatchInlineSnapshot(`
      [
        {
          "elements": [
            {
              "elements": [
                {
                  "style": {
                    "bold": true,
                  },
                  "text": "Critical · epoch_loss is rising in fit/mnist",
                  "type": "text",
                },
              ],
              "type": "rich_text_section",
            },
          ],
          "type": "rich_text",
        },
        {
          "elements": [
            {
              "elements": [
                {
                  "text": "since ",
                  "type": "text",
                },
                {
                  "style": {
                    "bold": true,
                  },
                  "text": "step 12",
                  "type": "text",
                },
                {
                  "text": ", see ",
                  "type": "text",
                },
                {
                  "text": "TensorBoard",
                  "type": "link",
                  "url": "https://tb.example/#run",
                },
              ],
              "type": "rich_text_section",
            },
          ],
          "type": "rich_text",
        },
        {
          "elements": [
            {
              "elements": [
                {
                  "style": {
                    "bold": true,
                  },
                  "text": "rule: ",
                  "type": "text",
                },
                {
                  "style": {
                    "code": true,
                  },
                  "text": "consecutive_rise",
                  "type": "text",
                },
                {
                  "style": {
                    "bold": true,
                  },
                  "text": "
      owner: ",
                  "type": "text",
                },
                {
                  "type": "user",
                  "user_id": "U0ANA",
                },
              ],
              "type": "rich_text_section",
            },
          ],
          "type": "rich_text",
        },
        {
          "rows": [
            [
              {
                "text": "setting",
                "type": "raw_text",
              },
              {
                "text": "value",
                "type": "raw_text",
              },
            ],
            [
              {
                "text": "total",
                "type": "raw_text",
              },
              {
                "text": "0.1",
                "type": "raw_text",
              },
            ],
            [
              {
                "text": "rises",
                "type": "raw_text",
              },
              {
                "text": "–",
                "type": "raw_text",
              },
            ],
          ],
          "type": "table",
        },
        {
          "elements": [
            {
              "emoji": false,
              "text": "/tb mute fit/mnist 2h",
              "type": "plain_text",
            },
          ],
          "type": "context",
        },
        {
          "alt_text": "loss 0.31",
          "slack_file": {
            "id": "F0123456789",
          },
          "type": "image",
        },
      ]
    `);
  });

  it("says the same in the oldest block types", () => {
    expect(renderBlocks(alert, "base")).toMatchInlineSnapshot(`
      [
        {
          "text": {
            "emoji": false,
            "text": "Critical · epoch_loss is rising in fit/mnist",
            "type": "plain_text",
          },
          "type": "section",
        },
        {
          "text": {
            "emoji": false,
            "text": "since step 12, see TensorBoard",
            "type": "plain_text",
          },
          "type": "section",
        },
        {
          "text": {
            "emoji": false,
            "text": "rule: consecutive_rise
      owner: ",
            "type": "plain_text",
          },
          "type": "section",
        },
        {
          "text": {
            "emoji": false,
            "text": "setting  value
      total    0.1
      rises",
            "type": "plain_text",
          },
          "type": "section",
        },
        {
          "elements": [
            {
              "emoji": false,
              "text": "/tb mute fit/mnist 2h",
              "type": "plain_text",
            },
          ],
          "type": "context",
        },
      ]
    `);
  });

  it("says the same as one text, mentions in front", () => {
    expect(renderFallback(alert)).toMatchInlineSnapshot(`
      "<@U0ANA> Critical · epoch_loss is rising in fit/mnist
      since step 12, see TensorBoard (https://tb.example/#run)
      rule: consecutive_rise
      owner: 
      setting  value
      total    0.1
      rises
      /tb mute fit/mnist 2h"
    `);
  });
});

it("shows only the first table as a table, the next as text, because Slack takes one", () => {
  const table: Block = { kind: "table", columns: ["a"], rows: [["1"]] };
  const types = renderBlocks({ tone: "info", headline: "two", blocks: [table, table] }, "full").map(
    (one) => one.type,
  );
  expect(types).toEqual(["rich_text", "table", "rich_text"]);
});

it.each([
  ["javascript:alert(1)", "a script"],
  ["https://a.example/<x>", "markup inside"],
  [`https://a.example/${"x".repeat(3_000)}`, "longer than Slack takes"],
])("makes no link of an address with %s (%s)", (url) => {
  const blocks = renderBlocks(
    {
      tone: "info",
      headline: "h",
      blocks: [{ kind: "text", content: [{ kind: "link", url, text: "here" }] }],
    },
    "full",
  );
  expect(JSON.stringify(blocks)).not.toContain('"type":"link"');
  expect(JSON.stringify(blocks)).toContain("here");
});
