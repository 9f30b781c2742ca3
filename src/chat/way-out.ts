import { Agent as PlainAgent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import type { Socket } from "node:net";
import { connect as secure } from "node:tls";
import { Agent, buildConnector, type Dispatcher } from "undici";

import { type Proxies, proxyFor } from "./proxies.js";
import { openTunnel } from "./tunnel.js";

/** How a platform reaches its vendor: directly, or by the proxy that is configured for the address. */
export interface WayOut {
  readonly fetch: typeof fetch;
  /** For what speaks WebSocket by undici. */
  readonly dispatcher: Dispatcher;
  /** For what speaks WebSocket by Node's own client; undefined where the address is reached directly. */
  agentFor(address: string): PlainAgent | undefined;
}

/** Well below every call's own limit, so that a host that is not reached is told apart from an answer that was lost. */
const connectMs = 5_000;

/**
 * The tunnels are our own: undici's proxy agent asks a proxy that hangs up again and again without a pause, and gives a
 * refused tunnel the name of a cancelled request, which leaves open whether something was sent.
 */
export function createWayOut(proxies: Proxies, timeoutMs = connectMs): WayOut {
  const direct = buildConnector({ timeout: timeoutMs });
  const tunnelFor = (address: URL): (() => Promise<Socket>) | undefined => {
    const proxy = proxyFor(address, proxies);
    if (proxy === undefined) return undefined;
    const port = address.port === "" ? (isSecure(address) ? 443 : 80) : Number(address.port);
    return () => openTunnel({ proxy, host: address.hostname, port, timeoutMs });
  };
  const dispatcher = new Agent({
    connect(options, callback) {
      const { protocol, hostname, port } = options;
      const tunnel = tunnelFor(new URL(`${protocol}//${hostname}:${port}`));
      if (tunnel === undefined) {
        direct(options, callback);
        return;
      }
      tunnel().then(
        (line) => {
          if (protocol === "https:") direct({ ...options, httpSocket: line }, callback);
          else callback(null, line);
        },
        (error: unknown) => callback(asError(error), null),
      );
    },
  });
  return {
    fetch: (input, init) => fetch(input, Object.assign({}, init, { dispatcher })),
    dispatcher,
    agentFor(address) {
      const url = new URL(address);
      const tunnel = tunnelFor(url);
      if (tunnel === undefined) return undefined;
      return Object.assign(isSecure(url) ? new SecureAgent() : new PlainAgent(), {
        createConnection(options: object, done: (error: Error | null, line?: Socket) => void): void {
          tunnel().then(
            (line) => done(null, isSecure(url) ? secure({ ...options, socket: line }) : line),
            (error: unknown) => done(asError(error)),
          );
        },
      });
    },
  };
}

function isSecure({ protocol }: URL): boolean {
  return protocol === "https:" || protocol === "wss:";
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error("no tunnel");
}
