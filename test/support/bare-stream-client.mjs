/**
 * The vendor's Stream client exactly as it is published, in a process of its own: led to a gateway on loopback, with its
 * timers in the parent's hands. Words for it come as messages `{op, ...}` and are answered with its state; whatever happens
 * to it is told with its state too.
 */
import { EventEmitter } from "node:events";
import { Socket } from "node:net";
import { setImmediate } from "node:timers";

const { gateway, crashes, ...options } = JSON.parse(process.argv[2] ?? "{}");

let isToBeTold = false;
/** Told once what is under way has settled. */
const happened = () => {
  if (isToBeTold) return;
  isToBeTold = true;
  setImmediate(() => {
    isToBeTold = false;
    if (process.connected) process.send(state());
  });
};

const waiting = new Map();
let serial = 0;
let now = 0;
const clear = globalThis.clearTimeout;
globalThis.setTimeout = (run, ms = 0) => {
  waiting.set(++serial, { run, due: now + ms });
  happened();
  return serial;
};
globalThis.setInterval = (run, ms) => {
  waiting.set(++serial, { run, due: now + ms, every: ms });
  happened();
  return serial;
};
globalThis.clearTimeout = globalThis.clearInterval = (id) =>
  typeof id === "number" ? waiting.delete(id) : clear(id);

// Not an import of ours: the instance that the vendor's client itself uses.
const client = "axios";
const { default: http } = await import(client);
const asked = [];
http.interceptors.request.use((request) => {
  asked.push(new URL(request.url).host);
  happened();
  if (gateway === undefined) throw new Error("not asked in a test");
  return { ...request, url: `${gateway}${new URL(request.url).pathname}` };
});

const { DWClient } = await import("dingtalk-stream");
// Its own list would hold `EVENT *`, which the gateway's double takes for a problem.
const bare = new DWClient({
  clientId: "dingfakeclient",
  clientSecret: "fake-client-secret",
  subscriptions: [],
  ...options,
});
const heard = [];
let exceptions = 0;
let connecting = "not asked";
if (crashes === "are caught") {
  const caught = () => {
    exceptions += 1;
    happened();
  };
  process.on("uncaughtException", caught);
  process.on("unhandledRejection", caught);
}
let attempts = 0;
const connect = bare.connect.bind(bare);
// Counted, no more.
bare.connect = async () => {
  attempts += 1;
  happened();
  await connect();
  attempts -= 1;
  happened();
};
// What it knows of its line it learns from the line's events, and what came is counted by the wire.
const { WebSocket } = await import("ws");
for (const kind of [WebSocket, Socket]) {
  const emit = kind.prototype.emit;
  kind.prototype.emit = function (...given) {
    happened();
    return (emit ?? EventEmitter.prototype.emit).apply(this, given);
  };
}
bare.registerCallbackListener("/v1.0/im/bot/messages/get", (message) => {
  const text = JSON.parse(message.data).text?.content ?? "";
  heard.push(text.trim());
  if (text.includes("throw later")) return Promise.reject(new Error("a bug"));
  if (text.includes("throw")) throw new Error("a bug");
  bare.socketCallBackResponse(message.headers.messageId, null);
});

const state = () => ({
  heard,
  asked,
  exceptions,
  attempts,
  connecting,
  connected: bare.connected,
  socket: bare.socket?.readyState ?? -1,
  bytes: bare.socket?._socket?.bytesRead ?? 0,
  timers: [...waiting.values()].filter(({ every }) => every === undefined).map(({ due }) => due - now),
  intervals: [...waiting.values()].filter(({ every }) => every !== undefined).length,
});

const words = {
  connect: () => {
    connecting = "pending";
    bare
      .connect()
      .then(
        () => (connecting = "resolved"),
        () => (connecting = "rejected"),
      )
      .finally(happened);
  },
  disconnect: () => bare.disconnect(),
  advance: ({ ms }) => {
    const end = now + ms;
    for (;;) {
      const [id, next] = [...waiting].sort((one, other) => one[1].due - other[1].due)[0] ?? [];
      if (next === undefined || next.due > end) break;
      now = next.due;
      if (next.every === undefined) waiting.delete(id);
      else next.due += next.every;
      next.run();
    }
    now = end;
  },
  acknowledge: () => {
    try {
      return String(bare.send("m1", {}));
    } catch (error) {
      return error.message;
    }
  },
  state: () => undefined,
};

process.on("message", ({ id, op, ...given }) => {
  const result = words[op](given);
  process.send({ id, result, ...state() });
});
process.on("disconnect", () => process.exit(0));
process.send({ ready: true });
