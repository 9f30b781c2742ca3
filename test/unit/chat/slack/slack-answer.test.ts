import { describe, expect, it } from "vitest";

import { redact } from "../../../../src/chat/slack/sdk-logger.js";
import { isResponseAddress } from "../../../../src/chat/slack/slack-answer.js";
import { faultOf } from "../../../../src/chat/slack/slack-fault.js";

const slack = "https://slack.com/api/";
const local = "http://127.0.0.1:4000/api/";

describe("an address to answer to", () => {
  it.each([
    ["https://hooks.slack.com/commands/T1/2/x", slack, true],
    ["http://hooks.slack.com/commands/T1/2/x", slack, false],
    ["https://hooks.slack.com.evil.example/x", slack, false],
    ["https://hooks.slack.com:8443/x", slack, false],
    ["https://user@hooks.slack.com/x", slack, false],
    ["https://evil.example/hooks.slack.com", slack, false],
    ["http://169.254.169.254/latest", slack, false],
    ["http://127.0.0.1:4000/response/x", slack, false],
    ["http://127.0.0.1:4000/response/x", local, true],
    ["http://127.0.0.1:6379/", local, false],
    ["https://127.0.0.1:4000/", local, false],
    ["https://hooks.slack.com/x", local, false],
    ["not a url", slack, false],
  ])("%s with the API at %s: %s", (url, api, expected) => {
    expect(isResponseAddress(url, api)).toBe(expected);
  });
});

it.each([
  ["tokens", "Bearer xoxb-12-ab and xapp-1-A-b xoxe.xoxp-1", "Bearer [secret] and [secret] [secret]"],
  [
    "a socket's address",
    "open wss://wss-primary.slack.com/link/?ticket=abc now",
    "open [socket address] now",
  ],
  ["a response address", "to https://hooks.slack.com/commands/T1/2/x.", "to [secret address]"],
  ["an upload address", "to https://files.slack.com/upload/v1/abc", "to [secret address]"],
])("takes %s out of what the packages log", (_what, given, expected) => {
  expect(redact(given)).toBe(expected);
});

it("calls an error it does not know unclear, never lost", () => {
  expect(faultOf(new TypeError("terminated"))).toMatchObject({ kind: "unclear" });
  expect(faultOf(undefined)).toMatchObject({ kind: "unclear" });
  expect(
    faultOf({
      code: "slack_webapi_request_error",
      original: new Error("x"),
      cause: { code: "ECONNREFUSED" },
    }),
  ).toMatchObject({ kind: "later" });
});
