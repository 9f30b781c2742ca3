import { formatCount } from "../../message/format-number.js";
import { formatAgo } from "../../message/format-time.js";
import type { Command, Reply } from "../command.js";
import type { CommandContext, RunSummary } from "../context.js";
import { folded } from "../grammar.js";
import { nearest } from "../nearest.js";
import { offer } from "../offer.js";
import { phrase } from "../phrase.js";
import { code, message, note, problem, text, toEverybody } from "../reply.js";
import { byInterest, stateWord } from "../run-words.js";
import { shown } from "../shown.js";

/** Rows of the table without and with `all`. */
const fewRows = 15;
const manyRows = 50;

export const runs: Command = {
  name: "runs",
  aliases: ["ls", "list", "运行", "列表", "实验"],
  usage: { en: "/tb runs [word] [all]", zh: "/tb 运行 [关键字] [全部]" },
  summary: { en: "The runs, newest and running first.", zh: "列出运行，进行中和最新的在前。" },
  needs: "read",
  async run(words, context) {
    const known = await context.runs.list();
    const all = words.some((word) => ["all", "全部", "所有"].includes(folded(word)));
    const filter = words.filter((word) => !["all", "全部", "所有"].includes(folded(word)));
    if (known.length === 0) return nothingYet(context);
    const matching = known.filter((run) => filter.every((word) => matches(run, word)));
    if (matching.length === 0) return noMatch(filter.join(" "), known, context);
    return table(matching, all ? manyRows : fewRows, context);
  },
};

function matches(run: RunSummary, word: string): boolean {
  const wanted = folded(word);
  return (
    folded(run.run.name).includes(wanted) ||
    run.state === wanted ||
    stateWord(run.state, "zh") === wanted ||
    (alerting.has(wanted) && run.openEpisodes > 0)
  );
}

const alerting = new Set(["alerting", "告警"]);

function table(matching: readonly RunSummary[], rows: number, context: CommandContext): Reply {
  const { locale, now } = context;
  const sorted = [...matching].sort(byInterest);
  const running = sorted.filter((run) => run.state === "running").length;
  const open = sorted.reduce((sum, run) => sum + run.openEpisodes, 0);
  const hidden = Math.max(0, sorted.length - rows);
  return toEverybody(
    message(
      open > 0 ? "warning" : "info",
      phrase(
        locale,
        `${sorted.length === 1 ? "1 run" : `${sorted.length} runs`}: ${running} running, ${open} open ${open === 1 ? "alert" : "alerts"}`,
        `${sorted.length} 个运行：${running} 个进行中，${open} 条未恢复告警`,
      ),
      [
        {
          kind: "table",
          columns: [
            phrase(locale, "run", "运行"),
            phrase(locale, "state", "状态"),
            phrase(locale, "points", "数据点"),
            phrase(locale, "last bytes", "最近写入"),
            phrase(locale, "alerts", "告警"),
          ],
          rows: sorted
            .slice(0, rows)
            .map((run) => [
              shown(run.run.name, 60),
              stateWord(run.state, locale),
              formatCount(run.points),
              formatAgo(run.lastArrivalAt, now, locale),
              run.openEpisodes === 0 ? "–" : String(run.openEpisodes),
            ]),
        },
        ...(hidden > 0 ? [more(hidden, rows, context)] : []),
      ],
    ),
  );
}

function more(hidden: number, rows: number, { locale }: CommandContext) {
  return note(
    phrase(locale, `${hidden} more: `, `另有 ${hidden} 个：`),
    ...(rows < manyRows ? [code(offer(locale, ["runs", "all"])), phrase(locale, " or ", " 或 ")] : []),
    code(offer(locale, ["runs", "<word>"])),
  );
}

function nothingYet({ locale, watches }: CommandContext): Reply {
  return toEverybody(
    message("info", phrase(locale, "No runs yet.", "还没有运行。"), [
      text(
        phrase(
          locale,
          "They appear by themselves once event files turn up below a watched directory: ",
          "监控目录下出现事件文件后会自动列出：",
        ),
        code(offer(locale, ["watch", "list"])),
      ),
      ...(watches.roots().length === 0 ? [] : [note(code(offer(locale, ["watch", "add", "<directory>"])))]),
    ]),
  );
}

function noMatch(filter: string, known: readonly RunSummary[], { locale }: CommandContext): Reply {
  const names = known.map((run) => run.run.name);
  const near = nearest(filter, names);
  return problem(
    phrase(
      locale,
      `None of ${known.length} runs fits "${shown(filter)}".`,
      `${known.length} 个运行中没有符合“${shown(filter)}”的。`,
    ),
    ...(near.length === 0
      ? []
      : [text(phrase(locale, "Close: ", "相近的有："), near.map((name) => shown(name)).join(", "))]),
  );
}
