import { basename } from "node:path";
import { matchesGlob } from "../lib/glob.js";
import type { Locale } from "../lib/locale.js";
import type { OverrideScope } from "../rules/override.js";
import type { Reply } from "./command.js";
import type { CommandContext, RunSummary, WatchSummary } from "./context.js";
import { folded } from "./grammar.js";
import { ownWord } from "./offer.js";
import { phrase } from "./phrase.js";
import { code, problem, text } from "./reply.js";
import { quoted, shown } from "./shown.js";
import { runWord, whichRun } from "./which-run.js";

/** Whose runs a setting is about: one run's, those of a pattern, a watch's, everyone's. */
export interface Whose {
  readonly scope: OverrideScope;
  /** The run, where it is one. */
  readonly run?: RunSummary;
  /** As a sentence names them; absent for everyone's. */
  readonly name?: string;
  /** As a command names them. */
  readonly word?: string;
  /** Those of them that are known. */
  readonly runs: readonly RunSummary[];
}

export type WhoseRuns =
  { readonly kind: "whose"; readonly whose: Whose } | { readonly kind: "problem"; readonly reply: Reply };

/** The runs that words name: `nightly/*`, `watch:team-a`, a run as everywhere; without words the thread's, else everyone's. */
export async function whoseRuns(words: readonly string[], context: CommandContext): Promise<WhoseRuns> {
  const query = words.join(" ");
  const watch = watchWord.exec(folded(query))?.[1];
  if (watch !== undefined) return ofWatch(query.slice(query.length - watch.length), context);
  const known = await context.runs.list();
  if (/[*?]/.test(query) && !known.some(({ run }) => run.name === query))
    return ofGroup(query, known, context);
  const which = await whichRun(words, context);
  if (which.kind === "problem") return which;
  if (which.kind === "none") return { kind: "whose", whose: { scope: { kind: "everyone" }, runs: known } };
  const { run } = which;
  const scope: OverrideScope = { kind: "run", run: run.id };
  return { kind: "whose", whose: { scope, run, name: shown(run.run.name), word: runWord(run), runs: [run] } };
}

/** The word that names a scope in a command that a reply offers. */
export async function scopeWord(scope: OverrideScope, context: CommandContext): Promise<string | undefined> {
  switch (scope.kind) {
    case "everyone":
      return undefined;
    case "group":
      return quoted(scope.runs);
    case "watch":
      return watchNamed(scope.watch, context.locale);
    case "run": {
      const run = await context.runs.get(scope.run);
      return run === undefined ? scope.run : runWord(run);
    }
  }
}

function watchNamed(name: string, locale: Locale): string {
  return `${ownWord(locale, "watch")}:${name}`;
}

const watchWord = /^(?:watch|监控|目录):\s*(.+)$/u;

async function ofWatch(name: string, context: CommandContext): Promise<WhoseRuns> {
  const watches = await context.watches.list();
  const chosen = findWatch(watches, name);
  if (chosen === undefined) return { kind: "problem", reply: noWatch(name, watches, context) };
  const runs = (await context.runs.list()).filter(({ run }) => run.watch === chosen.id);
  const scope: OverrideScope = { kind: "watch", watch: chosen.id };
  const shownName = shown(chosen.name ?? chosen.root);
  return {
    kind: "whose",
    whose: { scope, name: shownName, word: watchNamed(chosen.id, context.locale), runs },
  };
}

/** By id, name or path; else by the last part of a path, where only one has it. */
function findWatch(watches: readonly WatchSummary[], name: string): WatchSummary | undefined {
  const whole = watches.find((watch) => [watch.id, watch.name, watch.root].includes(name));
  if (whole !== undefined) return whole;
  const wanted = folded(name);
  const last = watches.filter(({ root, name: own = "" }) =>
    [folded(basename(root)), folded(own)].includes(wanted),
  );
  return last.length === 1 ? last[0] : undefined;
}

function noWatch(name: string, watches: readonly WatchSummary[], { locale }: CommandContext): Reply {
  return problem(
    phrase(locale, `No watch is called "${shown(name)}".`, `没有名为“${shown(name)}”的监控目录。`),
    {
      kind: "list",
      items: watches
        .slice(0, 8)
        .map((watch) => [
          code(watchNamed(watch.name === undefined ? watch.id : shown(watch.name, 40), locale)),
          ` ${shown(watch.root, 80)}`,
        ]),
    },
  );
}

function ofGroup(pattern: string, known: readonly RunSummary[], { locale }: CommandContext): WhoseRuns {
  const runs = known.filter(({ run }) => matchesGlob(pattern, run.name));
  const name = shown(pattern);
  if (runs.length > 0)
    return {
      kind: "whose",
      whose: { scope: { kind: "group", runs: pattern }, name, word: quoted(pattern), runs },
    };
  const reply = problem(
    phrase(locale, `No run matches "${name}".`, `没有与“${name}”匹配的运行。`),
    text(
      phrase(locale, "* is any stretch of a name, slashes too: ", "* 代表名称中任意一段（含斜杠）："),
      code("nightly/*"),
    ),
  );
  return { kind: "problem", reply };
}
