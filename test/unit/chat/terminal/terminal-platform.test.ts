import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mostPictures, savePicture } from "../../../../src/chat/terminal/picture-files.js";
import { createTerminalPlatform, terminalPlace } from "../../../../src/chat/terminal/terminal-platform.js";
import type { CommandRequest, Reply } from "../../../../src/commands/command.js";
import { silentLog } from "../../../../src/lib/log.js";
import type { Block, Message, Tone } from "../../../../src/message/message.js";
import type { MessageRef, Post } from "../../../../src/message/post.js";

const png = new Uint8Array([137, 80, 78, 71]);
const noon = new Date(2026, 2, 1, 12, 0, 5).getTime();

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "terminal-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function says(headline: string, blocks: readonly Block[] = [], tone: Tone = "info"): Message {
  return { tone, headline, blocks };
}

/** A terminal whose screen is a string; `answer` is what every command gets. */
function terminal(more: { colour?: boolean; tty?: boolean; env?: Record<string, string> } = {}) {
  const input = Object.assign(new PassThrough(), { isTTY: more.tty ?? false });
  const output = Object.assign(new PassThrough(), { isTTY: more.tty ?? false, columns: 60 });
  const requests: CommandRequest[] = [];
  const answer = { reply: { message: says("done"), visibility: "asker" } as Reply };
  let asked: () => void = () => undefined;
  const platform = createTerminalPlatform({
    input,
    output,
    pictureFolder: join(folder, "charts"),
    clock: { now: () => noon },
    log: silentLog,
    env: more.env ?? {},
    ...(more.colour === undefined ? {} : { colour: more.colour }),
  });
  async function start() {
    await platform.start((request) => {
      requests.push(request);
      asked();
      return Promise.resolve(answer.reply);
    });
  }
  async function type(line: string): Promise<void> {
    const heard = new Promise<void>((resolve) => (asked = resolve));
    const answered = new Promise<void>((resolve) => output.once("data", () => resolve()));
    input.write(`${line}\n`);
    await heard;
    await answered;
  }
  let text = "";
  output.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { platform, start, type, requests, answer, output, input, screen: () => text };
}

async function delivered(at: ReturnType<typeof terminal>, post: Omit<Post, "entryId">): Promise<MessageRef> {
  const outcome = await at.platform.deliver({ entryId: "e", ...post }, terminalPlace);
  if (outcome.kind !== "delivered") throw new Error(outcome.kind);
  return outcome.ref;
}

