import { setImmediate } from "node:timers/promises";
import { rehearse } from "../alerts/rehearse.js";
import type { EffectiveRule, OverrideStore, Rehearsal, RunDirectory } from "../commands/context.js";
import { stopwatch } from "../lib/stopwatch.js";
import { originOf, settingsOfRule, type RuleSettings } from "../rules/effective-settings.js";
import type { SettingsOverride } from "../rules/override.js";
import type { WrittenAt } from "../rules/precedence.js";
import type { Rule } from "../rules/rule.js";
import { isRuleId, ruleIds, ruleOf } from "../rules/rule-registry.js";
import type { SeriesLabels } from "../series/labels.js";
import { type RunId, runIdOf, seriesKeyOf } from "../series/run.js";

/** Runs that one rehearsal judges again: enough to tell a good threshold from a bad one, few enough to answer at once. */
const mostRuns = 50;
/** How long reading their files may take; what is left is judged by what Redis holds. Milliseconds. */
const withinMs = 1_200;

/** Which rules judge which series of a run, with what settings, and where each came from. */
export async function effectiveRules(
  { directory, rules }: { readonly directory: RunDirectory; readonly rules: () => Promise<RuleSettings> },
  run: RunId,
): Promise<readonly EffectiveRule[]> {
  const settings = await rules();
  const all = [...ruleIds.map((id) => ruleOf(id)), ...(settings.extra ?? [])];
  const series = (await directory.series(run)).map(({ labels }) => labels);
  const [first] = series;
  if (first === undefined) return [];
  const whole: SeriesLabels = {
    ...first,
    split: "",
    tag: "",
    kind: "other",
    phase: "unknown",
    direction: "unknown",
  };
  return all
    .filter(({ input }) => input !== "histograms")
    .flatMap((rule) =>
      (rule.scope === "run" ? [whole] : series).flatMap((labels) => inForce(rule, labels, settings)),
    );
}

function inForce(rule: Rule, labels: SeriesLabels, settings: RuleSettings): readonly EffectiveRule[] {
  const effective = settingsOfRule({ settings, run: runIdOf(labels.run), labels }, rule);
  if (!effective.enabled) return [];
  const written: Record<string, WrittenAt> = {};
  for (const name of Object.keys(effective.settings)) {
    const origin = originOf(effective, name);
    if (origin.kind !== "default") written[name] = origin;
  }
  const series = seriesKeyOf(labels.split, labels.tag);
  return [{ rule: rule.id, series, settings: effective.settings, written }];
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
  const before: RuleSettings = { ...(await rules()), overrides: await overrides.list() };
  const others = before.overrides.filter(({ id }) => id !== override.id);
  const after: RuleSettings = { ...before, overrides: [...others, override] };
  const elapsed = stopwatch();
  const total = {
    runs: 0,
    partly: 0,
    before: { alerts: 0, runs: 0 },
    after: { alerts: 0, runs: 0 },
    shadowed: 0,
  };
  for (const id of runs.slice(0, mostRuns)) {
    const all = await directory.series(id);
    const chosen = all.filter(({ labels }) => isAbout(override, labels));
    const [first] = chosen;
    if (first === undefined) continue;
    const keys = chosen.map(({ key }) => key);
    const { points, whole } = await directory.history(id, keys, withinMs - elapsed());
    const series = chosen.flatMap(({ key, labels: { split, tag } }) => {
      const known = points.get(key);
      return known === undefined ? [] : [{ split, tag, points: known }];
    });
    // Judging a long run takes its time: whatever else waits comes between two.
    await setImmediate();
    const fired = rehearse({ run: first.labels.run, series, rule: override.rule, before, after });
    total.runs += 1;
    if (!whole) total.partly += 1;
    add(total.before, fired.before);
    add(total.after, fired.after);
    if (!chosen.some(({ labels }) => holds(override, labels, after))) total.shadowed += 1;
  }
  return total;
}

function isAbout({ tags, split }: SettingsOverride, labels: SeriesLabels): boolean {
  return (tags?.includes(labels.tag) ?? true) && (split === undefined || split === labels.split);
}

/** Whether all of the override's settings are in force for a series. */
function holds(override: SettingsOverride, labels: SeriesLabels, settings: RuleSettings): boolean {
  if (!isRuleId(override.rule)) return false;
  const effective = settingsOfRule({ settings, run: runIdOf(labels.run), labels }, ruleOf(override.rule));
  return (
    effective.enabled &&
    Object.keys(override.settings).every((name) => {
      const origin = originOf(effective, name);
      return origin.kind === "chat" && origin.override.id === override.id;
    })
  );
}

function add(total: { alerts: number; runs: number }, alerts: number): void {
  total.alerts += alerts;
  if (alerts > 0) total.runs += 1;
}
