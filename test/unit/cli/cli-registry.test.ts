import { Command } from "commander";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cliCommands } from "../../../src/cli/cli-registry.js";

describe("the commands of the command line", () => {
  it.each(Object.entries(cliCommands))(
    "%s registers itself under its name, with a description",
    async (name, load) => {
      const program = new Command();
      (await load())(program);
      expect(program.commands.map((command) => command.name())).toEqual([name]);
      expect(program.commands[0]?.description()).not.toBe("");
    },
  );

  it("are all in the registry", () => {
    const folder = new URL("../../../src/cli/", import.meta.url);
    const registering = readdirSync(folder)
      .filter((file) => file.endsWith(".ts"))
      .filter((file) => /^export function register[A-Z]/m.test(readFileSync(new URL(file, folder), "utf8")))
      .map((file) => file.replace(/\.ts$/, ""));
    expect(registering.sort()).toEqual(Object.keys(cliCommands).sort());
  });

  it.each(Object.entries(cliCommands))("%s explains every argument and option", async (_name, load) => {
    const program = new Command();
    (await load())(program);
    const all = program.commands.flatMap((command) => [command, ...command.commands]);
    const unexplained = all.flatMap((command) => [
      ...command.registeredArguments.filter(({ description }) => description === "").map((one) => one.name()),
      ...command.options.filter(({ description }) => description === "").map(({ flags }) => flags),
    ]);
    expect(unexplained).toEqual([]);
  });

  it("are all in the README's table, and no other", () => {
    const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
    const named = [...readme.matchAll(/^\| `tensorbell ([a-z-]+)/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(Object.keys(cliCommands).sort());
  });
});
