import type { Readable, Writable } from "node:stream";
import type { Actor, CommandRequest, Reply } from "../../commands/command.js";
import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import type { Destination } from "../../message/destination.js";
import type { Message } from "../../message/message.js";
import type { MessageRef, Post } from "../../message/post.js";
import type { Capabilities, ChatPlatform, DeliveryOutcome, PlatformHealth } from "../platform.js";
import { colourInk, plainInk } from "./ink.js";
import { inlinePicture, pictureProtocol } from "./inline-picture.js";
import { messageLines, type Page } from "./message-lines.js";
import { savePicture } from "./picture-files.js";
import { printable } from "./printable.js";
import { Screen } from "./screen.js";
import { type Thread, Threads } from "./threads.js";

export interface TerminalOptions {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Where charts are written; made when the first one comes. */
  readonly pictureFolder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Unless said: on a terminal, where `NO_COLOR` is not set. */
  readonly colour?: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ctrl-C at the prompt, which readline keeps to itself; by default the process gets its SIGINT. */
  readonly onInterrupt?: () => void;
}

/** The one place of this platform. */
export const terminalPlace: Destination = { platform: "terminal", address: "stdout" };

/** The conversation on standard output, with `/tb` typed on standard input. */
export function createTerminalPlatform(options: TerminalOptions): ChatPlatform {
  return new TerminalPlatform(options);
}

const operator: Actor = { platform: "terminal", id: "operator", name: "operator", kind: "operator" };

/** Whoever reads the output went away; they may come back with the next process. */
const closedRetryMs = 30_000;

