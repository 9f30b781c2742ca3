import net, { Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { httpCall } from "../../src/chat/dingtalk/http-call.js";
import { type Proxies, readProxies } from "../../src/chat/proxies.js";
import { createWayOut } from "../../src/chat/way-out.js";
import { startConnectProxy } from "../support/connect-proxy.js";
import { type SilentHost, startSilentHost } from "../support/silent-host.js";

const noProxy: Proxies = { http: undefined, https: undefined, except: "" };
const callTo = (url: string, proxies = noProxy) =>
  httpCall({
    ...{ method: "POST", url, body: "the alert" },
    // So long that the connection's own limit must be what ends it.
    timeoutMs: 3_600_000,
    wayOut: createWayOut(proxies),
  });
const neverSent = { kind: "failed", sent: false, code: "UND_ERR_CONNECT_TIMEOUT" };

/** Time passes when the test says so: once for the whole file, for the HTTP client keeps one clock of its own. */
describe("a host with which no connection comes about", () => {
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterAll(() => {
    vi.useRealTimers();
  });

  it("because its first packet is never answered is given up well before the call's own limit, as a call that was never sent, and leaves no socket", async () => {
    const sockets: Socket[] = [];
    let isDialled = (): void => undefined;
    const dialled = new Promise<void>((resolve) => (isDialled = resolve));
    vi.spyOn(net, "connect").mockImplementation(() => {
      const socket = new Socket();
      sockets.push(socket);
      isDialled();
      return socket;
    });
    const call = callTo("http://203.0.113.1/robot/send");
    await dialled;
    await vi.advanceTimersByTimeAsync(7_000);
    expect(await call).toEqual(neverSent);
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true]);
    vi.restoreAllMocks();
  });

  describe("because it never answers in the TLS handshake", () => {
    let host: SilentHost;
    beforeEach(async () => {
      host = await startSilentHost();
    });
    afterEach(() => host.stop());

    const isGivenUp = async (proxies?: Proxies): Promise<void> => {
      const call = callTo(`https://127.0.0.1:${host.port}/robot/send`, proxies);
      await host.hears("\u0016\u0003");
      await vi.advanceTimersByTimeAsync(7_000);
      expect(await call).toEqual(neverSent);
      await host.standing(0);
      expect(host.heard).not.toContain("the alert");
    };

    it("is given up the same", () => isGivenUp());

    it("is given up the same behind a proxy's tunnel", async () => {
      const proxy = await startConnectProxy();
      const read = readProxies({ HTTPS_PROXY: proxy.address });
      if (read.kind !== "proxies") throw new Error("refused");
      await isGivenUp(read.proxies);
      expect(proxy.tunnels).toEqual([`127.0.0.1:${host.port}`]);
      await proxy.stop();
    });
  });
});
