import { describe, expect, it } from "vitest";
import { dispatch } from "../../../src/commands/dispatch.js";
import { admin, asks, heldRun, member, operator, watch, world } from "../../support/command-ports.js";
import { messageText } from "../../support/message-text.js";

const curves = [["", "loss", 2, 1] as const];

function busy() {
  const ports = world([
    heldRun("nightly/a", curves),
    heldRun("nightly/b", curves),
    heldRun("sweep[1]/c", curves),
    heldRun("odd*name", curves),
  ]);
  return ports;
}

async function said(text: string, ports: ReturnType<typeof busy>, actor = operator): Promise<string> {
  return messageText((await dispatch(asks(actor, text), ports)).message);
}

describe("whose runs a threshold is", () => {
  it.each([
    ["threshold loss 0.05", { kind: "everyone" }, 4],
    ["threshold loss 0.05 nightly/*", { kind: "group", runs: "nightly/*" }, 2],
    ["阈值 损失 0.05 nightly/？", { kind: "group", runs: "nightly/?" }, 2],
    ["threshold loss 0.05 watch:logs", { kind: "watch", watch }, 4],
    ["threshold loss 0.05 watch:/logs", { kind: "watch", watch }, 4],
    ["阈值 loss 0.05 监控：logs", { kind: "watch", watch }, 4],
    [`threshold loss 0.05 watch:${watch}`, { kind: "watch", watch }, 4],
    ["threshold loss 0.05 odd*name", { kind: "run" }, 1],
    ["threshold loss 0.05 nightly/a", { kind: "run" }, 1],
  ])("%s", async (line, scope, runs) => {
    const ports = busy();
    await said(line, ports);
    expect(await ports.overrides.list()).toMatchObject([{ scope }]);
    expect(ports.rehearsed[0]?.runs).toHaveLength(runs);
  });

  it("says for whom, lists it there, and undoes it there", async () => {
    const ports = busy();
    expect(await said("threshold loss 0.05 nightly/*", ports)).toContain(
      "Threshold set for nightly/*: rises",
    );
    expect(await said("threshold nightly/a", ports)).toContain("· nightly/* ·");
    expect(await said("threshold 'sweep[1]/c'", ports)).toContain("Nothing was set in chat.");
    const reset = await said("threshold reset loss nightly/*", ports);
    expect(await ports.overrides.list()).toEqual([]);
    const undo = /undo: (.*)$/m.exec(reset)?.[1] ?? "";
    expect(undo).toContain("nightly/*");
    await said(undo, ports);
    expect(await ports.overrides.list()).toMatchObject([{ scope: { kind: "group", runs: "nightly/*" } }]);
  });

  it("undoes a watch's by the command it names", async () => {
    const ports = busy();
    await said("threshold loss 0.05 watch:logs", ports);
    const [set] = await ports.overrides.list();
    const undo = /undo: (.*)$/m.exec(await said("threshold reset loss watch:logs", ports))?.[1] ?? "";
    await said(undo, ports);
    expect(await ports.overrides.list()).toEqual([set]);
  });

  it("a group's takes an admin, in a run's thread too", async () => {
    const ports = busy();
    expect(await said("threshold loss 0.05 nightly/*", ports, member)).toContain("needs an admin");
    await said("threshold loss 0.05 nightly/*", ports, admin);
    expect(await ports.overrides.list()).toHaveLength(1);
  });

  it.each([
    ["threshold loss 0.05 weekly/*", 'No run matches "weekly/*".'],
    ["threshold loss 0.05 watch:elsewhere", 'No watch is called "elsewhere".'],
    ["阈值 loss 0.05 目录:elsewhere", "没有名为“elsewhere”的监控目录。"],
  ])("%s: %s", async (line, answer) => {
    const ports = busy();
    expect(await said(line, ports)).toContain(answer);
    expect(await ports.overrides.list()).toEqual([]);
  });

  it("replacing a setting offers the one before as the undo, and it works", async () => {
    const ports = busy();
    await said("threshold loss 0.05 nightly/*", ports);
    const [first] = await ports.overrides.list();
    const replaced = await said("threshold loss 0.5 for 4 nightly/*", ports);
    const undo = /Undo: (.*?) \(as/.exec(replaced)?.[1] ?? "";
    await said(undo, ports);
    expect(await ports.overrides.list()).toEqual([first]);
  });
});