class TerminalPlatform implements ChatPlatform {
  readonly name = "terminal";
  readonly capabilities: Capabilities = {
    threads: true,
    edit: true,
    pictures: "with-post",
    column: "wide",
    metered: false,
    inbound: true,
    speakingLinks: false,
    find: false,
  };
  readonly #options: TerminalOptions;
  readonly #threads = new Threads();
  readonly #env: Readonly<Record<string, string | undefined>>;
  #screen: Screen | undefined;
  #onCommand: ((request: CommandRequest) => Promise<Reply>) | undefined;
  #failure: string | undefined;
  #posts = 0;
  /** The thread that the last printed lines belong to. */
  #current: Thread | undefined;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#env = options.env ?? process.env;
  }

  start(onCommand: (request: CommandRequest) => Promise<Reply>): Promise<void> {
    this.#onCommand = onCommand;
    if (this.#screen !== undefined) return Promise.resolve();
    const { input, output, onInterrupt = () => void process.kill(process.pid, "SIGINT") } = this.#options;
    output.on("error", this.#onOutputError);
    this.#screen = new Screen({
      input,
      output,
      prompt: "› ",
      onLine: (line) => this.#answer(line),
      onInterrupt,
    });
    return Promise.resolve();
  }

  async deliver(post: Post, to: Destination): Promise<DeliveryOutcome> {
    if (to.address !== terminalPlace.address) {
      return { kind: "rejected", reason: `a terminal has one place, ${terminalPlace.address}` };
    }
    if (this.#screen === undefined) return { kind: "retry", afterMs: 1_000, reason: "not started" };
    try {
      const ref = post.edits ?? this.#newRef();
      const text = await this.#postText(post, ref);
      if (text !== "") await this.#screen.write(text);
      return { kind: "delivered", ref };
    } catch (failure) {
      return { kind: "retry", afterMs: closedRetryMs, reason: reasonOf(failure) };
    }
  }

  health(): PlatformHealth {
    if (this.#failure !== undefined) return { state: "down", detail: this.#failure };
    return this.#screen === undefined
      ? { state: "down", detail: "not started" }
      : { state: "up", detail: "standard output" };
  }

  /** Commands that were heard are answered first. */
  async stop(): Promise<void> {
    const screen = this.#screen;
    if (screen === undefined) return;
    await screen.close();
    this.#screen = undefined;
    this.#options.output.off("error", this.#onOutputError);
  }

  readonly #onOutputError = (failure: Error): void => {
    if (this.#failure === undefined) this.#options.log.warn({ err: failure }, "terminal output failed");
    this.#failure = failure.message;
  };

  /** Unique over restarts: thread roots are stored and replied to by a later process. */
  #newRef(): MessageRef {
    this.#posts += 1;
    return { channel: terminalPlace.address, id: `${this.#options.clock.now()}.${this.#posts}` };
  }

  async #postText(post: Post, ref: MessageRef): Promise<string> {
    const picture = post.picture === undefined ? undefined : await this.#pictureText(post.picture);
    if (post.edits !== undefined) return this.#editText(post, post.edits, picture);
    if (post.replyTo !== undefined) {
      const thread = this.#threads.opened(post.replyTo);
      return this.#inThread(thread, post.message, picture);
    }
    const thread = this.#threads.opened(ref);
    remember(thread, post.message);
    this.#current = thread;
    const lines = [...messageLines(post.message, this.#page(4)), ...(picture?.lines ?? [])];
    return this.#block(lines, { first: this.#ink().faint(`#${thread.number} `), inline: picture?.inline });
  }

  /** A root is repainted only where its words changed; what joins a message later (its chart) is printed alone. */
  #editText(post: Post, edited: MessageRef, picture: PictureText | undefined): string {
    // An edit of nothing this process printed is taken for a root's, unless it brings a chart or names another root.
    const isRoot = post.replyTo === undefined && post.picture === undefined;
    const known = isRoot ? this.#threads.opened(edited) : this.#threads.ofRoot(edited.id);
    const thread = known ?? (post.replyTo === undefined ? undefined : this.#threads.opened(post.replyTo));
    const lines: string[] = [];
    if (known !== undefined && remember(known, post.message)) {
      lines.push(...messageLines({ ...post.message, blocks: [] }, this.#page(4)));
    }
    lines.push(...(picture?.lines ?? []));
    if (lines.length === 0) return "";
    const goesOn = thread === undefined || this.#current === thread;
    this.#current = thread;
    return this.#block(lines, {
      ...(goesOn ? {} : { first: this.#ink().faint(`#${thread.number} `) }),
      inline: picture?.inline,
    });
  }

  #inThread(thread: Thread, message: Message, picture: PictureText | undefined): string {
    const lead = this.#lead(thread);
    this.#current = thread;
    const lines = [...messageLines(message, this.#page(2)), ...(picture?.lines ?? [])];
    return lead + this.#block(lines, { inline: picture?.inline });
  }

  /** Says which conversation goes on, where the one before was another. */
  #lead(thread: Thread): string {
    if (this.#current === thread) return "";
    return `${this.#ink().faint(`#${thread.number} ${thread.title}`.trimEnd())}\n`;
  }

  /** All lines of a thread are behind one bar; the time stands on the first. */
  #block(lines: readonly string[], dress: BlockDress): string {
    const bar = this.#ink().faint("│ ");
    const time = this.#ink().faint(timeOfDay(this.#options.clock.now()));
    const first = `${dress.first ?? bar}${time} ${lines[0] ?? ""}`;
    return `${[first, ...lines.slice(1).map((line) => bar + line)].join("\n")}\n${dress.inline ?? ""}`;
  }

  async #answer(line: string): Promise<void> {
    const onCommand = this.#onCommand;
    if (onCommand === undefined || this.#screen === undefined || line.trim() === "") return;
    const addressed = /^\s*#(\d{1,9})\s+(.*)$/su.exec(line);
    const thread = addressed === null ? undefined : this.#threads.numbered(Number(addressed[1]));
    const text = addressed === null ? line : (addressed[2] ?? "");
    const request: CommandRequest = {
      actor: operator,
      place: terminalPlace,
      ...(thread === undefined ? {} : { thread: thread.root }),
      direct: true,
      text,
    };
    try {
      const reply = await onCommand(request);
      await this.#screen.write(await this.#replyText(reply, line, thread));
    } catch (failure) {
      this.#options.log.error({ err: failure }, "terminal command failed");
    }
  }

  async #replyText(reply: Reply, line: string, thread: Thread | undefined): Promise<string> {
    const picture =
      reply.picture === undefined ? undefined : await this.#pictureText({ kind: "png", ...reply.picture });
    // Where nobody sees the keys being pressed, the question stands above its answer.
    const echo =
      this.#screen?.isInteractive === true
        ? ""
        : `${this.#ink().faint(`> ${printable(line).slice(0, 500)}`)}\n`;
    if (thread !== undefined) return echo + this.#inThread(thread, reply.message, picture);
    this.#current = undefined;
    const lines = [...messageLines(reply.message, this.#page(0)), ...(picture?.lines ?? [])];
    return `${echo}${lines.join("\n")}\n${picture?.inline ?? ""}`;
  }

  async #pictureText(picture: NonNullable<Post["picture"]>): Promise<PictureText> {
    if (picture.kind === "uploaded") return { lines: [`  ${printable(picture.alt)}`], inline: "" };
    const { pictureFolder, clock, log } = this.#options;
    try {
      const path = await savePicture(pictureFolder, { ...picture, at: clock.now() });
      const interactive = this.#screen?.isInteractive === true;
      const inline = interactive ? inlinePicture(picture.png, pictureProtocol(this.#env)) : "";
      const { ink } = this.#page(0);
      return { lines: [`  ${ink.faint(printable(picture.alt))}`, `  ${ink.code(printable(path))}`], inline };
    } catch (failure) {
      log.warn({ err: failure, folder: pictureFolder }, "chart not written");
      return { lines: [`  ${printable(`${picture.alt} (${reasonOf(failure)})`)}`], inline: "" };
    }
  }

  #ink() {
    const { colour, output } = this.#options;
    const wanted = colour ?? (output.isTTY === true && (this.#env["NO_COLOR"] ?? "") === "");
    return wanted ? colourInk : plainInk;
  }

  /** What is left of the screen beside the thread's bar and the time. */
  #page(bar: number): Page {
    return { ink: this.#ink(), columns: (this.#screen?.columns ?? Infinity) - bar - timeWidth };
  }
}

interface BlockDress {
  /** What stands before the first line in place of the bar. */
  readonly first?: string;
  readonly inline?: string | undefined;
}

interface PictureText {
  readonly lines: readonly string[];
  /** Control sequences that show it in place; never behind a bar. */
  readonly inline: string;
}

const timeWidth = "00:00:00 ".length;

/** Keeps the headline of a root; whether its words (not just its numbers) are new. */
function remember(thread: Thread, { headline, tone }: Message): boolean {
  const words = `${tone} ${headline.replaceAll(/[-+]?\d[\d.,]*(?:e[-+]?\d+)?/giu, "0")}`;
  const changed = words !== thread.words;
  thread.words = words;
  thread.title = printable(headline);
  return changed;
}

/** Local time: a terminal belongs to one person. */
function timeOfDay(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 8);
}

function reasonOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
