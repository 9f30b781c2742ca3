import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** A proxy on loopback that tunnels by CONNECT for whoever knows its password, and forwards nothing else. */
export interface ConnectProxy {
  /** With user and password, as HTTPS_PROXY holds it. */
  readonly address: string;
  readonly password: string;
  /** Where tunnels led, oldest first. */
  readonly tunnels: readonly string[];
  /** Tunnels that stand now. */
  readonly open: number;
  /** Requests for a tunnel, granted or not. */
  readonly asked: number;
  /** Requests other than CONNECT: expected to stay 0. */
  readonly plain: number;
  mode: "open" | "forbid" | "hang-up" | "mute";
  /** Ends every line there is. */
  cut(): void;
  stop(): Promise<void>;
}

export async function startConnectProxy(): Promise<ConnectProxy> {
  const password = "p@ss:w/rd";
  const right = `Basic ${Buffer.from(`tensor bell:${password}`).toString("base64")}`;
  const tunnels: string[] = [];
  const lines = new Set<Socket>();
  const keep = (line: Socket): void => {
    lines.add(line);
    line.on("error", () => undefined);
    line.on("close", () => lines.delete(line));
  };
  const state = { mode: "open" as ConnectProxy["mode"], asked: 0, plain: 0, open: 0 };
  const server = createServer((_request, response) => {
    state.plain += 1;
    response.writeHead(501).end();
  });
  server.on("connection", keep);
  server.on("connect", (request, client: Socket) => {
    state.asked += 1;
    if (state.mode === "mute") return;
    if (state.mode === "hang-up") {
      client.destroy();
      return;
    }
    if (state.mode === "forbid" || request.headers["proxy-authorization"] !== right) {
      const status = state.mode === "forbid" ? "403 Forbidden" : "407 Proxy Authentication Required";
      client.end(`HTTP/1.1 ${status}\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const target = request.url ?? "";
    tunnels.push(target);
    const { hostname, port } = new URL(`http://${target}`);
    const far = connect(Number(port), hostname, () => {
      state.open += 1;
      far.once("close", () => (state.open -= 1));
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      far.pipe(client).pipe(far);
    });
    keep(far);
    far.on("close", () => client.destroy());
    client.on("close", () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://tensor%20bell:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    password,
    tunnels,
    get open() {
      return state.open;
    },
    get asked() {
      return state.asked;
    },
    get plain() {
      return state.plain;
    },
    get mode() {
      return state.mode;
    },
    set mode(mode) {
      state.mode = mode;
    },
    cut() {
      for (const line of lines) line.destroy();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const line of lines) line.destroy();
      }),
  };
}
