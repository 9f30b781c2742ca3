import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readDingTalkOptions } from "../../src/chat/dingtalk/dingtalk-config.js";
import { dingtalkTimings } from "../../src/chat/dingtalk/dingtalk-timings.js";
import { StreamLine } from "../../src/chat/dingtalk/stream-line.js";
import { createWayOut } from "../../src/chat/way-out.js";
import { startBareClient } from "../support/bare-stream-client.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";
import { createManualTimers } from "../support/manual-timers.js";
import {
  bareSubject,
  bug,
  laterBug,
  ourSubject,
  type StreamSubject,
  type SubjectOptions,
} from "../support/stream-subjects.js";

const gatewayPath = "/v1.0/gateway/connections/open";
const never = new Promise<string>(() => undefined);

interface Scene {
  readonly fake: FakeDingTalk;
  readonly subject: StreamSubject;
}

/** One defect of the vendor's client, played the same way to it and to ours. */
interface Defect {
  readonly number: number;
  readonly defect: string;
  readonly options?: SubjectOptions & { readonly tickets?: "strange" };
  play(scene: Scene): Promise<unknown>;
  /** What is seen of the vendor's client: the defect. */
  readonly bare: unknown;
  readonly ours: unknown;
}

/** Whether what a person says now is acknowledged, or the process is gone before. */
function nextIsAnswered({ fake, subject }: Scene, text = "status"): Promise<string> {
  const answered = fake.says({ text }).then((ack) => (ack === undefined ? never : `answered ${ack.code}`));
  return Promise.race([answered, subject.died]);
}

function gatewayCalls(fake: FakeDingTalk): number {
  return fake.calls.filter(({ path }) => path === gatewayPath).length;
}

