import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The vendor's client in a process of its own, which it may end. */
export interface BareClient {
  tell(
    op: "connect" | "disconnect" | "acknowledge" | "state" | "advance",
    given?: { readonly ms: number },
  ): Promise<BareState>;
  /** Holds until its state is so. */
  until(condition: (state: BareState) => boolean): Promise<BareState>;
  /** What it printed, on both channels. */
  printed(): string;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  kill(): Promise<void>;
}

export type BareState = z.infer<typeof stateSchema>;

const stateSchema = z.object({
  /** Of the word that it answers; what is told unasked has none. */
  id: z.number().optional(),
  result: z.string().optional(),
  heard: z.array(z.string()),
  /** Hosts that it wanted to call. */
  asked: z.array(z.string()),
  exceptions: z.number(),
  /** Attempts to connect that are under way. */
  attempts: z.number(),
  /** What became of `connect()`. */
  connecting: z.string(),
  connected: z.boolean(),
  /** As `WebSocket.readyState`; -1 where there is none. */
  socket: z.number(),
  bytes: z.number(),
  /** How long until each of its timeouts. */
  timers: z.array(z.number()),
  intervals: z.number(),
});

const script = fileURLToPath(new URL("bare-stream-client.mjs", import.meta.url));

export async function startBareClient(
  options: object,
  onPrint: () => void = () => undefined,
): Promise<BareClient> {
  const child: ChildProcess = fork(script, [JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: [],
  });
  let printed = "";
  for (const channel of [child.stdout, child.stderr])
    channel?.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
      onPrint();
    });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await new Promise((resolve, reject) => {
    child.once("message", resolve);
    void ended.then(() => reject(new Error(`the vendor's client did not start\n${printed}`)));
  });
  let serial = 0;
  const tell: BareClient["tell"] = (op, given) =>
    new Promise((resolve, reject) => {
      const id = ++serial;
      const take = (message: unknown): void => {
        const state = stateSchema.parse(message);
        if (state.id !== id) return;
        child.off("message", take);
        resolve(state);
      };
      child.on("message", take);
      void ended.then(() => reject(new Error(`the vendor's client ended\n${printed}`)));
      child.send({ id, op, ...given }, (error) => {
        if (error !== null) reject(error);
      });
    });
  return {
    tell,
    ended,
    printed: () => printed,
    async until(condition) {
      let last: BareState | undefined;
      let look = (_message: unknown): void => undefined;
      let late: NodeJS.Timeout | undefined;
      const came = new Promise<BareState>((resolve, reject) => {
        look = (message) => {
          last = stateSchema.parse(message);
          if (condition(last)) resolve(last);
        };
        void ended.then(() => reject(new Error(`the vendor's client ended\n${printed}`)));
        late = setTimeout(
          () => reject(new Error(`never happened: ${condition.toString()}\n${JSON.stringify(last)}`)),
          20_000,
        );
      });
      child.on("message", look);
      try {
        await Promise.all([came, tell("state")]);
        return await came;
      } finally {
        child.off("message", look);
        clearTimeout(late);
      }
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
