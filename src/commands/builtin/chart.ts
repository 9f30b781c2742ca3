import { metricName } from "../../rules/metric-name.js";
import type { Command, Reply } from "../command.js";
import type { CommandContext, RunSummary, SeriesSummary } from "../context.js";
import { findMetric } from "../find-metric.js";
import { keyMetrics } from "../key-metrics.js";
import { noMetric } from "../no-metric.js";
import { offer } from "../offer.js";
import { phrase } from "../phrase.js";
import { code, message, note, problem, text, toEverybody } from "../reply.js";
import { shown } from "../shown.js";
import { impliedHere, whichRun, type WhichRun } from "../which-run.js";

export const chart: Command = {
  name: "chart",
  aliases: ["plot", "图", "曲线", "图表"],
  usage: { en: "/tb chart [run] [metric]", zh: "/tb 图 [运行] [指标]" },
  summary: { en: "The curve of a metric as a picture.", zh: "以图片显示指标曲线。" },
  needs: "read",
  async run(words, context) {
    const asked = await runAndMetric(words, context);
    if (asked.which.kind === "problem") return asked.which.reply;
    if (asked.which.kind === "none") return needsRun(context);
    return chartOf(asked.which.run, asked.metric, context);
  },
};

interface Asked {
  readonly which: WhichRun;
  readonly metric: string;
}

/** In a run's thread all words may be the metric; elsewhere the first (or last) names the run. */
async function runAndMetric(words: readonly string[], context: CommandContext): Promise<Asked> {
  const run = await impliedHere(context);
  const all = words.join(" ");
  const implied = (): Asked => {
    context.chose("implied");
    return { which: run === undefined ? { kind: "none" } : { kind: "run", run }, metric: all };
  };
  if (run !== undefined) {
    const series = await context.runs.series(run.id);
    if (all === "" || findMetric(series, all).kind === "found") return implied();
  }
  // The longest name first: runs have spaces in their names too.
  for (let count = Math.min(words.length, mostNameWords); count > 1; count -= 1) {
    const which = await whichRun(words.slice(0, count), context);
    if (which.kind === "run") return { which, metric: words.slice(count).join(" ") };
  }
  const first = await whichRun(words.slice(0, 1), context);
  if (first.kind === "run" && words.length > 0) return { which: first, metric: words.slice(1).join(" ") };
  const last = await whichRun(words.slice(-1), context);
  if (last.kind === "run" && words.length > 1) return { which: last, metric: words.slice(0, -1).join(" ") };
  if (run !== undefined && words.length === 1) return implied();
  return { which: first, metric: all };
}

const mostNameWords = 8;

async function chartOf(run: RunSummary, metric: string, context: CommandContext): Promise<Reply> {
  const series = await context.runs.series(run.id);
  const found = metric === "" ? undefined : findMetric(series, metric);
  if (found?.kind === "unknown") {
    return noMetric({ query: metric, nearest: found.nearest, series, run: run.run.name }, context);
  }
  const [chosen, ...others] = keyMetrics(found?.series ?? series);
  const drawn = chosen === undefined ? undefined : await context.draw(run.id, chosen.key, context.locale);
  if (chosen === undefined || drawn === undefined) return nothingToDraw(run, context);
  return withPicture({ run, chosen, drawn, others: found === undefined ? [] : others }, context);
}

interface Drawn {
  readonly run: RunSummary;
  readonly chosen: SeriesSummary;
  readonly others: readonly SeriesSummary[];
  readonly drawn: { readonly png: Uint8Array; readonly alt: string };
}

const mostOthers = 6;

function withPicture({ run, chosen, others, drawn }: Drawn, context: CommandContext): Reply {
  const { locale } = context;
  const url = context.tensorboardLink(run.run);
  // Other splits of the same tag are in the picture already.
  const elsewhere = others.filter(({ labels }) => labels.tag !== chosen.labels.tag);
  const reply = toEverybody(
    message("info", `${shown(run.run.name)} · ${metricName(chosen.labels)}`, [
      ...(elsewhere.length === 0
        ? []
        : [
            note(
              phrase(locale, "Also fits: ", "同样符合："),
              ...elsewhere
                .slice(0, mostOthers)
                .flatMap(({ labels }, index) => [...(index > 0 ? [", "] : []), code(shown(labels.tag, 60))]),
              ...(elsewhere.length > mostOthers ? [` … +${elsewhere.length - mostOthers}`] : []),
            ),
          ]),
      ...(url === undefined
        ? []
        : [
            note({ kind: "link", url, text: phrase(locale, "Open in TensorBoard", "在 TensorBoard 中打开") }),
          ]),
    ]),
  );
  return { ...reply, picture: { png: drawn.png, name: fileName(run, chosen), alt: drawn.alt } };
}

/** Safe on every file system and in every header. */
function fileName(run: RunSummary, { labels }: SeriesSummary): string {
  const stem = `${run.run.name} ${labels.tag}`
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replaceAll(/^[-.]+|-+$/g, "");
  return `${stem === "" ? "chart" : stem.slice(-80)}.png`;
}

function nothingToDraw(run: RunSummary, { locale }: CommandContext): Reply {
  return problem(
    phrase(
      locale,
      `${shown(run.run.name)} has no points to draw yet.`,
      `${shown(run.run.name)} 还没有可以绘制的数据点。`,
    ),
  );
}

function needsRun({ locale }: CommandContext): Reply {
  return problem(
    phrase(locale, "A chart of which run?", "要画哪个运行的图？"),
    text(code(chart.usage[locale]), phrase(locale, "; runs: ", "；运行列表："), code(offer(locale, "runs"))),
  );
}
