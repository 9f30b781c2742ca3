import type { Episode } from "../../alerts/episode.js";
import { formatCount, formatNumber } from "../../message/format-number.js";
import { formatAgo } from "../../message/format-time.js";
import type { Block, Fact } from "../../message/message.js";
import type { Command, Reply } from "../command.js";
import type { CommandContext, RunSummary, SeriesSummary } from "../context.js";
import { episodeLine, episodeTone } from "../episode-line.js";
import { keyMetrics } from "../key-metrics.js";
import { offer } from "../offer.js";
import { phrase } from "../phrase.js";
import { code, message, note, toEverybody } from "../reply.js";
import { openWord, stateWord } from "../run-words.js";
import { metricName } from "../../rules/metric-name.js";
import { shown } from "../shown.js";
import { whichRun } from "../which-run.js";
import { runs } from "./runs.js";

const mostMetrics = 8;
const mostHparams = 8;
const mostAlerts = 5;

export const status: Command = {
  name: "status",
  aliases: ["st", "状态", "情况"],
  usage: { en: "/tb status [run]", zh: "/tb 状态 [运行]" },
  summary: {
    en: "State, last values, open alerts and hyperparameters of a run.",
    zh: "查看运行的状态、最新数值、未恢复告警和超参数。",
  },
  needs: "read",
  async run(words, context) {
    const which = await whichRun(words, context);
    if (which.kind === "problem") return which.reply;
    if (which.kind === "run") return statusOf(which.run, context);
    const known = await context.runs.list();
    const [only] = known;
    return known.length === 1 && only !== undefined ? statusOf(only, context) : runs.run([], context);
  },
};

async function statusOf(run: RunSummary, context: CommandContext): Promise<Reply> {
  const [series, open] = await Promise.all([context.runs.series(run.id), context.alerts.open(run.id)]);
  const { locale } = context;
  const headline = [
    shown(run.run.name),
    stateWord(run.state, locale),
    phrase(locale, `step ${formatCount(lastStep(series))}`, `第 ${formatCount(lastStep(series))} 步`),
    openWord(open.length, locale),
  ].join(" · ");
  return toEverybody(
    message(episodeTone(open) ?? (run.state === "running" ? "good" : "info"), headline, [
      { kind: "facts", facts: facts(run, series, context) },
      ...alertList(open, series, context),
      ...link(run, context),
    ]),
  );
}

/** Not `Math.max(...)`: a run may have more tags than a call has room for arguments. */
function lastStep(series: readonly SeriesSummary[]): number {
  return series.reduce((highest, { last }) => Math.max(highest, last.step), 0);
}

function facts(run: RunSummary, series: readonly SeriesSummary[], context: CommandContext): readonly Fact[] {
  const { locale, now } = context;
  const metrics = keyMetrics(series)
    .slice(0, mostMetrics)
    .map((one): Fact => ({
      label: metricName(one.labels),
      value: [
        { kind: "strong", text: formatNumber(one.last.value) },
        phrase(locale, ` at step ${formatCount(one.last.step)}`, `（第 ${formatCount(one.last.step)} 步）`),
      ],
    }));
  const hidden = series.length - metrics.length;
  const hparams = Object.entries(run.hparams);
  const shownHparams = hparams
    .slice(0, mostHparams)
    .map(([name, value]) => `${shown(name, 30)}=${hparam(value)}`)
    .join(", ");
  const rest = hparams.length - mostHparams;
  return [
    ...metrics,
    ...(hidden > 0 ? [{ label: phrase(locale, "other tags", "其他标签"), value: [String(hidden)] }] : []),
    ...(hparams.length > 0
      ? [
          {
            label: phrase(locale, "hparams", "超参数"),
            value: [shownHparams + (rest > 0 ? ` … +${rest}` : "")],
          },
        ]
      : []),
    {
      label: phrase(locale, "last bytes", "最近写入"),
      value: [formatAgo(run.lastArrivalAt, now, locale)],
    },
  ];
}

function hparam(value: string | number | boolean): string {
  return typeof value === "number" ? formatNumber(value) : shown(String(value), 40);
}

function alertList(
  open: readonly Episode[],
  series: readonly SeriesSummary[],
  context: CommandContext,
): readonly Block[] {
  if (open.length === 0) return [];
  const { locale } = context;
  const more = open.length - mostAlerts;
  return [
    { kind: "list", items: open.slice(0, mostAlerts).map((one) => episodeLine(one, series, context)) },
    ...(more > 0
      ? [note(phrase(locale, `${more} more: `, `另有 ${more} 条：`), code(offer(locale, "alerts")))]
      : []),
  ];
}

function link(run: RunSummary, context: CommandContext): readonly Block[] {
  const url = context.tensorboardLink(run.run);
  if (url === undefined) return [];
  return [
    note({ kind: "link", url, text: phrase(context.locale, "Open in TensorBoard", "在 TensorBoard 中打开") }),
  ];
}
