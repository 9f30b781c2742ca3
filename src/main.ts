#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { StartProblem } from "./app/start-problem.js";
import { cliCommands } from "./cli/cli-registry.js";
import { exitCodes, UsageError } from "./cli/exit-codes.js";
import { watchOutput } from "./cli/print.js";
import { isPlaceFault } from "./eventlog/place-fault.js";

const lingerMs = 1_000;

const code = await main(process.argv.slice(2));
process.exitCode = code;
// Everything is closed by now; a handle that somebody forgot must not keep the process alive.
setTimeout(() => process.exit(code), lingerMs).unref();

async function main(words: readonly string[]): Promise<number> {
  watchOutput();
  process.on("uncaughtException", (error) => process.exit(sayFailure(error)));
  try {
    const program = await programFor(words[0]);
    await program.parseAsync(words, { from: "user" });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    return sayFailure(error);
  }
}

/** Only the command that was named is loaded; all of them where help must list them. */
async function programFor(word: string | undefined): Promise<Command> {
  const program = new Command("tensorbell")
    .description("Watches TensorBoard log directories and talks about training runs where your team is.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help for a command")
    .showHelpAfterError("(tensorbell --help lists what there is)")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 the answer is bad news, 2 no answer (usage, config, input).",
    )
    .exitOverride();
  const named = word !== undefined && Object.hasOwn(cliCommands, word) ? cliCommands[word] : undefined;
  const isVersion = word === "-V" || word === "--version";
  const loaders = named !== undefined ? [named] : isVersion ? [] : Object.values(cliCommands);
  for (const register of await Promise.all(loaders.map((load) => load()))) register(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

function sayFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.noAnswer;
  if (error instanceof UsageError || error instanceof StartProblem || isPlaceFault(error)) {
    process.stderr.write(`tensorbell: ${error.message}\n`);
    return exitCodes.noAnswer;
  }
  const debug = (process.env["TENSORBELL_DEBUG"] ?? "") !== "";
  const said = error instanceof Error ? error.message : String(error);
  const shown =
    debug && error instanceof Error ? (error.stack ?? said) : `${said} (TENSORBELL_DEBUG=1 shows where)`;
  process.stderr.write(`tensorbell: this should not have happened: ${shown}\n`);
  return exitCodes.noAnswer;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const found =
    typeof manifest === "object" && manifest !== null && "version" in manifest && manifest.version;
  return typeof found === "string" ? found : "unknown";
}
