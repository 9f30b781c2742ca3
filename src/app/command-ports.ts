import { rehearse } from "../alerts/rehearse.js";
import type { EffectiveRule, OverrideStore, Rehearsal, RunDirectory } from "../commands/context.js";
import { settingsOfRule, type RuleSettings } from "../rules/effective-settings.js";
import type { SettingsOverride } from "../rules/override.js";
import { ruleIds, ruleOf } from "../rules/rule-registry.js";
import type { RunId } from "../series/run.js";

/** Runs that one rehearsal judges again: enough to tell a good threshold from a bad one, few enough to answer at once. */
const mostRuns = 50;

/** Which rules judge which series of a run, with what settings, and where each came from. */
export async function effectiveRules(
  { directory, rules }: { readonly directory: RunDirectory; readonly rules: () => Promise<RuleSettings> },
  run: RunId,
): Promise<readonly EffectiveRule[]> {
  const settings = await rules();
  const found: EffectiveRule[] = [];
  for (const { key, labels } of await directory.series(run)) {
    // Rules about a run as a whole belong to no series: they are listed once, with the first.
    for (const id of ruleIds.filter(
      (rule) =>
        ruleOf(rule).input !== "histograms" &&
        (ruleOf(rule).scope !== "run" || found.every((each) => each.rule !== rule)),
    )) {
      const effective = settingsOfRule({ settings, run, labels }, ruleOf(id));
      if (effective.enabled)
        found.push({ rule: id, series: key, settings: effective.settings, origin: effective.origin });
    }
  }
  return found;
}

/** How often a rule would have fired on the points these runs still have, before and with an override. */
export async function rehearseOverride(
  {
    directory,
    rules,
    overrides,
  }: {
    readonly directory: RunDirectory;
    readonly rules: () => Promise<RuleSettings>;
    readonly overrides: OverrideStore;
  },
  runs: readonly RunId[],
  override: SettingsOverride,
): Promise<Rehearsal> {
  const now: RuleSettings = {
    ...(await rules()),
    overrides: (await overrides.list()).filter(({ id }) => id !== override.id),
  };
  const then: RuleSettings = { ...now, overrides: [...now.overrides, override] };
  const total = { runs: 0, before: 0, after: 0 };
  for (const id of runs.slice(0, mostRuns)) {
    const all = await directory.series(id);
    const chosen = all.filter(
      ({ labels }) => override.tags === undefined || override.tags.includes(labels.tag),
    );
    const [first] = chosen;
    if (first === undefined) continue;
    const series = await Promise.all(
      chosen.map(async ({ key, labels }) => ({
        split: labels.split,
        tag: labels.tag,
        points: await directory.points(id, key),
      })),
    );
    const fired = rehearse({ run: first.labels.run, series, rule: override.rule, before: now, after: then });
    total.runs += 1;
    total.before += fired.before;
    total.after += fired.after;
  }
  return total;
}
