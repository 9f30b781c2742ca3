import { exitCodes } from "./exit-codes.js";
import { fileFault } from "./file-fault.js";

/** Writes to standard output and waits where its reader is slower than we are; a reader that went away (`| head`) is no error. */
export function print(text: string): Promise<void> {
  watchOutput();
  if (text === "" || process.stdout.destroyed || process.stdout.write(text)) return Promise.resolve();
  return new Promise((resolve) => {
    goOn = resolve;
  });
}

/** Names from logs, with what could drive a terminal or the log of a pipeline made visible: control characters, and the begin of a command. */
export function printable(text: string): string {
  return text.replaceAll(driving, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}

/** GitHub and Azure take `##[…]` and `##vso[…]` as commands anywhere in a line, `::…::` at its begin. */
const driving = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]|(?<=#)#(?=(?:vso)?\[)|(?<=^\s*):(?=:)/giu;

/** `1 run`, `2 runs`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

/** Six significant digits: a float32 holds no more. */
export function shownNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}

let isWatching = false;
/** Ends the wait of the one `print` under way. */
let goOn = (): void => undefined;

/** A reader who went away (`| head`) ends the output in silence; any other failure, such as a full disk, is said once and makes the exit code 2. */
export function watchOutput(): void {
  if (isWatching) return;
  isWatching = true;
  process.stdout.on("drain", () => goOn());
  process.stdout.on("close", () => goOn());
  process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EPIPE" && !hasFailed) sayUnwritten(cause);
    process.stdout.destroy();
    goOn();
  });
  // There is nobody left to tell.
  process.stderr.on("error", () => undefined);
}

let hasFailed = false;

function sayUnwritten(cause: Error): void {
  hasFailed = true;
  process.stderr.write(`tensorbell: standard output cannot be written (${fileFault(cause)})\n`);
  process.on("exit", () => {
    process.exitCode = exitCodes.noAnswer;
  });
}
