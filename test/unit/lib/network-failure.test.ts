import { describe, expect, it } from "vitest";

import { networkCode, wasNeverSent } from "../../../src/lib/network-failure.js";

describe("a network failure", () => {
  it.each([
    {
      what: "the system's code, under fetch's own words",
      error: nested({ code: "ECONNREFUSED" }),
      code: "ECONNREFUSED",
    },
    {
      what: "the first of several addresses that were tried",
      error: nested({ errors: [{ code: "ENETUNREACH" }, { code: "ECONNREFUSED" }] }),
      code: "ENETUNREACH",
    },
    {
      what: "a timeout, which has a number for a code",
      error: new DOMException("late", "TimeoutError"),
      code: "TimeoutError",
    },
    {
      what: "the cause rather than a library's label",
      error: { code: "slack_webapi_request_error", cause: { code: "EPIPE" } },
      code: "EPIPE",
    },
    { what: "nothing, where there is no code", error: new Error("?"), code: undefined },
    { what: "nothing, where there is no error", error: "boom", code: undefined },
  ])("is known by $what", ({ error, code }) => {
    expect(networkCode(error)).toBe(code);
  });

  it.each([
    ["ECONNREFUSED", true],
    ["ENOTFOUND", true],
    ["UND_ERR_CONNECT_TIMEOUT", true],
    ["ECONNRESET", false],
    ["UND_ERR_SOCKET", false],
    ["TimeoutError", false],
  ])("with code %s came before anything was sent: %s", (code, before) => {
    expect(wasNeverSent(code)).toBe(before);
  });
});

function nested(cause: unknown): unknown {
  return new TypeError("fetch failed", { cause });
}
