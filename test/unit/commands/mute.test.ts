import { describe, expect, it } from "vitest";
import { dispatch } from "../../../src/commands/dispatch.js";
import { asks, heldRun, member, world } from "../../support/command-ports.js";
import { messageText } from "../../support/message-text.js";

const run = heldRun("fit/run42", [["train", "epoch_loss", 3, 2, 1.25]]);

async function said(text: string, ports = world([run])): Promise<string> {
  return messageText((await dispatch(asks(member, text), ports)).message);
}

describe("a mute without a time that can be read", () => {
  it.each([
    ["mute run42 badtime", '"badtime" is no duration.\nFor example /tb mute run42 2h'],
    ["静音 run42 很久", "“很久”不是时长。\n例如 /tb 静音 run42 2小时"],
    ["mute spike soon", '"soon" is no duration.\nFor example /tb mute spike 2h'],
    ["mute run42", "Muted for how long?\nFor example /tb mute run42 2h"],
    ["mute rnu42 badtime", 'No run is called "rnu42 badtime".'],
  ])("%s: %s", async (line, answer) => {
    expect(await said(line)).toContain(answer);
  });

  it("takes no bad time for a name in a run's own thread either", async () => {
    const ports = world([run]);
    const request = { ...asks(member, "mute soon"), thread: { channel: "C1", id: "1.1" } };
    ports.runs.openThread(request, run.summary.id);
    expect((await dispatch(request, ports)).message.headline).toBe('"soon" is no duration.');
  });
});

describe("the list of what is quiet", () => {
  it("names with each mute the command that ends it", async () => {
    const ports = world([run]);
    await said("mute run42 2h", ports);
    expect(await said("silence list", ports)).toMatchInlineSnapshot(`
      "[info] Quiet now
      - fit/run42 muted by Ann (slack:U1), 2h left; /tb unmute fit/run42"
    `);
  });

  it.each([
    ["mute list", "Nothing is muted."],
    ["静音 列表", "当前没有静音。"],
  ])("says so where it is empty: %s", async (line, answer) => {
    expect(await said(line)).toContain(answer);
  });
});
