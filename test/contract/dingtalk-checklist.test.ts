import { describe, expect, it } from "vitest";
import { type ChecklistItem, expectHeld } from "../support/checklist.js";

const line = "contract/platform.dingtalk-line.test.ts";
const stream = "contract/platform.dingtalk-stream.test.ts";
const delivery = "contract/platform.dingtalk-delivery.test.ts";
const token = "contract/platform.dingtalk-token.test.ts";
const webhook = "contract/platform.dingtalk-webhook-delivery.test.ts";
const cards = "contract/platform.dingtalk-cards.test.ts";
const platform = "contract/platform.ts";
const fake = "contract/platform.fake-dingtalk.test.ts";
const hostile = "contract/platform.dingtalk-hostile.test.ts";
const markdown = "unit/chat/dingtalk/render-markdown.test.ts";
const budget = "unit/chat/dingtalk/budget.test.ts";
const silentHost = "contract/silent-host.test.ts";
const silentLine = "contract/silent-line.test.ts";
const e2e = "e2e/dingtalk-conversation.test.ts";

/** Everything DingTalk can do to us, and the test that shows what becomes of it. */
const checklist: readonly ChecklistItem[] = [
  { what: "a ticket with + / = connects", by: [[stream, "a ticket that must be encoded"]] },
  { what: "no ticket is used twice", by: [[line, "uses none twice"]] },
  {
    what: "frames that are none: the process lives, they are counted, the next message is heard",
    by: [
      [stream, "outlives %s and hears what follows"],
      [stream, "counts the frames it could not read"],
    ],
  },
  {
    what: "commands that throw: acknowledged, the line stays",
    by: [[stream, "also one that throws, at once or later"]],
  },
  { what: "five minutes of refused handshakes", by: [[line, "refused for five minutes"]] },
  {
    what: "a handshake without an answer",
    by: [
      [line, "gives up a handshake that is never answered"],
      [line, "gives up a gateway call that is never answered"],
      [silentHost, "because it never answers in the TLS handshake"],
      [silentLine, "is given up after ten seconds"],
    ],
  },
  {
    what: "the server's goodbye loses nothing",
    by: [
      [line, "loses and doubles nothing"],
      [line, "where the server forgets to"],
    ],
  },
  { what: "a line that drops during a command", by: [[line, "over another line than the frame's own"]] },
  {
    what: "a message that comes twice, on one line or two",
    by: [
      [stream, "hears a message once, however often it comes"],
      [line, "loses and doubles nothing"],
    ],
  },
  {
    what: "a dead line is noticed within 90 s, and a quiet one is kept",
    by: [
      [line, "notices within ninety seconds"],
      [line, "keeps a line over which nothing comes but pongs"],
    ],
  },
  { what: "stop leaves nothing, in every state", by: [[line, "leaves nothing behind when it stops"]] },
  {
    what: "a minute without DingTalk",
    by: [
      [line, "while DingTalk is away for a minute"],
      [e2e, "loses and doubles nothing while DingTalk is away"],
    ],
  },
  { what: "pings are answered with what they carry", by: [[stream, "answers pings with what they carry"]] },
  {
    what: "a refusing gateway: hints, seldom asked, recovers",
    by: [[line, "says what to check where the gateway refuses"]],
  },
  {
    what: "the signature: its sum, encoded once, new at each sending",
    by: [
      [webhook, "signs as the documentation's sum does"],
      [webhook, "encodes the signature once"],
      [webhook, "signed anew"],
    ],
  },
  {
    what: "the four refusals of a robot's security settings, each with its remedy",
    by: [[webhook, "says what to do about %s, and does not insist"]],
  },
  {
    what: "18 a minute, and ten minutes' rest after being too fast",
    by: [
      [webhook, "says 18 of 40 messages in the first minute"],
      [webhook, "stays quiet for ten minutes"],
    ],
  },
  { what: "success is read from the body", by: [[webhook, "from the body, not from the status"]] },
  {
    what: "one token for many, renewed early, once",
    by: [
      [token, "is asked for once for fifty sendings at once"],
      [token, "is renewed once where it was refused"],
      [token, "for fifty sendings that were refused the old one"],
      [token, "stays where a call that took the one before"],
      [token, "where the old API refuses it"],
    ],
  },
  {
    what: "a card is one, however its answer was lost",
    by: [[cards, "is one card, however its answer was lost"]],
  },
  {
    what: "what may have been sent is not repeated blindly",
    by: [[delivery, "never repeats blindly what may have been sent"]],
  },
  {
    what: "a card that was delivered nowhere becomes a message",
    by: [
      [cards, "gives way to a message where %s"],
      [cards, "which DingTalk calls a success"],
    ],
  },
  {
    what: "a card is updated by key and with strings",
    by: [
      [fake, "updates it only by key and with strings"],
      [cards, "is updated in place"],
    ],
  },
  {
    what: "hostile names are inert on every way out, and name nobody",
    by: [
      [platform, "keeps hostile text inert wherever it stands"],
      [hostile, "is inert on a card"],
      [hostile, "is inert in an answer"],
      [hostile, "is inert in what a person is told directly"],
      [webhook, "names people by id, and never everybody"],
      [e2e, "keeps a hostile run name harmless"],
    ],
  },
  {
    what: "byte limits, cut between characters",
    by: [
      [markdown, "cuts bytes between characters"],
      [cards, "keeps each value within its kilobyte"],
      [platform, "far beyond any limit, cut"],
    ],
  },
  {
    what: "an upload is well-formed and small, its id stays as it is",
    by: [
      [delivery, "keeps its id as it is"],
      [fake, "answers an upload of"],
    ],
  },
  {
    what: "an upload that fails leaves the alert with a sketch",
    by: [
      [delivery, "with its sketch where the picture cannot be uploaded"],
      [delivery, "with its sketch where the picture is larger than DingTalk takes"],
    ],
  },
  {
    what: "how people type: leading space, full width, pasted text, bare verbs",
    by: [
      ["unit/commands/grammar.test.ts", "a full-width slash and letters"],
      ["unit/commands/grammar.test.ts", "spaces that do not break and spaces of no width"],
      ["unit/commands/grammar.test.ts", "a mention as people type it"],
      [stream, "does not hear its own messages, pictures and voices"],
      [e2e, "takes a quoted alert for its run"],
    ],
  },
  {
    what: "whose run a quote means",
    by: [
      [stream, "by the key of any of its messages"],
      [stream, "by the key that a client sends as the quoted message's own id"],
      [stream, "by the tag in the quoted text"],
      [stream, "not by a tag in somebody else's message"],
      [stream, "because only one was spoken of lately, and not where there were two"],
      [stream, "after a restart too"],
      [cards, "is what a quote of it means"],
    ],
  },
  {
    what: "who may: strangers, other organisations, clicks",
    by: [
      [stream, "knows %s"],
      [cards, "knows a stranger's click"],
      [e2e, "refuses a stranger's change"],
    ],
  },
  {
    what: "a session that is over, or not DingTalk's",
    by: [
      [stream, "by the API where the session is over"],
      [stream, "by the API where the session is not DingTalk's"],
    ],
  },
  {
    what: "clicks: answered in time, both forms of their payload, once",
    by: [
      [cards, "answers in time, and tells the group"],
      [cards, "answers a click although no store answers"],
      [cards, "is updated for everybody only after its click was answered"],
      [cards, "knows a stranger's click"],
      [stream, "takes a card's click that comes twice for one"],
    ],
  },
  {
    what: "used-up quota, heard of either way",
    by: [
      [stream, "tells of used-up messages and lives on"],
      [delivery, "by the overflow once the quota is nearly used up"],
      [fake, "ends at the month's quota"],
    ],
  },
  {
    what: "a page instead of an answer, and a ban of five minutes",
    by: [
      [delivery, "rests every call while its address is banned"],
      [token, "rests every call where it is the token's"],
    ],
  },
  {
    what: "the month's tiers, and its turn in China",
    by: [
      [budget, "saves pictures and card updates before alarms"],
      [budget, "turns the month in China"],
    ],
  },
  {
    what: "no secret in a log",
    by: [
      [delivery, "writes no secret to the log"],
      [webhook, "writes no address and no secret to the log"],
      [e2e, "wrote no secret to its log in all of this"],
      ["contract/platform.proxy.test.ts", "says, shows and hears everything by it"],
    ],
  },
  {
    what: "what quotes and cards mean survives a restart",
    by: [
      [stream, "after a restart too"],
      [cards, "is one after a restart too, found by a quote and by a click"],
      ["contract/dingtalk-stores.ts", "keeps marks by place, the last one put"],
    ],
  },
  {
    what: "requests as the vendor's models have them",
    by: [[fake, "refuses each field that is missing, of another type, or not the vendor's"]],
  },
  {
    what: "no network but loopback",
    by: [[fake, "lets nobody reach %s meanwhile"]],
  },
];

describe("what the DingTalk platform is held to", () => {
  it.each(checklist.map((item) => [item.what, item] as const))("%s", (_what, item) => expectHeld(item));

  it("is all of it", () => {
    expect(checklist).toHaveLength(39);
  });
});
