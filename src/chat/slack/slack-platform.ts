import type { CommandRequest, Reply } from "../../commands/command.js";
import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import type { ChatPlatform, PlatformHealth } from "../platform.js";
import { createWayOut, type WayOut } from "../way-out.js";
import { createPace } from "../../lib/pace.js";
import { createRecent } from "../../lib/recent.js";
import { createSaidOnce } from "../../lib/said-once.js";
import { createSlackActors } from "./slack-actors.js";
import { answerInSlack } from "./slack-answer.js";
import { createSlackApp } from "./slack-app.js";
import { createSlackApi } from "./slack-api.js";
import type { SlackOptions } from "./slack-config.js";
import type { DeliverParts } from "./slack-deliver.js";
import { deliverToSlack } from "./slack-deliver.js";
import { findInSlack } from "./slack-find.js";
import type { Spoken } from "./slack-inbound.js";
import type { SlackIdentity } from "./slack-identity.js";
import { identitySchema } from "./slack-identity.js";
import { neededScopes } from "./slack-methods.js";
import type { SlackTimings } from "./slack-timings.js";
import { slackTimings } from "./slack-timings.js";
import { uploadToSlack } from "./slack-upload.js";
import { SocketReceiver } from "./socket-receiver.js";
import type { Timers } from "../../lib/timers.js";
import { wait } from "../../lib/wait.js";

export interface SlackPlatformOptions extends SlackOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly timings?: Partial<SlackTimings>;
  /** What reconnecting and a stop wait by; the system's where left out. */
  readonly timers?: Timers;
}

/** A token that Slack refuses: nothing will work until a person changes it. The message is the sentence to show. */
export class SlackRefused extends Error {
  readonly kind = "unauthorised";
}

/** Slack: threads, edits, charts inline, commands by Socket Mode. `start` rejects with SlackRefused on a refused token, and with nothing else. */
export function createSlackPlatform(options: SlackPlatformOptions): ChatPlatform {
  return new SlackPlatform(options);
}

type OnCommand = (request: CommandRequest) => Promise<Reply>;

class SlackPlatform implements ChatPlatform {
  readonly name = "slack";
  readonly capabilities = {
    threads: true,
    edit: true,
    pictures: "uploaded",
    column: "wide",
    metered: false,
    inbound: true,
    speakingLinks: false,
    find: true,
  } as const;
  readonly #options: SlackPlatformOptions;
  readonly #timings: SlackTimings;
  readonly #parts: DeliverParts;
  readonly #wayOut: WayOut;
  readonly #stopping = new AbortController();
  /** Set when the time to finish what runs is over. */
  readonly #cutting = new AbortController();
  readonly #recent = createRecent();
  readonly #waiting = new Map<string, string>();
  readonly #receiver: SocketReceiver;
  readonly #actors: ReturnType<typeof createSlackActors>;
  #identity: SlackIdentity | undefined;
  #refusal: string | undefined;
  #connecting: Promise<void> | undefined;

  constructor(options: SlackPlatformOptions) {
    const { log, clock, apiUrl } = options;
    this.#options = options;
    this.#wayOut = createWayOut(options.proxies);
    this.#timings = { ...slackTimings, ...options.timings };
    const api = createSlackApi({
      token: options.botToken,
      apiUrl,
      timeoutMs: this.#timings.callMs,
      log,
      wayOut: this.#wayOut,
    });
    const said = createSaidOnce(log, "slack");
    this.#parts = {
      api,
      clock,
      said,
      postPace: createPace({ burst: 4, everyMs: this.#timings.postEveryMs, patienceMs: 1_200 }),
      editPace: createPace({ burst: 10, everyMs: this.#timings.editEveryMs, patienceMs: 1_500 }),
      pictureRefusals: new Map(),
      teamUrl: () => this.#identity?.url,
      onAuth: (reason) => this.#refused(botSentence(reason)),
    };
    this.#actors = createSlackActors({ api, clock, said, identity: () => this.#identity });
    this.#receiver = new SocketReceiver({
      ...options,
      apiUrl,
      timings: this.#timings,
      wayOut: this.#wayOut,
    });
  }

  async start(onCommand: OnCommand): Promise<void> {
    const first = await this.#identify();
    if (first === "refused") throw new SlackRefused(this.#refusal);
    if (first === "known") {
      await this.#connect(onCommand);
      return;
    }
    this.#connecting = this.#connectLater(onCommand).catch((error: unknown) => {
      this.#options.log.error({ err: error }, "slack_start_failed");
    });
  }

