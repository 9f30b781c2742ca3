import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { dingtalkTimings } from "../../src/chat/dingtalk/dingtalk-timings.js";
import { httpCall } from "../../src/chat/dingtalk/http-call.js";
import { type Proxies, readProxies } from "../../src/chat/proxies.js";
import { createWayOut } from "../../src/chat/way-out.js";
import { startConnectProxy } from "../support/connect-proxy.js";
import { dingTalkPlatformAt } from "../support/dingtalk-rig.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";
import { createManualTimers, type ManualTimers } from "../support/manual-timers.js";
import { type SilentHost, startSilentHost } from "../support/silent-host.js";

describe("a host that takes a connection and answers nothing", () => {
  let host: SilentHost;
  const callWithin = (timeoutMs: number) =>
    httpCall({
      ...{ method: "POST", url: `http://127.0.0.1:${host.port}/robot/send`, body: "the alert" },
      timeoutMs,
      wayOut: createWayOut({ http: undefined, https: undefined, except: "" }),
    });
  beforeEach(async () => {
    host = await startSilentHost();
  });
  afterEach(() => host.stop());

  it("is given up once the call is sent, as one that may have been done", async () => {
    const call = callWithin(50);
    await host.hears("the alert");
    expect(await call).toMatchObject({ kind: "failed", sent: true });
    await host.standing(0);
  });

  it("is given up in the middle of its answer, however slowly the rest comes", async () => {
    const call = callWithin(50);
    await host.hears("the alert");
    host.say("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
    expect(await call).toMatchObject({ kind: "failed", sent: true });
    await host.standing(0);
  });

  describe("where Stream mode's line should be", () => {
    let fake: FakeDingTalk;
    let platform: ReturnType<typeof dingTalkPlatformAt>;
    let time: ManualTimers;
    const { handshakeMs, backoffFirstMs } = dingtalkTimings;
    let started: Promise<void>;
    /** Begins to connect, and holds until the handshake is under way. */
    const dial = async (scheme: "ws" | "wss", proxies?: Proxies): Promise<void> => {
      const body = { endpoint: `${scheme}://127.0.0.1:${host.port}/connect`, ticket: "t" };
      fake.faults.next("/v1.0/gateway/connections/open", { kind: "answer", status: 200, body });
      time = createManualTimers();
      const given = proxies === undefined ? {} : { proxies };
      platform = dingTalkPlatformAt(fake, { clock: time, timers: time, timings: dingtalkTimings, ...given });
      started = platform.start(() => Promise.reject(new Error("nothing is said here")));
      await host.hears(scheme === "ws" ? "Upgrade: websocket" : "\u0016\u0003");
    };
    const givesUp = async (): Promise<void> => {
      expect(time.waits).toEqual([1]);
      expect([host.open, platform.health().state]).toEqual([1, "connecting"]);
      time.advance(1);
      await started;
      await host.standing(0);
      expect(platform.health().detail).toMatch(/handshake/);
      expect(time.waits).toHaveLength(1);
      expect(time.waits[0]).toBeLessThanOrEqual(backoffFirstMs);
      // The next attempt is led to a gateway that answers.
      time.advance(backoffFirstMs);
      await fake.until(() => platform.health().state === "up");
    };
    beforeEach(async () => {
      fake = await startFakeDingTalk();
    });
    afterEach(async () => {
      await platform.stop();
      expect(time.waits).toEqual([]);
      await fake.stop();
    });

    it.each(["ws", "wss"] as const)("is given up after ten seconds (%s)", async (scheme) => {
      await dial(scheme);
      time.advance(handshakeMs - 1);
      await givesUp();
    });

    it("is given up no later where a word comes now and then", async () => {
      await dial("ws");
      for (const drop of ["HTTP/1.1 101 Switching Protocols\r\n", "x-later: 1\r\n"]) {
        time.advance(handshakeMs / 3);
        host.say(drop);
      }
      time.advance(time.waits[0]! - 1);
      await givesUp();
    });

    it("is given up behind a proxy's tunnel too", async () => {
      const proxy = await startConnectProxy();
      const read = readProxies({ HTTP_PROXY: proxy.address, HTTPS_PROXY: proxy.address });
      if (read.kind !== "proxies") throw new Error("refused");
      await dial("wss", read.proxies);
      time.advance(handshakeMs - 1);
      await givesUp();
      await platform.stop();
      await proxy.stop();
    });

    it("is left at once by a stop", async () => {
      await dial("wss");
      await platform.stop();
      await started;
      await host.standing(0);
    });
  });
});
