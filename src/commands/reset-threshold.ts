import { sameScope, type SettingsOverride } from "../rules/override.js";
import { labelSeries } from "../series/label-series.js";
import { watchIdOf } from "../series/run.js";
import { authorOf } from "./author.js";
import type { Reply } from "./command.js";
import type { CommandContext } from "./context.js";
import { findMetric } from "./find-metric.js";
import { setCommand, settingsWords, tagWords } from "./override-words.js";
import { offer } from "./offer.js";
import { phrase } from "./phrase.js";
import { code, message, note, problem, text, toEverybody } from "./reply.js";
import { shown } from "./shown.js";
import { refusalOfThreshold } from "./threshold-scope.js";
import { scopeWord, whoseRuns } from "./whose-runs.js";

const mostListed = 20;

/** `reset <id>` undoes one setting, `reset [metric] [run]` those of a scope: in a thread its run's, elsewhere everyone's. */
export async function resetThreshold(words: readonly string[], context: CommandContext): Promise<Reply> {
  const held = await context.overrides.list();
  const chosen = await choose(words, held, context);
  if ("reply" in chosen) return chosen.reply;
  for (const { scope } of chosen.overrides) {
    const refused = refusalOfThreshold(scope, context);
    if (refused !== undefined) return refused;
  }
  const removed: SettingsOverride[] = [];
  for (const { id } of chosen.overrides) {
    const before = await context.overrides.remove(id);
    if (before !== undefined) removed.push(before);
  }
  return removed.length === 0 ? nothing(words, context) : confirmation(removed, context);
}

type Chosen = { readonly overrides: readonly SettingsOverride[] } | { readonly reply: Reply };

async function choose(
  words: readonly string[],
  held: readonly SettingsOverride[],
  context: CommandContext,
): Promise<Chosen> {
  const byId = held.filter(({ id }) => words.length === 1 && id === words[0]?.toLowerCase());
  if (byId.length > 0) return { overrides: byId };
  const here = await whoseRuns([], context);
  const all = words.join(" ");
  const inPlace = here.kind === "whose" ? ofMetric(inScope(held, here.whose.scope), all) : [];
  if (inPlace.length > 0 || words.length === 0) return orNothing(inPlace, words, context);
  const there = await whoseRuns(words.slice(-1), context);
  if (there.kind === "problem") return { reply: nothing(words, context) };
  const metric = words.slice(0, -1).join(" ");
  return orNothing(ofMetric(inScope(held, there.whose.scope), metric), words, context);
}

function orNothing(
  overrides: readonly SettingsOverride[],
  words: readonly string[],
  context: CommandContext,
): Chosen {
  return overrides.length > 0 ? { overrides } : { reply: nothing(words, context) };
}

function inScope(held: readonly SettingsOverride[], scope: SettingsOverride["scope"]) {
  return held.filter((one) => sameScope(one.scope, scope));
}

/** The overrides that speak of a metric, found by the same rules as everywhere; all of them where none is named. */
function ofMetric(held: readonly SettingsOverride[], metric: string): readonly SettingsOverride[] {
  if (metric === "") return held;
  const named = held.flatMap((override) =>
    (override.tags ?? []).map((tag) => ({ override, labels: labelsOf(override, tag) })),
  );
  const found = findMetric(named, metric);
  return found.kind === "unknown" ? [] : [...new Set(found.series.map(({ override }) => override))];
}

/** Which run it is does not matter for what a tag is called. */
function labelsOf({ split = "" }: SettingsOverride, tag: string) {
  return labelSeries({ run: { watch: watchIdOf(""), name: "" }, split, tag });
}

async function confirmation(removed: readonly SettingsOverride[], context: CommandContext): Promise<Reply> {
  const { locale, request } = context;
  const author = shown(authorOf(request.actor));
  const count = removed.length;
  const items = await Promise.all(
    removed
      .slice(0, mostListed)
      .map(async (override) => [
        `${tagWords(override, locale)}${phrase(locale, ": no longer ", "：不再使用 ")}`,
        settingsWords(override.rule, override.settings, locale),
        phrase(locale, "; undo: ", "；撤销："),
        code(setCommand(override, await scopeWord(override.scope, context), locale)),
      ]),
  );
  return toEverybody(
    message(
      "info",
      count === 1
        ? phrase(locale, "Threshold reset", "已重置阈值")
        : phrase(locale, `${count} thresholds reset`, `已重置 ${count} 条阈值`),
      [
        { kind: "list", items },
        ...(count > mostListed ? [note(`… +${count - mostListed}`)] : []),
        note(
          phrase(
            locale,
            `By ${author}. What the config says, or the default, is in force again.`,
            `由 ${author} 重置。恢复使用配置或默认值。`,
          ),
        ),
      ],
    ),
  );
}

function nothing(words: readonly string[], { locale }: CommandContext): Reply {
  const what = words.length === 0 ? "" : shown(words.join(" "), 60);
  return problem(
    what === ""
      ? phrase(locale, "Nothing was set here that could be reset.", "此处没有可重置的设置。")
      : phrase(locale, `No setting fits "${what}" here.`, `此处没有与“${what}”相符的设置。`),
    text(phrase(locale, "What is set: ", "查看现有设置："), code(offer(locale, "threshold"))),
  );
}