  deliver: ChatPlatform["deliver"] = async (post, to) => {
    const outcome = await deliverToSlack(this.#parts, post, to);
    if (outcome.kind === "delivered") this.#refusal = undefined;
    return outcome;
  };

  upload: NonNullable<ChatPlatform["upload"]> = (picture) =>
    uploadToSlack(
      {
        api: this.#parts.api,
        apiUrl: this.#options.apiUrl,
        timings: this.#timings,
        said: this.#parts.said,
        stopping: this.#cutting.signal,
        wayOut: this.#wayOut,
        waiting: this.#waiting,
      },
      picture,
    );

  find: NonNullable<ChatPlatform["find"]> = (entryId, to, thread) => {
    const { api, said } = this.#parts;
    return findInSlack(
      { api, said, teamUrl: () => this.#identity?.url, botId: () => this.#identity?.botId },
      { entryId, to, thread },
    );
  };

  health(): PlatformHealth {
    if (this.#refusal !== undefined) return { state: "unauthorised", detail: this.#refusal };
    if (this.#identity === undefined && this.#connecting !== undefined && !this.#stopping.signal.aborted) {
      return { state: "connecting", detail: "Slack cannot be reached yet" };
    }
    return this.#receiver.health();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#connecting;
    await this.#receiver.stop();
    this.#cutting.abort();
  }

  /** Asks Slack who we are: proves the bot token, and gives what Bolt would otherwise ask for at every event. */
  async #identify(): Promise<"known" | "refused" | "later"> {
    const answer = await this.#parts.api.call("auth.test", {});
    if (!answer.ok) {
      if (answer.fault.kind === "auth") {
        this.#refusal = botSentence(answer.fault.reason);
        return "refused";
      }
      this.#parts.said.bad("start", answer.fault.reason);
      return "later";
    }
    const parsed = identitySchema.safeParse(answer.body);
    if (!parsed.success) {
      this.#parts.said.bad(
        "start",
        "the server's answer to auth.test is not Slack's: is SLACK_API_URL right?",
      );
      return "later";
    }
    this.#identity = parsed.data;
    this.#refusal = undefined;
    this.#parts.said.good("start");
    const { scopes } = parsed.data;
    const missing = scopes === undefined ? [] : neededScopes().filter((scope) => !scopes.includes(scope));
    if (missing.length > 0) this.#options.log.warn({ missing }, "slack_scopes_missing");
    return "known";
  }

  async #connect(onCommand: OnCommand): Promise<void> {
    await this.#listen(onCommand);
    const attempt = await this.#receiver.start();
    if (attempt !== "unauthorised") return;
    const { detail } = this.#receiver.health();
    await this.#receiver.stop();
    this.#refusal = detail;
    throw new SlackRefused(detail);
  }

  /** Slack was not reachable at start: keeps asking, at most a minute apart, and then connects. */
  async #connectLater(onCommand: OnCommand): Promise<void> {
    const { backoffFirstMs, backoffCapMs, refusedMs } = this.#timings;
    let pause = backoffFirstMs;
    let state: "known" | "refused" | "later" = "later";
    while (state !== "known") {
      const ms = state === "refused" ? refusedMs : pause * (0.5 + Math.random() / 2);
      await wait(ms, this.#stopping.signal, this.#options.timers);
      if (this.#stopping.signal.aborted) return;
      const before = this.#refusal;
      state = await this.#identify();
      if (state === "refused" && before !== this.#refusal) {
        this.#options.log.error({ detail: this.#refusal }, "slack_token_refused");
      }
      pause = Math.min(backoffCapMs, pause * 2);
    }
    await this.#listen(onCommand);
    await this.#receiver.start();
  }

  async #listen(onCommand: OnCommand): Promise<void> {
    const identity = this.#identity;
    if (identity === undefined) return;
    const hear = (spoken: Spoken | undefined): Promise<void> => this.#hear(spoken, onCommand);
    const app = createSlackApp({
      options: this.#options,
      timings: this.#timings,
      receiver: this.#receiver,
      identity,
      hear,
      onUninstalled: () => this.#refused(uninstalled),
    });
    await app.init();
  }

  async #hear(spoken: Spoken | undefined, onCommand: OnCommand): Promise<void> {
    const { log, clock, apiUrl } = this.#options;
    if (spoken === undefined || !this.#recent.first(spoken.id, clock.now())) return;
    const actor = await this.#actors.of(spoken);
    if (actor.kind === "bot") return;
    const { threadTs, channel } = spoken;
    const reply = await onCommand({
      actor,
      place: { platform: "slack", address: channel },
      ...(threadTs === undefined ? {} : { thread: { channel, id: threadTs } }),
      direct: spoken.direct,
      text: spoken.text,
    });
    const { deliver, upload } = this;
    await answerInSlack(
      {
        apiUrl,
        log,
        timings: this.#timings,
        stopping: this.#cutting.signal,
        wayOut: this.#wayOut,
        deliver,
        upload,
      },
      spoken,
      reply,
    );
  }

  #refused(sentence: string): void {
    if (this.#refusal !== sentence) this.#options.log.error({ detail: sentence }, "slack_token_refused");
    this.#refusal = sentence;
  }
}

const uninstalled =
  "the app was removed from the workspace or its tokens were revoked: install it again and set the new tokens.";

function botSentence(reason: string): string {
  return `Slack does not accept the bot token (SLACK_BOT_TOKEN): ${reason}. It starts with xoxb- and is shown under OAuth & Permissions; after a change of scopes install the app again.`;
}
