import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import type { Socket } from "node:net";

/** A proxy that gave no tunnel: nothing of the call behind it was sent. The words never hold the proxy's credentials. */
export class NoTunnel extends Error {
  readonly code: "PROXY_UNREACHABLE" | "PROXY_WANTS_CREDENTIALS" | "PROXY_REFUSED";

  constructor(code: NoTunnel["code"], reason: string) {
    super(reason);
    this.code = code;
  }
}

export interface TunnelRequest {
  readonly proxy: URL;
  readonly host: string;
  readonly port: number;
  /** From the first packet to the proxy's answer. */
  readonly timeoutMs: number;
}

/** Asks a proxy to connect to a host (CONNECT) and resolves with the bare line; rejects with NoTunnel alone. */
export function openTunnel({ proxy, host, port, timeoutMs }: TunnelRequest): Promise<Socket> {
  const request = proxy.protocol === "https:" ? secureRequest : plainRequest;
  const target = `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    const asking = request({
      method: "CONNECT",
      host: proxy.hostname.replaceAll(/^\[|\]$/g, ""),
      port: proxy.port === "" ? (proxy.protocol === "https:" ? 443 : 80) : Number(proxy.port),
      path: target,
      headers: {
        host: target,
        connection: "keep-alive",
        "proxy-connection": "keep-alive",
        ...credentialsOf(proxy),
      },
      agent: false,
    });
    // Not a signal of the request: it would cut the line long after the proxy has answered.
    const late = setTimeout(() => asking.destroy(new Error("late")), timeoutMs);
    asking.once("close", () => clearTimeout(late));
    asking.once("connect", ({ statusCode }, socket, head) => {
      clearTimeout(late);
      if (statusCode === 200) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(refusal(statusCode));
    });
    asking.once("response", (answer) => {
      answer.destroy();
      reject(refusal(answer.statusCode));
    });
    asking.once("error", (error) => {
      const { code } = error as NodeJS.ErrnoException;
      reject(
        new NoTunnel("PROXY_UNREACHABLE", `the proxy cannot be reached (${code ?? "no answer in time"})`),
      );
    });
    asking.end();
  });
}

function refusal(status: number | undefined): NoTunnel {
  if (status === 407)
    return new NoTunnel("PROXY_WANTS_CREDENTIALS", "the proxy does not accept the credentials");
  return new NoTunnel("PROXY_REFUSED", `the proxy answers HTTP ${status ?? "?"}`);
}

function credentialsOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === "" && password === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}
