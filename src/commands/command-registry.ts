import { ack } from "./builtin/ack.js";
import { alerts } from "./builtin/alerts.js";
import { chart } from "./builtin/chart.js";
import { helpOn } from "./builtin/help.js";
import { mute } from "./builtin/mute.js";
import { quota } from "./builtin/quota.js";
import { rules } from "./builtin/rules.js";
import { runs } from "./builtin/runs.js";
import { status } from "./builtin/status.js";
import { suggest } from "./builtin/suggest.js";
import { threshold } from "./builtin/threshold.js";
import { unack } from "./builtin/unack.js";
import { unmute } from "./builtin/unmute.js";
import { watch } from "./builtin/watch.js";
import { whoami } from "./builtin/whoami.js";
import type { Command } from "./command.js";
import { folded } from "./grammar.js";

const builtins = {
  runs,
  status,
  chart,
  alerts,
  threshold,
  suggest,
  rules,
  mute,
  unmute,
  ack,
  unack,
  watch,
  quota,
  whoami,
} as const satisfies Readonly<Record<string, Command>>;

/** Every command by its name, in the order that help shows. */
export const commandRegistry = { help: helpOn(builtins), ...builtins } as const;

/** The command that a word means: its name or an alias, in any case and width. */
export function commandNamed(word: string): Command | undefined {
  return byWord.get(folded(word));
}

/** Everything a first word may be, for suggestions. */
export function commandNames(): Iterable<string> {
  return byWord.keys();
}

const byWord: ReadonlyMap<string, Command> = new Map(
  Object.values<Command>(commandRegistry).flatMap((command) =>
    [command.name, ...command.aliases].map((word): [string, Command] => [folded(word), command]),
  ),
);
