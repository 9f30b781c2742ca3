import { authorOf } from "../author.js";
import type { Command, Reply } from "../command.js";
import type { CommandContext, WatchRefused, WatchSummary } from "../context.js";
import { folded } from "../grammar.js";
import { offer } from "../offer.js";
import { phrase } from "../phrase.js";
import { refusal } from "../refusal.js";
import { code, message, note, problem, text, toEverybody } from "../reply.js";
import { watchRefusal } from "../watch-refusal.js";
import { quoted, shown } from "../shown.js";

const mostWatches = 30;

export const watch: Command = {
  name: "watch",
  aliases: ["watches", "监控", "目录"],
  usage: { en: "/tb watch add|list|remove <directory>", zh: "/tb 监控 添加|列表|移除 <目录>" },
  summary: {
    en: "Log directories that are watched; adding and removing needs an admin.",
    zh: "管理监控的日志目录；添加和移除需要管理员权限。",
  },
  needs: "read",
  mayNeed: "administer",
  run(words, context) {
    const [verb = "list", ...rest] = words;
    const directory = rest.join(" ");
    switch (verbs.get(folded(verb))) {
      case "list":
        return list(context);
      case "add":
        return refusedOr(context, () => add(directory, context));
      case "remove":
        return refusedOr(context, () => remove(directory, context));
      case undefined:
        return Promise.resolve(usage(context));
    }
  },
};

const verbs: ReadonlyMap<string, "add" | "list" | "remove"> = new Map([
  ["list", "list"],
  ["ls", "list"],
  ["列表", "list"],
  ["查看", "list"],
  ["add", "add"],
  ["添加", "add"],
  ["增加", "add"],
  ["remove", "remove"],
  ["rm", "remove"],
  ["delete", "remove"],
  ["移除", "remove"],
  ["删除", "remove"],
]);

async function refusedOr(context: CommandContext, act: () => Promise<Reply>): Promise<Reply> {
  return refusal("administer", context) ?? (await act());
}

async function list({ watches, locale }: CommandContext): Promise<Reply> {
  const known = await watches.list();
  const headline =
    known.length === 1
      ? phrase(locale, "1 directory is watched", "正在监控 1 个目录")
      : phrase(locale, `${known.length} directories are watched`, `正在监控 ${known.length} 个目录`);
  const columns = [
    phrase(locale, "directory", "目录"),
    phrase(locale, "runs", "运行"),
    phrase(locale, "from", "来源"),
    phrase(locale, "id", "编号"),
  ];
  const rows = known
    .slice(0, mostWatches)
    .map((one) => [shown(one.root, 120), String(one.runs), origin(one, locale), one.id]);
  const hidden = known.length - rows.length;
  return toEverybody(
    message("info", headline, [
      ...(rows.length === 0 ? [] : [{ kind: "table", columns, rows } as const]),
      ...(hidden > 0 ? [note(`… +${hidden}`)] : []),
      addable(watches.roots(), locale),
    ]),
  );
}

function origin({ origin: from, author }: WatchSummary, locale: "en" | "zh"): string {
  return from === "config" ? phrase(locale, "config", "配置") : shown(author ?? "?", 60);
}

function addable(roots: readonly string[], locale: "en" | "zh") {
  return roots.length === 0
    ? note(
        phrase(
          locale,
          "Directories can be added in the config only (no roots are allowed for chat).",
          "只能在配置中添加目录（未允许在会话中添加）。",
        ),
      )
    : note(
        phrase(locale, "Can be added below ", "可添加其下的目录："),
        ...roots
          .slice(0, 10)
          .flatMap((root, index) => [...(index > 0 ? [", "] : []), code(shown(root, 120))]),
      );
}

async function add(directory: string, context: CommandContext): Promise<Reply> {
  const { watches, request, now, locale } = context;
  if (directory === "") return usage(context);
  const author = authorOf(request.actor);
  const outcome = await watches.add(directory, author, now);
  if (outcome.kind === "refused") return refused(directory, outcome, context);
  const root = shown(outcome.watch.root, 120);
  return toEverybody(
    message("info", phrase(locale, `${root} is watched now`, `已开始监控 ${root}`), [
      text(phrase(locale, `Added by ${shown(author)}.`, `由 ${shown(author)} 添加。`)),
      note(
        phrase(locale, "Undo: ", "撤销："),
        code(offer(locale, ["watch", "remove"], quoted(outcome.watch.root))),
      ),
    ]),
  );
}

async function remove(directory: string, context: CommandContext): Promise<Reply> {
  const { watches, request, locale } = context;
  if (directory === "") return usage(context);
  const outcome = await watches.remove(directory);
  if (outcome.kind === "refused") return refused(directory, outcome, context);
  const root = shown(outcome.watch.root, 120);
  const author = shown(authorOf(request.actor));
  return toEverybody(
    message("info", phrase(locale, `${root} is no longer watched`, `已停止监控 ${root}`), [
      text(phrase(locale, `Removed by ${author}.`, `由 ${author} 移除。`)),
      note(
        phrase(locale, "Undo: ", "撤销："),
        code(offer(locale, ["watch", "add"], quoted(outcome.watch.root))),
      ),
    ]),
  );
}

function refused(directory: string, outcome: WatchRefused, { locale, watches }: CommandContext): Reply {
  const name = shown(directory, 120);
  return problem(
    phrase(locale, `Nothing was changed for ${name}.`, `未对 ${name} 作任何更改。`),
    text(watchRefusal(outcome, locale)),
    addable(watches.roots(), locale),
  );
}

function usage({ locale }: CommandContext): Reply {
  return problem(phrase(locale, "Watch what?", "要监控什么？"), text(code(watch.usage[locale])));
}
