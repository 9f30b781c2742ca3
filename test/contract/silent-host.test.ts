import net, { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { httpCall } from "../../src/chat/dingtalk/http-call.js";
import { createWayOut } from "../../src/chat/way-out.js";

/** A host whose first packet is never answered: the socket stays unconnected, and time passes when the test says so. */
describe("a host that never answers a connection", () => {
  const sockets: Socket[] = [];
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    vi.spyOn(net, "connect").mockImplementation(() => {
      const socket = new Socket();
      sockets.push(socket);
      return socket;
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    sockets.length = 0;
  });

  it("is given up well before the call's own limit, as a call that was never sent, and leaves no socket", async () => {
    const call = httpCall({
      ...{ method: "POST", url: "http://203.0.113.1/robot/send", body: "{}" },
      // So long that the connection's own limit must be what ends it.
      timeoutMs: 3_600_000,
      wayOut: createWayOut({ http: undefined, https: undefined, except: "" }),
    });
    await vi.waitFor(() => expect(sockets).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(7_000);
    expect(await call).toEqual({ kind: "failed", sent: false, code: "UND_ERR_CONNECT_TIMEOUT" });
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true]);
  });
});
