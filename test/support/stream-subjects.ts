import { dingtalkTimings } from "../../src/chat/dingtalk/dingtalk-timings.js";
import type { DingTalkTimings } from "../../src/chat/dingtalk/dingtalk-timings.js";
import { type BareClient, startBareClient } from "./bare-stream-client.js";
import { dingTalkPlatformAt } from "./dingtalk-rig.js";
import type { FakeDingTalk } from "./fake-dingtalk/fake-dingtalk.js";
import { createManualTimers } from "./manual-timers.js";

/** A client of Stream mode under the same hands, whoever wrote it. */
export interface StreamSubject {
  /** Begins to connect. */
  connect(): Promise<void>;
  /** Holds until a line is open on both sides. */
  up(): Promise<void>;
  /** Holds until every attempt is over and further ones are waiting. */
  failed(): Promise<void>;
  /** Moves its timers on. */
  advance(ms: number): Promise<void>;
  /** How long until each of its further attempts. */
  attempts(): Promise<readonly number[]>;
  heartbeats(): Promise<number>;
  /** Whether it takes itself for connected. */
  believesConnected(): Promise<boolean>;
  /** What whoever asked it to connect has learnt. */
  learnt(): Promise<string>;
  /** The same, after as long as it is ever willing to wait. */
  learntInTheEnd(): Promise<string>;
  heard(): Promise<readonly string[]>;
  /** Holds until every byte that was sent to it has arrived. */
  received(): Promise<void>;
  printed(): string;
  /** Resolves where its process ends by itself. */
  readonly died: Promise<string>;
  /** The client's own way to end. */
  stop(): Promise<void>;
  discard(): Promise<void>;
}

/** Words at which a listener throws, at once or as a promise. */
export const bug = "throw";
export const laterBug = "throw later";

export interface SubjectOptions {
  /** For the vendor's client: what its constructor is given, and whether uncaught exceptions are caught. */
  readonly bare?: object;
  readonly ours?: Partial<DingTalkTimings>;
}

export async function bareSubject(fake: FakeDingTalk, options: SubjectOptions): Promise<StreamSubject> {
  const client: BareClient = await startBareClient({ gateway: fake.url, ...options.bare }, () =>
    fake.happened(),
  );
  const retries = ({ timers }: { readonly timers: readonly number[] }): readonly number[] =>
    timers.filter((ms) => ms <= 1_000);
  return {
    async connect() {
      await client.tell("connect");
    },
    async up() {
      await fake.until(() => fake.gateway.open > 0);
      await client.until(({ connected }) => connected);
    },
    async failed() {
      await client.until((state) => state.attempts === 0 && !state.connected && retries(state).length > 0);
    },
    async advance(ms) {
      await client.tell("advance", { ms });
    },
    attempts: async () => retries(await client.tell("state")),
    heartbeats: async () => (await client.tell("state")).intervals,
    believesConnected: async () => (await client.tell("state")).connected,
    learnt: async () => (await client.until(({ connecting }) => connecting !== "pending")).connecting,
    async learntInTheEnd() {
      await client.tell("advance", { ms: 3_600_000 });
      return (await client.tell("state")).connecting;
    },
    heard: async () => (await client.tell("state")).heard,
    async received() {
      const { written } = fake.gateway;
      await client.until(({ bytes }) => bytes >= written);
    },
    printed: () => client.printed(),
    died: client.ended.then((code) => `exit ${code}`),
    async stop() {
      await client.tell("disconnect");
    },
    discard: () => client.kill(),
  };
}

export function ourSubject(fake: FakeDingTalk, options: SubjectOptions): StreamSubject {
  const time = createManualTimers();
  const timings = { ...dingtalkTimings, ...options.ours };
  const platform = dingTalkPlatformAt(fake, { clock: time, timers: time, timings });
  const heard: string[] = [];
  let started: Promise<void> = Promise.resolve();
  const isUp = (): boolean => platform.health().state === "up";
  // Neither a handshake that is under way nor a line that has just opened is a pause.
  const attempts = (): readonly number[] =>
    isUp() ? [] : time.waits.filter((ms) => ms !== timings.handshakeMs && ms !== timings.pingMs);
  return {
    connect() {
      started = platform.start(({ text }) => {
        heard.push(text);
        if (text.includes(laterBug)) return Promise.reject(new Error("a bug"));
        if (text.includes(bug)) throw new Error("a bug");
        return Promise.resolve({
          message: { tone: "info", headline: "ok", blocks: [] },
          visibility: "asker",
        });
      });
      return Promise.resolve();
    },
    up: () => fake.until(() => isUp() && fake.gateway.open > 0),
    failed: () => fake.until(() => attempts().length === 1),
    advance: (ms) => {
      time.advance(ms);
      return Promise.resolve();
    },
    attempts: () => Promise.resolve(attempts()),
    heartbeats: () => Promise.resolve(time.waits.filter((ms) => ms <= timings.pingMs).length),
    believesConnected: () => Promise.resolve(isUp()),
    async learnt() {
      await started;
      return platform.health().state;
    },
    async learntInTheEnd() {
      await fake.until(() => time.waits.includes(timings.handshakeMs));
      time.advance(timings.handshakeMs);
      await started;
      return platform.health().state;
    },
    heard: () => Promise.resolve(heard),
    async received() {
      // Frames of one line are read in order.
      await fake.gateway.push("ping", { opaque: "x" }, { type: "SYSTEM", socket: fake.gateway.opened });
    },
    printed: () => JSON.stringify(platform.lines),
    died: new Promise(() => undefined),
    stop: () => platform.stop(),
    discard: () => platform.stop(),
  };
}