describe("a conversation on standard output", () => {
  it("shows a run's root, its replies behind a bar, and which thread goes on", async () => {
    const at = terminal();
    await at.start();
    const first = await delivered(at, {
      message: says("run42: running · step 100", [
        {
          kind: "facts",
          facts: [
            { label: "points", value: ["100"] },
            { label: "超参数", value: ["lr=0.1"] },
          ],
        },
      ]),
    });
    await delivered(at, { message: says("基线：运行中") });
    await delivered(at, {
      replyTo: first,
      message: says(
        "loss rose 5 times",
        [
          {
            kind: "table",
            columns: ["指标", "last"],
            rows: [
              ["损失", "1"],
              ["accuracy", "0.5"],
            ],
          },
          { kind: "list", items: [["one"], [{ kind: "strong", text: "two" }]] },
          { kind: "note", content: ["Undo: ", { kind: "code", text: "/tb unmute" }] },
        ],
        "warning",
      ),
    });
    expect(at.screen()).toMatchInlineSnapshot(`
      "#1 12:00:05 • run42: running · step 100
      │   points  100
      │   超参数  lr=0.1
      #2 12:00:05 • 基线：运行中
      #1 run42: running · step 100
      │ 12:00:05 ▲ loss rose 5 times
      │   指标      last
      │   损失      1
      │   accuracy  0.5
      │   - one
      │   - two
      │   Undo: /tb unmute
      "
    `);
    await at.platform.stop();
  });

  it("prints a root's edit only where its words changed, not for another step", async () => {
    const at = terminal();
    await at.start();
    const root = await delivered(at, { message: says("run42: running · step 1,000 · loss 0.5") });
    const before = at.screen().length;
    await delivered(at, { edits: root, message: says("run42: running · step 2,000 · loss 1e-5") });
    expect(at.screen().slice(before)).toBe("");
    await delivered(at, { edits: root, message: says("run42: finished · step 3,000", [], "good") });
    expect(at.screen().slice(before)).toBe("│ 12:00:05 ✔ run42: finished · step 3,000\n");
  });

  it("writes a chart to a file, prints its path, and prints a chart that joins later alone", async () => {
    const at = terminal();
    await at.start();
    const root = await delivered(at, { message: says("run42") });
    const alert = await delivered(at, { replyTo: root, message: says("loss rose") });
    const before = at.screen().length;
    const picture = { kind: "png", png, name: "../run 42/损失.png", alt: "loss of run42" } as const;
    await delivered(at, { edits: alert, replyTo: root, message: says("loss rose"), picture });
    const [file = ""] = await readdir(join(folder, "charts"));
    expect(file).toMatch(/^\d{8}-\d{6}-\d{3}-run-42\.png$/);
    expect(at.screen().slice(before)).toBe(
      `│ 12:00:05   loss of run42\n│   ${join(folder, "charts", file)}\n`,
    );
    expect(new Uint8Array(await readFile(join(folder, "charts", file)))).toEqual(png);
  });

  it("says the alert where the chart cannot be written", async () => {
    const at = terminal();
    await at.start();
    await writeFile(join(folder, "charts"), "in the way");
    const picture = { kind: "png", png, name: "a.png", alt: "loss of run42" } as const;
    await delivered(at, { message: says("loss rose"), picture });
    expect(at.screen()).toContain("loss rose");
    expect(at.screen()).toMatch(/loss of run42 \(.*EEXIST.*\)/);
  });

  it("lets no control sequence of a name through, in any block", async () => {
    const at = terminal();
    await at.start();
    const evil = "a\u001b[2J\u009b31m\u0007\r\u202eb\u200b";
    await delivered(at, {
      message: says(evil, [
        {
          kind: "text",
          content: [evil, { kind: "link", url: evil, text: evil }, { kind: "mention", id: evil }],
        },
        { kind: "facts", facts: [{ label: evil, value: [evil] }] },
        { kind: "list", items: [[evil]] },
        { kind: "table", columns: [evil], rows: [[evil]] },
        { kind: "preformatted", text: `${evil}\n${evil}` },
        { kind: "note", content: [{ kind: "code", text: evil }] },
      ]),
      picture: { kind: "png", png, name: evil, alt: evil },
    });
    expect(at.screen().replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u200b\u202e]/u);
  });

  it("uses colour on a terminal only, and not where NO_COLOR is set", async () => {
    const looks = [{}, { tty: true }, { tty: true, env: { NO_COLOR: "1" } }, { colour: true }];
    const coloured = await Promise.all(
      looks.map(async (look) => {
        const at = terminal(look);
        await at.start();
        await delivered(at, { message: says("run42") });
        await at.platform.stop();
        return at.screen().includes("\u001b[1mrun42");
      }),
    );
    expect(coloured).toEqual([false, true, false, true]);
  });

  it("shows pictures in place only on terminals that say they can, and only there", async () => {
    const picture = { kind: "png", png, name: "a.png", alt: "a" } as const;
    const shows = async (tty: boolean, env: Record<string, string>) => {
      const at = terminal({ tty, env });
      await at.start();
      await delivered(at, { message: says("run42"), picture });
      await at.platform.stop();
      const text = at.screen();
      if (text.includes("\u001b]1337;File=inline=1")) return "iterm2";
      return text.includes("\u001b_Ga=T") ? "kitty" : "no";
    };
    expect(await shows(true, { TERM_PROGRAM: "iTerm.app" })).toBe("iterm2");
    expect(await shows(true, { TERM: "xterm-kitty" })).toBe("kitty");
    expect(await shows(true, { TERM_PROGRAM: "iTerm.app", TMUX: "/tmp/x" })).toBe("no");
    expect(await shows(false, { TERM_PROGRAM: "iTerm.app" })).toBe("no");
    expect(await shows(true, { TERM: "xterm-256color" })).toBe("no");
  });

  it("keeps a bounded number of charts, and no file of anybody else", async () => {
    const charts = join(folder, "charts");
    for (let n = 0; n <= mostPictures; n += 1)
      await savePicture(charts, { png, name: "x", at: noon + n * 1_000 });
    await writeFile(join(charts, "mine.png"), "");
    await savePicture(charts, { png, name: "x", at: noon + 1e6 });
    expect(await readdir(charts)).toHaveLength(mostPictures + 1);
  });
});

describe("commands typed on standard input", () => {
  it("are the operator's, with or without /tb, and answered under their echo", async () => {
    const at = terminal();
    await at.start();
    await at.type("/tb status run42");
    await at.type("状态");
    expect(at.requests.map(({ text }) => text)).toEqual(["/tb status run42", "状态"]);
    expect(at.requests[0]).toMatchObject({ actor: { kind: "operator" }, place: terminalPlace, direct: true });
    expect(at.screen()).toBe("> /tb status run42\n• done\n> 状态\n• done\n");
  });

  it("`#1 …` speaks in the first thread, and is answered there", async () => {
    const at = terminal();
    await at.start();
    const root = await delivered(at, { message: says("run42") });
    await at.type("#1 status");
    expect(at.requests).toMatchObject([{ text: "status", thread: root }]);
    expect(at.screen()).toMatch(/> #1 status\n│ 12:00:05 • done\n$/);
  });

  it("the end of standard input stops nothing", async () => {
    const at = terminal();
    await at.start();
    at.input.end();
    await new Promise((resolve) => at.input.once("close", resolve));
    await delivered(at, { message: says("run42") });
    expect(at.platform.health().state).toBe("up");
    expect(at.screen()).toContain("run42");
  });

  it("a command whose answer fails leaves the next one its turn", async () => {
    const at = terminal();
    let times = 0;
    await at.platform.start(() => {
      times += 1;
      return times === 1 ? Promise.reject(new Error("x")) : Promise.resolve(at.answer.reply);
    });
    const answered = new Promise((resolve) => at.output.once("data", resolve));
    at.input.write("one\ntwo\n");
    await answered;
    expect(at.screen()).toBe("> two\n• done\n");
  });

  it("an output that is gone is a retry, not a crash", async () => {
    const at = terminal();
    await at.start();
    at.output.destroy(new Error("EPIPE"));
    const outcome = await at.platform.deliver({ entryId: "e", message: says("run42") }, terminalPlace);
    expect(outcome.kind).toBe("retry");
    expect(at.platform.health().state).toBe("down");
  });
});
