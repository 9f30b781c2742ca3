import type { Reply } from "./command.js";
import type { CommandContext, SeriesSummary } from "./context.js";
import { keyMetrics } from "./key-metrics.js";
import { phrase } from "./phrase.js";
import { code, problem, text } from "./reply.js";
import { shown } from "./shown.js";

export interface MissingMetric {
  readonly query: string;
  readonly nearest: readonly string[];
  readonly series: readonly SeriesSummary[];
  /** The run's name, where one was asked. */
  readonly run?: string;
}

const mostTags = 10;

/** The reply where no tag fits: the nearest, or the tags there are. */
export function noMetric(missing: MissingMetric, { locale }: Pick<CommandContext, "locale">): Reply {
  const query = shown(missing.query);
  const run = missing.run === undefined ? undefined : shown(missing.run);
  const known = [...new Set(keyMetrics(missing.series).map(({ labels }) => labels.tag))];
  const offered = missing.nearest.length > 0 ? missing.nearest : known.slice(0, mostTags);
  const more = missing.nearest.length > 0 ? 0 : known.length - offered.length;
  return problem(
    run === undefined
      ? phrase(locale, `No run has a metric "${query}".`, `没有运行包含指标“${query}”。`)
      : phrase(locale, `${run} has no metric "${query}".`, `${run} 没有指标“${query}”。`),
    ...(offered.length === 0
      ? []
      : [
          text(
            missing.nearest.length > 0
              ? phrase(locale, "Did you mean ", "是不是要找 ")
              : phrase(locale, "It has ", "已有标签："),
            ...offered.flatMap((tag, index) => [...(index > 0 ? [", "] : []), code(shown(tag))]),
            ...(more > 0 ? [` … +${more}`] : []),
          ),
        ]),
  );
}
