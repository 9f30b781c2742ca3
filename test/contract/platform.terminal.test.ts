import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { ChatPlatform } from "../../src/chat/platform.js";
import { createTerminalPlatform, terminalPlace } from "../../src/chat/terminal/terminal-platform.js";
import { systemClock } from "../../src/lib/clock.js";
import { silentLog } from "../../src/lib/log.js";
import { describePlatform, type SeenPost } from "./platform.js";

describePlatform({
  name: "terminal",
  async rig(onCommand) {
    const folder = await mkdtemp(join(tmpdir(), "terminal-"));
    const [input, output] = [new PassThrough(), new PassThrough()];
    const screen = new Screen(output);
    const platform = createTerminalPlatform({
      input,
      output,
      pictureFolder: folder,
      clock: systemClock,
      log: silentLog,
      env: {},
    });
    await platform.start(onCommand);
    return {
      platform: screen.watching(platform),
      to: terminalPlace,
      nowhere: { platform: "terminal", address: "elsewhere" },
      posts: () => screen.posts,
      async say(text, thread) {
        const number = thread === undefined ? undefined : screen.numbers.get(thread.id);
        const answered = screen.next();
        input.write(number === undefined ? `${text}\n` : `#${number} ${text}\n`);
        return screen.saw(`said ${text}`, await answered, thread?.id);
      },
      sayWithoutWaiting(text) {
        input.write(`${text}\n`);
        return Promise.resolve();
      },
      problems: () => [],
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
  excused: {
    "finds a post by its entry, in the channel and in a thread, and nothing else":
      "a screen cannot be asked what it shows",
    "shows an uploaded picture in a new message and by an edit": "bytes travel with the post",
    "shows a picture's sketch": "it shows the picture itself",
  },
});

/** What somebody in front of it has seen, post by post: an edit's line stands for the message it replaces. */
class Screen {
  readonly posts: SeenPost[] = [];
  /** The number of a thread by its root. */
  readonly numbers = new Map<string, number>();
  #text = "";
  #waiting: ((text: string) => void)[] = [];

  constructor(output: PassThrough) {
    output.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString();
      const waiting = this.#waiting.shift();
      waiting?.(chunk.toString());
    });
  }

  next(): Promise<string> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The platform itself, with an eye on what each delivery prints. */
  watching(platform: ChatPlatform): ChatPlatform {
    return {
      name: platform.name,
      capabilities: platform.capabilities,
      start: (onCommand) => platform.start(onCommand),
      health: () => platform.health(),
      stop: () => platform.stop(),
      deliver: async (post, to) => {
        const before = this.#text.length;
        const outcome = await platform.deliver(post, to);
        if (outcome.kind === "delivered") {
          this.saw(outcome.ref.id, this.#text.slice(before), post.replyTo?.id);
        }
        return outcome;
      },
    };
  }

  saw(id: string, text: string, thread: string | undefined): SeenPost {
    const number = /^#(\d+) /.exec(text)?.[1];
    if (number !== undefined && thread === undefined) this.numbers.set(id, Number(number));
    const at = this.posts.findIndex((post) => post.id === id);
    const post: SeenPost = {
      id,
      text,
      live:
        text.replaceAll("\n", "").match(/[\p{Cc}\p{Cs}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu) ??
        [],
      thread: text.includes("│ ") ? thread : undefined,
      edits: at < 0 ? 0 : this.posts[at]!.edits + 1,
      pictures: [...text.matchAll(/\.png$/gm)].length,
    };
    if (at < 0) this.posts.push(post);
    else this.posts[at] = post;
    return post;
  }
}
