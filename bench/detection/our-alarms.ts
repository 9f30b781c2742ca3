import { RunJudge } from "../../src/alerts/run-judge.js";
import type { Episode } from "../../src/alerts/episode.js";
import { defaultRuleSettings, type RuleSettings } from "../../src/rules/effective-settings.js";
import { watchIdOf } from "../../src/series/run.js";
import type { LabelledSeries } from "./labelled-series.js";
import type { Alarm } from "./score.js";

/** What our rules say of one series, as replay reports it: an alarm an episode, as it stood in the end, at the step where it fired. */
export function ourAlarms(
  series: LabelledSeries,
  settings: RuleSettings = defaultRuleSettings,
): readonly Alarm[] {
  return ourEpisodes(series, settings)
    .filter(({ severity }) => severity !== "info")
    .map(({ rule, severity, opened }) => ({
      index: Math.max(
        0,
        series.steps.findIndex((step) => step >= opened.step),
      ),
      rule,
      isCritical: severity === "critical",
    }));
}

export function ourEpisodes(series: LabelledSeries, settings: RuleSettings): readonly Episode[] {
  const judge = new RunJudge({
    run: { watch: watchIdOf("/detection"), name: "run" },
    settings,
    onRuleFailure: ({ error }) => {
      throw error;
    },
  });
  series.values.forEach((value, i) => {
    const [step = 0, wallTime = 0] = [series.steps[i], series.times[i]];
    judge.observe("", series.tag, { step, wallTime, value });
  });
  const episodes = new Map<string, Episode>();
  for (const { episode } of judge.drain()) episodes.set(episode.id, episode);
  return [...episodes.values()];
}
