import type { Episode } from "../../alerts/episode.js";
import type { Block } from "../../message/message.js";
import type { RunId } from "../../series/run.js";
import type { Command, Reply } from "../command.js";
import type { CommandContext, RunSummary } from "../context.js";
import { episodeLine, episodeTone } from "../episode-line.js";
import { offer, ownWord } from "../offer.js";
import { phrase } from "../phrase.js";
import { code, message, note, text, toEverybody } from "../reply.js";
import { openWord } from "../run-words.js";
import { shown } from "../shown.js";
import { runWord, whichRun } from "../which-run.js";

const mostAlerts = 15;
const mostRecent = 5;

export const alerts: Command = {
  name: "alerts",
  aliases: ["alert", "告警", "警报"],
  usage: { en: "/tb alerts [run]", zh: "/tb 告警 [运行]" },
  summary: {
    en: "Open alerts, and the last ones that are over.",
    zh: "查看未恢复的告警和最近已恢复的告警。",
  },
  needs: "read",
  async run(words, context) {
    const which = await whichRun(words, context);
    if (which.kind === "problem") return which.reply;
    return alertsOf(which.kind === "run" ? which.run : undefined, context);
  },
};

async function alertsOf(run: RunSummary | undefined, context: CommandContext): Promise<Reply> {
  const { locale } = context;
  const open = await context.alerts.open(run?.id);
  const recent = await context.alerts.recent(run?.id, mostRecent + open.length);
  const over = recent.filter((one) => one.state === "resolved").slice(0, mostRecent);
  const sorted = [...open].sort((a, b) => rank(a) - rank(b) || b.opened.wallTime - a.opened.wallTime);
  const listed = sorted.slice(0, mostAlerts);
  const hidden = sorted.length - listed.length;
  const lines = await described([...listed, ...over], context);
  const where = run === undefined ? "" : `${shown(run.run.name)} · `;
  const blocks: Block[] = [];
  if (listed.length > 0) blocks.push({ kind: "list", items: lines.slice(0, listed.length) });
  if (hidden > 0)
    blocks.push(
      note(
        phrase(locale, `${hidden} more: `, `另有 ${hidden} 条：`),
        code(offer(locale, ["alerts", "<run>"])),
      ),
    );
  if (over.length > 0) {
    blocks.push(text(phrase(locale, "Over:", "已恢复：")), {
      kind: "list",
      items: lines.slice(listed.length),
    });
  }
  if (listed.some((one) => one.ack === undefined)) blocks.push(howToAct(run, context));
  return toEverybody(message(episodeTone(open) ?? "good", where + openWord(open.length, locale), blocks));
}

function rank({ severity }: Episode): number {
  return ["critical", "warning", "info"].indexOf(severity);
}

/** Lines of episodes; those of several runs name the run. */
async function described(episodes: readonly Episode[], context: CommandContext) {
  const ids = [...new Set(episodes.map(({ run }) => run))];
  const runs = new Map(
    await Promise.all(
      ids.map(async (id) => {
        const [summary, series] = await Promise.all([context.runs.get(id), context.runs.series(id)]);
        return [id, { name: summary?.run.name ?? id, series }] as const satisfies [RunId, unknown];
      }),
    ),
  );
  return episodes.map((one) => {
    const run = runs.get(one.run);
    const line = episodeLine(one, run?.series ?? [], context);
    return ids.length === 1 ? line : [code(shown(run?.name ?? one.run, 60)), " ", ...line];
  });
}

/** In a run's own thread the commands need no name. */
function howToAct(run: RunSummary | undefined, { locale, impliedRun }: CommandContext): Block {
  const name = run === undefined ? ownWord(locale, "<run>") : runWord(run);
  const target = run !== undefined && run.id === impliedRun ? [] : [name];
  return note(
    phrase(locale, "Seen it? ", "已知晓？"),
    code(offer(locale, "ack", ...target)),
    phrase(locale, "; quiet: ", "；暂时静音："),
    code(offer(locale, "mute", ...target, ownWord(locale, "2h"))),
  );
}