/** Numbered as the project's list of what is wrong with dingtalk-stream 2.1.5. */
const defects: readonly Defect[] = [
  {
    number: 1,
    defect: "a frame that is no JSON ends the process",
    async play(scene) {
      await scene.subject.connect();
      await scene.subject.up();
      scene.fake.gateway.raw("{bad");
      return nextIsAnswered(scene);
    },
    bare: "exit 1",
    ours: "answered 200",
  },
  {
    number: 2,
    defect:
      "with exceptions caught, such a frame leaves a line that hears nothing, not even the server's goodbye",
    options: { bare: { crashes: "are caught" } },
    async play({ fake, subject }) {
      await subject.connect();
      await subject.up();
      fake.gateway.raw("{bad");
      void fake.says({ text: "status" });
      await subject.received();
      fake.gateway.hangUp();
      if ((await subject.heard()).length > 0) await subject.failed();
      else await subject.received();
      const attempts = await subject.attempts();
      return {
        heard: await subject.heard(),
        connected: await subject.believesConnected(),
        attempts: attempts.length,
      };
    },
    bare: { heard: [], connected: true, attempts: 0 },
    ours: { heard: ["status"], connected: false, attempts: 1 },
  },
  {
    number: 3,
    defect: "a listener that throws ends the process, and nothing is acknowledged",
    async play(scene) {
      await scene.subject.connect();
      await scene.subject.up();
      return nextIsAnswered(scene, bug);
    },
    bare: "exit 1",
    ours: "answered 200",
  },
  {
    number: 3,
    defect: "a listener that rejects ends the process, and nothing is acknowledged",
    async play(scene) {
      await scene.subject.connect();
      await scene.subject.up();
      return nextIsAnswered(scene, laterBug);
    },
    bare: "exit 1",
    ours: "answered 200",
  },
  {
    number: 4,
    defect: "each refused handshake doubles the attempts under way, and later the lines",
    async play({ fake, subject }) {
      fake.gateway.mode = "refuse";
      await subject.connect();
      await subject.failed();
      for (let second = 0; second < 4; second += 1) {
        const due = (await subject.attempts()).some((ms) => ms <= 1_000);
        const before = gatewayCalls(fake);
        await subject.advance(1_000);
        if (due) await fake.until(() => gatewayCalls(fake) > before);
        await subject.failed();
      }
      const calls = gatewayCalls(fake);
      fake.gateway.mode = "open";
      const waiting = await subject.attempts();
      await subject.advance(60_000);
      await fake.until(() => fake.gateway.open === waiting.length);
      return { asksEverMore: calls > 5, calls: calls > 5 ? calls : "few", lines: fake.gateway.open };
    },
    bare: { asksEverMore: true, calls: 31, lines: 32 },
    ours: { asksEverMore: false, calls: "few", lines: 1 },
  },
  {
    number: 5,
    defect: "the pause before the next attempt never grows",
    async play({ fake, subject }) {
      fake.faults.always(gatewayPath, { kind: "answer", status: 503, body: "busy" });
      await subject.connect();
      const pauses: number[] = [];
      for (let attempt = 1; attempt <= 4; attempt += 1) {
        await fake.until(() => gatewayCalls(fake) === attempt);
        await subject.failed();
        const [pause = 0] = await subject.attempts();
        pauses.push(pause);
        await subject.advance(pause);
      }
      return (pauses[3] ?? 0) >= 4 * (pauses[0] ?? 0) ? "grows" : pauses;
    },
    bare: [1_000, 1_000, 1_000, 1_000],
    ours: "grows",
  },
  {
    number: 6,
    defect: "whoever asked it to connect is told that it did, whatever the gateway says",
    async play({ fake, subject }) {
      fake.faults.always(gatewayPath, {
        kind: "answer",
        status: 401,
        body: { code: "authFailed", message: "no" },
      });
      await subject.connect();
      return subject.learnt();
    },
    bare: "resolved",
    ours: "unauthorised",
  },
  {
    number: 7,
    defect: "a handshake that is never answered is waited for without an end",
    async play({ fake, subject }) {
      fake.gateway.mode = "mute";
      await subject.connect();
      await fake.until(() => fake.gateway.reached === 1);
      const learnt = await subject.learntInTheEnd();
      return { learnt, attempts: (await subject.attempts()).length };
    },
    bare: { learnt: "pending", attempts: 0 },
    ours: { learnt: "connecting", attempts: 1 },
  },
  {
    number: 8,
    defect: "at the server's goodbye it waits, deaf, instead of opening the next line",
    async play({ fake, subject }) {
      await subject.connect();
      await subject.up();
      await subject.advance(2_000);
      fake.gateway.goodbye();
      await subject.received();
      if (await subject.believesConnected()) await fake.until(() => fake.gateway.opened === 2);
      const ack = await fake.says({ text: "status" });
      return { lost: fake.gateway.lost, ack: ack?.code, attempts: (await subject.attempts()).length };
    },
    bare: { lost: 1, ack: undefined, attempts: 0 },
    ours: { lost: 0, ack: 200, attempts: 0 },
  },
  {
    number: 9,
    defect: "an attempt that is waiting outlives its stop, and connects",
    async play({ fake, subject }) {
      await subject.connect();
      await subject.up();
      fake.gateway.cut();
      await subject.failed();
      await subject.stop();
      const attempts = (await subject.attempts()).length;
      await subject.advance(60_000);
      if (attempts > 0) await fake.until(() => fake.gateway.open > 0);
      return { attempts, lines: fake.gateway.open };
    },
    bare: { attempts: 1, lines: 1 },
    ours: { attempts: 0, lines: 0 },
  },
  {
    number: 10,
    defect: "the heartbeats of lines that are gone go on",
    options: { bare: { keepAlive: true } },
    async play({ fake, subject }) {
      await subject.connect();
      await subject.up();
      for (let times = 1; times <= 3; times += 1) {
        fake.gateway.cut();
        await fake.until(() => fake.gateway.open === 0);
        await subject.failed();
        const [pause = 0] = await subject.attempts();
        await subject.advance(pause);
        await subject.up();
      }
      return subject.heartbeats();
    },
    bare: 4,
    ours: 1,
  },
  {
    number: 12,
    defect: "a ticket with + / = in it is not encoded, so the gateway does not know it",
    options: { tickets: "strange" },
    async play({ fake, subject }) {
      await subject.connect();
      await fake.until(() => fake.gateway.open > 0 || fake.gateway.problems.length > 0);
      return { lines: fake.gateway.open, problems: fake.gateway.problems };
    },
    bare: { lines: 0, problems: ["a ticket that is none of ours"] },
    ours: { lines: 1, problems: [] },
  },
  {
    number: 14,
    defect: "a frame of a topic or a kind it does not know is never answered, where 404 is asked for",
    async play(scene) {
      const { fake, subject } = scene;
      await subject.connect();
      await subject.up();
      const codes: unknown[] = [];
      void fake.gateway.push("/v1.0/graph/api/invoke", {}).then((ack) => codes.push(ack?.code));
      void fake.gateway.push("any", {}, { type: "OTHER" }).then((ack) => codes.push(ack?.code));
      await nextIsAnswered(scene);
      return codes;
    },
    bare: [],
    ours: [404, 404],
  },
  {
    number: 15,
    defect: "it prints, and what it prints for debugging holds the secret and the ticket",
    options: { bare: { debug: true } },
    async play({ fake, subject }) {
      await subject.connect();
      await subject.up();
      await fake.until(() => /connect success|dingtalk_connected/.test(subject.printed()));
      const printed = subject.printed();
      return { secret: printed.includes(fake.world.clientSecret), ticket: /ticket=/.test(printed) };
    },
    bare: { secret: true, ticket: true },
    ours: { secret: false, ticket: false },
  },
];

