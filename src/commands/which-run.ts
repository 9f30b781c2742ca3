import type { Reply } from "./command.js";
import type { CommandContext, RunSummary } from "./context.js";
import { findRun, type FoundRun } from "./find-run.js";
import { folded } from "./grammar.js";
import { offer } from "./offer.js";
import { phrase } from "./phrase.js";
import { code, problem, text } from "./reply.js";
import { quoted, shown } from "./shown.js";

export type WhichRun =
  | { readonly kind: "run"; readonly run: RunSummary }
  /** Nothing was named and nothing is implied. */
  | { readonly kind: "none" }
  | { readonly kind: "problem"; readonly reply: Reply };

/** The run that these words name; without words, or with `this`, the one whose conversation this is. */
export async function whichRun(words: readonly string[], context: CommandContext): Promise<WhichRun> {
  const meansThis = words.length === 1 && thisRun.has(folded(words[0] ?? ""));
  if (words.length > 0 && !meansThis) return named(words.join(" "), context);
  const implied = await impliedHere(context);
  if (implied !== undefined) {
    context.chose("implied");
    return { kind: "run", run: implied };
  }
  return meansThis ? { kind: "problem", reply: noRunHere(context) } : { kind: "none" };
}

/** The run whose conversation this is, before it is decided whether it is meant. */
export async function impliedHere({ impliedRun, runs }: CommandContext): Promise<RunSummary | undefined> {
  return impliedRun === undefined ? undefined : runs.get(impliedRun);
}

/** The run as a name in a reply's commands: short, and it reads back as this run. */
export function runWord(run: RunSummary): string {
  return quoted(run.run.name);
}

const thisRun = new Set(["this", "here", "本", "此", "这个", "当前", "本次", "这"]);

async function named(query: string, context: CommandContext): Promise<WhichRun> {
  const found = findRun(await context.runs.list(), query);
  if (found.kind === "found") {
    context.chose("named");
    return { kind: "run", run: found.run };
  }
  return { kind: "problem", reply: notFound(query, found, context) };
}

function notFound(
  query: string,
  found: Exclude<FoundRun, { kind: "found" }>,
  context: CommandContext,
): Reply {
  const { locale } = context;
  const name = shown(query);
  if (found.kind === "ambiguous") {
    const sameName = new Set(found.choices.map((run) => run.run.name)).size < found.choices.length;
    const more = found.total - found.choices.length;
    return problem(
      phrase(
        locale,
        `"${name}" fits ${found.total} runs; which one?`,
        `“${name}”对应 ${found.total} 个运行，是哪一个？`,
      ),
      {
        kind: "list",
        items: found.choices.map((run) => [
          code(shown(run.run.name)),
          ...(sameName ? [phrase(locale, ", by id ", "，编号 "), code(run.id)] : []),
        ]),
      },
      ...(more > 0 ? [text(phrase(locale, `… and ${more} more.`, `……另有 ${more} 个。`))] : []),
    );
  }
  const [first, ...others] = found.nearest.map((near) => code(shown(near)));
  return problem(
    phrase(locale, `No run is called "${name}".`, `没有名为“${name}”的运行。`),
    first === undefined
      ? text(phrase(locale, "See the list with ", "查看列表："), code(offer(locale, "runs")))
      : text(
          phrase(locale, "Did you mean ", "是不是要找 "),
          first,
          ...others.flatMap((other) => [phrase(locale, " or ", " 或 "), other]),
          phrase(locale, "?", "？"),
        ),
  );
}

function noRunHere({ locale }: CommandContext): Reply {
  return problem(
    phrase(locale, "This is no run's conversation.", "这里不是某个运行的会话。"),
    text(
      phrase(
        locale,
        "Name the run, ask inside its thread, or quote one of its messages. ",
        "请写出运行名称，或在它的话题里、引用它的消息提问。",
      ),
      code(offer(locale, "runs")),
    ),
  );
}
