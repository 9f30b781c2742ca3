import type { Locale } from "../lib/locale.js";
import type { Reply } from "./command-request.js";
import type { CommandContext } from "./context.js";

export type { Actor, CommandRequest, Reply } from "./command-request.js";

/** A word people write after `/tb`: its texts, what it takes, and what it does. Wrong words are answered, never thrown. */
export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly usage: Readonly<Record<Locale, string>>;
  readonly summary: Readonly<Record<Locale, string>>;
  /** What it takes to be allowed: `read`, `touch` (ack, mute, own-thread thresholds) or `administer`. */
  readonly needs: "read" | "touch" | "administer";
  /** Where words raise the need (`watch add`); `needs` is the least. Judged by the command itself as soon as it knows. */
  readonly mayNeed?: "touch" | "administer";
  /** Whether it means anything where it was asked; everywhere where left out. Help lists it only there. */
  here?(context: CommandContext): boolean;
  run(words: readonly string[], context: CommandContext): Promise<Reply>;
}
