import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createLine, type Server as LineServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { WebSocket as UndiciWebSocket } from "undici";

import { readProxies } from "../../src/chat/proxies.js";
import { createWayOut, type WayOut } from "../../src/chat/way-out.js";
import { networkCode, wasNeverSent } from "../../src/lib/network-failure.js";
import { type ConnectProxy, startConnectProxy } from "../support/connect-proxy.js";

describe("the way out by a proxy that wants a password", () => {
  let proxy: ConnectProxy;
  let server: Server;
  let lines: WebSocketServer;
  let port: number;
  let requests: number;

  beforeEach(async () => {
    requests = 0;
    proxy = await startConnectProxy();
    server = createServer((request, response) => {
      requests += 1;
      request.resume();
      request.on("end", () => response.end(request.headers["content-type"]));
    });
    lines = new WebSocketServer({ server });
    lines.on("connection", (line) => line.on("message", (said) => line.send(said, { binary: false })));
    port = await listening(server);
  });
  afterEach(async () => {
    expect(proxy.plain).toBe(0);
    await proxy.stop();
    lines.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const way = (env: Readonly<Record<string, string>> = {}): WayOut => {
    const read = readProxies({ HTTP_PROXY: proxy.address, HTTPS_PROXY: proxy.address, ...env });
    if (read.kind !== "proxies") throw new Error(read.problems.join());
    return createWayOut(read.proxies, 300);
  };
  const here = (path = "/"): string => `http://127.0.0.1:${port}${path}`;
  const failureOf = async (out: WayOut, address = here()): Promise<string> => {
    const failure: unknown = await out.fetch(address, { method: "POST", body: "x" }).catch((e: unknown) => e);
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(proxy.password);
    return networkCode(failure) ?? "none";
  };

  it("takes HTTP calls, uploads among them", async () => {
    const form = new FormData();
    form.set("media", new Blob([Uint8Array.from([1, 2, 3])]), "chart.png");
    const answer = await way().fetch(here(), { method: "POST", body: form });
    expect(await answer.text()).toMatch(/^multipart\/form-data; boundary=/);
    expect(proxy.tunnels).toEqual([`127.0.0.1:${port}`]);
  });

  it("takes the WebSockets of both clients, for longer than a tunnel may take to open", async () => {
    const out = way();
    const address = `ws://127.0.0.1:${port}/`;
    const agent = out.agentFor(address);
    if (agent === undefined) throw new Error("no proxy");
    const node = new WebSocket(address, { agent });
    const other = new UndiciWebSocket(address, { dispatcher: out.dispatcher });
    const echo = (line: WebSocket | UndiciWebSocket, text: string): Promise<unknown> =>
      new Promise((resolve) => {
        line.addEventListener("message", ({ data }: { data: unknown }) => resolve(String(data)), {
          once: true,
        });
        line.send(text);
      });
    await Promise.all(
      [node, other].map((line) => new Promise((resolve) => line.addEventListener("open", resolve))),
    );
    expect(await echo(node, "one")).toBe("one");
    expect(await echo(other, "one")).toBe("one");
    // The proxy's answer may take 300 ms here; a line that stands is not cut by that.
    expect(await failureOf(mute(proxy, out))).toBe("PROXY_UNREACHABLE");
    expect(await echo(node, "two")).toBe("two");
    expect(await echo(other, "two")).toBe("two");
    expect(proxy.tunnels).toHaveLength(2);
    node.terminate();
    other.close();
  });

  it("keeps TLS between us and the other side: the proxy carries it and no more", async () => {
    const hellos: number[] = [];
    const raw = createLine((line) =>
      line.once("data", (bytes) => (hellos.push(bytes[0] ?? 0), line.destroy())),
    );
    const secure = await listening(raw);
    await failureOf(way(), `https://127.0.0.1:${secure}/`);
    const agent = way().agentFor(`wss://127.0.0.1:${secure}/`);
    if (agent === undefined) throw new Error("no proxy");
    const line = new WebSocket(`wss://127.0.0.1:${secure}/`, { agent });
    await new Promise((resolve) => line.once("error", resolve));
    // 22: a TLS handshake begins.
    expect(hellos).toEqual([22, 22]);
    expect(proxy.tunnels).toEqual([`127.0.0.1:${secure}`, `127.0.0.1:${secure}`]);
    raw.close();
  });

  it("goes past the proxy where NO_PROXY says so", async () => {
    const out = way({ NO_PROXY: "127.0.0.1" });
    expect((await out.fetch(here())).status).toBe(200);
    expect(out.agentFor(`ws://127.0.0.1:${port}/`)).toBeUndefined();
    expect(proxy.asked).toBe(0);
  });

  it.each([
    { what: "hangs up", mode: "hang-up", code: "PROXY_UNREACHABLE" },
    { what: "never answers", mode: "mute", code: "PROXY_UNREACHABLE" },
    { what: "forbids the host", mode: "forbid", code: "PROXY_REFUSED" },
  ] as const)(
    "says of a proxy that $what that nothing was sent, after asking it once",
    async ({ mode, code }) => {
      proxy.mode = mode;
      expect(await failureOf(way())).toBe(code);
      expect(wasNeverSent(code)).toBe(true);
      expect([proxy.asked, requests]).toEqual([1, 0]);
    },
  );

  it.each([
    ["no password", (given: string) => given.replace(/\/\/[^@]*@/, "//")],
    ["a wrong one", (given: string) => given.replace(/:[^:@]*@/, ":hush@")],
  ])("says of %s that the proxy wants another, to both", async (_what, change) => {
    const out = way({ HTTP_PROXY: change(proxy.address) });
    expect(await failureOf(out)).toBe("PROXY_WANTS_CREDENTIALS");
    const agent = out.agentFor(`ws://127.0.0.1:${port}/`);
    if (agent === undefined) throw new Error("no proxy");
    const line = new WebSocket(`ws://127.0.0.1:${port}/`, { agent });
    const failure = await new Promise((resolve) => line.once("error", resolve));
    expect(networkCode(failure)).toBe("PROXY_WANTS_CREDENTIALS");
    expect(requests).toBe(0);
  });

  it("says of a proxy that is not there that nothing was sent", async () => {
    expect(await failureOf(way({ HTTP_PROXY: "http://127.0.0.1:1" }))).toBe("PROXY_UNREACHABLE");
  });
});

function mute(proxy: ConnectProxy, out: WayOut): WayOut {
  proxy.mode = "mute";
  return out;
}

async function listening(server: Server | LineServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
