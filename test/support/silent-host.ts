import { type AddressInfo, createServer, type Socket } from "node:net";

/** A host on loopback that takes every connection and never says what is waited for. */
export interface SilentHost {
  readonly port: number;
  /** Connections that stand now. */
  readonly open: number;
  /** What callers sent it, in the order it came. */
  readonly heard: string;
  /** Says something to everybody who is connected. */
  say(bytes: string): void;
  /** Resolves when so many connections stand. */
  standing(count: number): Promise<void>;
  /** Resolves when it has heard this. */
  hears(words: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startSilentHost(): Promise<SilentHost> {
  const lines = new Set<Socket>();
  let heard = "";
  const looks = new Set<() => void>();
  const look = (): void => {
    for (const one of looks) one();
  };
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const one = (): void => {
        if (!holds()) return;
        looks.delete(one);
        resolve();
      };
      looks.add(one);
      one();
    });
  const server = createServer((line) => {
    lines.add(line);
    line.on("error", () => undefined);
    line.on("data", (bytes) => {
      heard += bytes.toString("latin1");
      look();
    });
    line.on("close", () => {
      lines.delete(line);
      look();
    });
    look();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get open() {
      return lines.size;
    },
    get heard() {
      return heard;
    },
    say: (bytes) => lines.forEach((line) => line.write(bytes)),
    standing: (count) => until(() => lines.size === count),
    hears: (words) => until(() => heard.includes(words)),
    async stop() {
      for (const line of lines) line.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