describe("defect 11 of the vendor's Stream client: it knows one gateway, whatever address it is given", () => {
  it("is there in the client as it is published", async () => {
    const client = await startBareClient({ endpoint: "http://127.0.0.1:9" });
    try {
      await client.tell("connect");
      expect((await client.until(({ asked }) => asked.length > 0)).asked).toEqual(["api.dingtalk.com"]);
    } finally {
      await client.kill();
    }
  });

  it("is not in ours", async () => {
    const fake = await startFakeDingTalk();
    const subject = ourSubject(fake, {});
    await subject.connect();
    await subject.up();
    expect(gatewayCalls(fake)).toBe(1);
    await subject.stop();
    await fake.stop();
  });
});

describe("defect 13 of the vendor's Stream client: an acknowledgement without a line is lost without a word, or throws", () => {
  it("is there in the client as it is published", async () => {
    const fake = await startFakeDingTalk();
    fake.gateway.mode = "mute";
    const client = await startBareClient({ gateway: fake.url });
    try {
      expect((await client.tell("acknowledge")).result).toBe("undefined");
      await client.tell("connect");
      await fake.until(() => fake.gateway.reached === 1);
      expect((await client.tell("acknowledge")).result).toMatch(/not open: readyState 0/);
      fake.gateway.mode = "open";
      fake.gateway.cut();
      await client.until(({ timers }) => timers.includes(1_000));
      expect((await client.tell("acknowledge")).result).toBe("undefined");
    } finally {
      await client.kill();
      await fake.stop();
    }
  });

  it("is not in ours: it is told, and never an exception", async () => {
    const fake = await startFakeDingTalk();
    fake.gateway.mode = "mute";
    const read = readDingTalkOptions(fake.env);
    if (read.kind !== "on") throw new Error("refused");
    const nothing = (): void => undefined;
    const time = createManualTimers();
    const line = new StreamLine({
      options: read.options,
      timings: dingtalkTimings,
      wayOut: createWayOut(read.options.proxies),
      timers: time,
      now: () => time.now(),
      onFrame: nothing,
      onLife: nothing,
      onGoodbye: nothing,
      onBadFrame: nothing,
      onEnd: nothing,
    });
    expect(line.acknowledge("m1", 200, {})).toBe(false);
    const opening = line.open();
    await fake.until(() => fake.gateway.reached === 1);
    expect(line.acknowledge("m1", 200, {})).toBe(false);
    line.kill();
    expect((await opening).kind).toBe("failed");
    expect(line.acknowledge("m1", 200, {})).toBe(false);
    await fake.stop();
  });
});

describe.each(defects)("defect $number of the vendor's Stream client: $defect", (row) => {
  let fake: FakeDingTalk;
  beforeEach(async () => {
    fake = await startFakeDingTalk();
    fake.gateway.tickets = row.options?.tickets ?? "plain";
  });
  afterEach(() => fake.stop());

  it("is there in the client as it is published", async () => {
    const subject = await bareSubject(fake, row.options ?? {});
    try {
      expect(await row.play({ fake, subject })).toEqual(row.bare);
    } finally {
      await subject.discard();
    }
  });

  it("is not in ours", async () => {
    const subject = ourSubject(fake, row.options ?? {});
    try {
      expect(await row.play({ fake, subject })).toEqual(row.ours);
    } finally {
      await subject.discard();
    }
    expect(fake.problems()).toEqual([]);
  });
});
