import type { Socket } from "node:net";

import type { Dispatcher } from "undici";
import { Agent, buildConnector } from "undici";

/** The connection below one link: cut when nothing has come over it for a while, or when it is told to. */
export interface WatchedLine {
  readonly dispatcher: Dispatcher;
  cut(): void;
}

/**
 * A dead line (a sleeping laptop, a forgotten NAT entry) looks open. The client pings every few seconds, so silence from the
 * other side for `silentMs` means that it is dead; cutting it here ends the link at once instead of after half a minute.
 */
export function createWatchedLine(silentMs: number): WatchedLine {
  const lines = new Set<Socket>();
  // The WebSocket needs a connection of its own, which HTTP/2 would share.
  const connect = buildConnector({ allowH2: false });
  const dispatcher = new Agent({
    connect: (options, callback) => {
      connect(options, (...[error, line]) => {
        if (error !== null) {
          callback(error, null);
          return;
        }
        lines.add(line);
        line.once("close", () => lines.delete(line));
        watch(line, silentMs);
        callback(null, line);
      });
    },
  });
  return {
    dispatcher,
    cut() {
      for (const line of lines) line.destroy();
    },
  };
}

function watch(line: Socket, silentMs: number): void {
  let before = -1;
  const timer = setInterval(() => {
    if (line.bytesRead === before) line.destroy();
    before = line.bytesRead;
  }, silentMs);
  timer.unref();
  line.once("close", () => clearInterval(timer));
}
