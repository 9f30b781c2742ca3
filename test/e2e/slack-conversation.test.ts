import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadImage, createCanvas } from "@napi-rs/canvas";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chartPixels } from "../../src/chart/render-chart.js";
import { type Bot, startBot, throwAwayFolder } from "../support/bot-process.js";
import { type FakeSlack, startFakeSlack } from "../support/fake-slack/fake-slack.js";
import { Training } from "../support/training.js";

const falling = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_x, i) => from / (1 + i * 0.2) + 0.002 * (i % 3));

describe("a run's conversation in Slack, with the real process", () => {
  const folder = throwAwayFolder();
  const logs = join(folder.path, "logs");
  let slack: FakeSlack;
  let bot: Bot;

  beforeAll(async () => {
    mkdirSync(logs, { recursive: true });
    slack = await startFakeSlack({ fileReadyAfterPolls: 2 });
    // The two original rules alone: what the others would add to the same message is theirs to test.
    writeFileSync(join(folder.path, "tensorbell.yaml"), "rules:\n  eval_drop: { enabled: false }\n");
    bot = startBot({
      words: ["start", logs],
      env: { ...slack.env, SLACK_CHANNEL: slack.channel },
      home: folder.path,
    });
    await slack.until(() => slack.sockets.open > 0 && bot.log().includes("watch_live"), 20_000);
  });
  afterAll(async () => {
    expect(await bot.stop(), bot.log()).toBe(0);
    expect(slack.problems).toEqual([]);
    await slack.stop();
    folder.remove();
  });

  const rootOf = (run: string) => slack.messages().find((message) => message.text.includes(run));
  const replies = (run: string) => {
    const root = rootOf(run);
    return root === undefined ? [] : slack.thread(slack.channel, root.ts);
  };

  it("opens one thread, posts the alert, joins its chart, and says when it is over", async () => {
    const run = new Training(join(logs, "exp", "run42"), 1_790_000_000_000);
    run.log("train/loss", falling(2, 40));
    run.log("train/loss", [0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    await slack.until(() => replies("exp/run42").length === 1, 60_000);
    const [alert] = replies("exp/run42");
    expect(alert?.text).toMatch(/Warning.*exp\/run42.*train\/loss rose 5 times in a row/);
    await slack.until(() => JSON.stringify(replies("exp/run42")[0]?.blocks).includes("slack_file"), 20_000);
    await expectPicture(slack.files.at(-1)?.bytes);
    expect(replies("exp/run42")).toHaveLength(1);

    run.log("train/loss", [0.3, 0.29, 0.28, 0.27]);
    await slack.until(() => replies("exp/run42").length === 2, 60_000);
    expect(replies("exp/run42")[1]?.text).toMatch(/Resolved/);
    await slack.until(() => /no open alerts/.test(rootOf("exp/run42")?.text ?? ""), 60_000);
    expect(slack.messages().filter((message) => message.text.includes("exp/run42"))).toHaveLength(1);
  });

  it("fires the second original rule on a validation accuracy that falls", async () => {
    const run = new Training(join(logs, "exp", "run43", "validation"), 1_790_000_100_000);
    run.log("epoch_accuracy", [0.5, 0.6, 0.7, 0.8, 0.81, 0.82, 0.821, 0.823, 0.825, 0.826, 0.78, 0.72, 0.66]);
    await slack.until(() => replies("run43").length === 1, 60_000);
    expect(replies("run43")[0]?.text).toMatch(/epoch_accuracy \(validation\) fell 3 times in a row/);
  });

  it("answers commands within three seconds, by slash command and by mention in the thread", async () => {
    const status = await slack.slashCommand({ text: "status run42" });
    const reply = await status.first(3_000);
    expect(status.ackMs).toBeLessThan(3_000);
    expect(JSON.stringify(reply.blocks) + reply.text).toContain("exp/run42");

    const thread = rootOf("exp/run42")?.ts ?? "";
    const mute = await slack.mention({ text: "mute 2h", thread });
    const muted = await mute.first(3_000);
    expect(JSON.stringify(muted.blocks) + muted.text).toMatch(/unmute/);

    const chart = await slack.slashCommand({ text: "chart run42 loss" });
    await chart.first(6_000);
    const shown = () =>
      slack.world.messages.some(
        (message) => message.text.startsWith("exp/run42 · train/loss") && hasPicture(message),
      );
    await slack.until(shown, 10_000);
  });

  it("refuses a guest's change and a stranger's, with the reason", async () => {
    for (const user of ["U0GUEST", "U0STRANGER"]) {
      const asked = await slack.slashCommand({ text: "mute run42 2h", user });
      const reply = await asked.first(3_000);
      expect(`${JSON.stringify(reply.blocks)}${reply.text}`).not.toMatch(/unmute/);
    }
  });

  it("keeps a hostile run name harmless", async () => {
    const run = new Training(join(logs, "<!channel> *x* <@U0MEMBER>"), 1_790_000_200_000);
    run.log("loss", [1, 0.9, Number.NaN]);
    await slack.until(
      () =>
        slack.messages().some((message) => message.text.includes("NaN") || message.text.includes("critical")),
      60_000,
    );
    expect(slack.problems).toEqual([]);
  });
});

function hasPicture(message: { readonly blocks: readonly unknown[] }): boolean {
  return JSON.stringify(message.blocks).includes("slack_file");
}

async function expectPicture(bytes: Uint8Array | undefined): Promise<void> {
  expect(bytes).toBeDefined();
  const image = await loadImage(Buffer.from(bytes ?? []));
  expect([image.width, image.height]).toEqual([chartPixels.width, chartPixels.height]);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const colours = new Set<number>();
  for (let i = 0; i < data.length; i += 4)
    colours.add(((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0));
  expect(colours.size).toBeGreaterThan(50);
}
