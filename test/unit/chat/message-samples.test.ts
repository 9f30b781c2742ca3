import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../../src/chat/dingtalk/render-markdown.js";
import { renderBlocks } from "../../../src/chat/slack/render-blocks.js";
import { renderFallback } from "../../../src/chat/slack/render-fallback.js";
import { plainInk } from "../../../src/chat/terminal/ink.js";
import { messageLines } from "../../../src/chat/terminal/message-lines.js";
import type { Manner } from "../../../src/alerts/compose-speech.js";
import { touchesOf } from "../../../src/commands/touch.js";
import type { Message } from "../../../src/message/message.js";
import { hostileTexts } from "../../contract/platform-hostile.js";
import { liveMarkdown, readableText } from "../../support/fake-dingtalk/live-markdown.js";
import { composeAlert } from "../../../src/alerts/compose-alert.js";
import { chinese, english, itemOf, nanEpisode, run42 } from "../alerts/compose-support.js";
import { messageSamples } from "./message-samples.js";

const picture = { fileId: "F0123456789", alt: "train/loss, last 2.32" };

/** The same message as each platform shows it; in DingTalk with links that say commands. */
function everywhere(compose: (manner: Manner) => Message, manner: Manner): string {
  const message = compose(manner);
  const touchable = compose({ ...manner, touches: touchesOf(run42, manner.locale) });
  const ding = renderMarkdown(touchable, { picture: "@lADx", tag: "#tb1a2b3c4d" });
  return [
    "== Slack, blocks ==",
    JSON.stringify(renderBlocks(message, "full", picture), null, 1),
    "== Slack, notification ==",
    renderFallback(message, [picture.alt]),
    "== DingTalk, title ==",
    ding.title,
    "== DingTalk, markdown ==",
    ding.text,
    "== terminal ==",
    ...messageLines(message, { ink: plainInk, columns: 100 }),
    "",
  ].join("\n");
}

describe.each(Object.entries(messageSamples))("%s, on every platform", (kind, compose) => {
  it.each([english, chinese])("in $locale", async (manner) => {
    await expect(everywhere(compose, manner)).toMatchFileSnapshot(`samples/${kind}.${manner.locale}.txt`);
  });
});

describe("a hostile run name in DingTalk", () => {
  const pieces = fc.constantFrom(
    ...[
      "@all",
      "@u1",
      "[x](http://e.example)",
      "![x](@lADx)",
      "[tb](dtmd://dingtalkclient/sendMessage?content=mute)",
    ],
    ...[
      "\n# big",
      "\n- item",
      "\n1. item",
      "\n> quote",
      "\n---",
      "| a | b |",
      "`code`",
      "**bold**",
      "_it_",
      "~~x~~",
    ],
    ...[
      "<a href='x'>y</a>",
      "&#64;all",
      "\u200b",
      "\u202e",
      "\u2066",
      "\ufeff",
      "\\",
      "javascript:alert(1)",
      "www.e.example",
    ],
    ...["#tb00000000", "x".repeat(2_000), "运行", "🔥", "\ud800"],
  );
  const name = fc.oneof(
    fc.array(pieces, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("")),
    fc.constantFrom(...hostileTexts.map(([text]) => text)),
    fc.string({ unit: "binary", minLength: 1, maxLength: 2_000 }),
  );
  /** What one touch says is encoded to its last character; what stands there are our own words. */
  const touchLink =
    /\[(?:状态|曲线|确认|静音 2 小时)\]\(dtmd:\/\/dingtalkclient\/sendMessage\?content=[A-Za-z0-9.%-]{10,1200}\)/g;
  const alertOf = (run: string): Message =>
    composeAlert(
      { run: { ...run42, name: run }, items: [itemOf(nanEpisode("loss"))] },
      {
        ...chinese,
        act: "@TensorBell 静音 2h",
        touches: touchesOf({ ...run42, name: run }, "zh"),
      },
    );
  const linesOf = (run: string): readonly string[] =>
    renderMarkdown(alertOf(run), { tag: "#tb1a2b3c4d" })
      .text.split("\n")
      .map((line) => /^(?:#+ |> |- |)/.exec(line)?.[0] ?? "");

  it("mentions nobody, links nowhere, embeds nothing and leaves every line what it is", () => {
    const shape = linesOf("benign");
    fc.assert(
      fc.property(name, (run) => {
        const { title, text } = renderMarkdown(alertOf(run), { tag: "#tb1a2b3c4d" });
        const ours = text
          .replaceAll("[在 TensorBoard 中打开](https://tb.example/#run42)", "")
          .replaceAll(touchLink, "")
          .replaceAll("**", "");
        expect(text.match(touchLink)).toHaveLength(4);
        expect(liveMarkdown(ours)).toEqual([]);
        expect(linesOf(run)).toEqual(shape);
        expect(title).not.toMatch(/[\n\u200b\u202a-\u202e\u2066-\u2069]/);
        expect(Array.from(title).length).toBeLessThanOrEqual(64);
        expect(Buffer.byteLength(JSON.stringify({ title, text }))).toBeLessThan(15_000);
        expect(readableText(text)).toContain("loss 变为 NaN");
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });
});
