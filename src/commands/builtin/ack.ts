import { authorOf } from "../author.js";
import type { Command, Reply } from "../command.js";
import type { CommandContext, RunSummary } from "../context.js";
import { episodeLine } from "../episode-line.js";
import { offer } from "../offer.js";
import { phrase } from "../phrase.js";
import { code, message, note, problem, text, toEverybody } from "../reply.js";
import { shown } from "../shown.js";
import { runWord, whichRun } from "../which-run.js";

const mostLines = 8;

export const ack: Command = {
  name: "ack",
  aliases: ["acknowledge", "确认", "知道了"],
  usage: { en: "/tb ack [run]", zh: "/tb 确认 [运行]" },
  summary: {
    en: "Somebody is on it: no repeats of a run's open alerts until they are over.",
    zh: "表示已有人处理：该运行未恢复的告警在恢复前不再重复提醒。",
  },
  needs: "touch",
  async run(words, context) {
    const which = await whichRun(words, context);
    if (which.kind === "problem") return which.reply;
    return which.kind === "none" ? ackWhich(context) : ackRun(which.run, context);
  },
};

async function ackRun(run: RunSummary, context: CommandContext): Promise<Reply> {
  const { locale, alerts, request, now } = context;
  const name = shown(run.run.name);
  const author = authorOf(request.actor);
  const changed = await alerts.ack(run.id, author, now);
  if (changed.length === 0) {
    const open = await alerts.open(run.id);
    const by = shown(open[0]?.ack?.by ?? "");
    return problem(
      open.length === 0
        ? phrase(locale, `${name} has no open alerts.`, `${name} 没有未恢复的告警。`)
        : phrase(locale, `${name} is acknowledged already, by ${by}.`, `${name} 的告警已由 ${by} 确认。`),
    );
  }
  const series = await context.runs.series(run.id);
  const count = changed.length;
  return toEverybody(
    message(
      "info",
      phrase(
        locale,
        `${name}: ${shown(author)} acknowledged ${count === 1 ? "1 alert" : `${count} alerts`}`,
        `${name}：${shown(author)} 已确认 ${count} 条告警`,
      ),
      [
        {
          kind: "list",
          items: changed.slice(0, mostLines).map(({ ack: _, ...one }) => episodeLine(one, series, context)),
        },
        note(
          phrase(locale, "No repeats until they are over. Undo: ", "恢复之前不再重复提醒。撤销："),
          code(offer(locale, "unack", runWord(run))),
        ),
      ],
    ),
  );
}

async function ackWhich({ locale, runs }: CommandContext): Promise<Reply> {
  const open = (await runs.list()).filter((run) => run.openEpisodes > 0).slice(0, mostLines);
  if (open.length === 0) return problem(phrase(locale, "There are no open alerts.", "没有未恢复的告警。"));
  return problem(
    phrase(locale, "Acknowledge the alerts of which run?", "要确认哪个运行的告警？"),
    {
      kind: "list",
      items: open.map((run) => [code(offer(locale, "ack", runWord(run)))]),
    },
    text(
      phrase(
        locale,
        "In a run's thread, or quoting one of its messages, the name is not needed.",
        "在运行的话题中或引用它的消息时无需写名称。",
      ),
    ),
  );
}
