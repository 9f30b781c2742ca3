import { openAlerts } from "../alerts/is-alert.js";
import { composeAlert, weightiest } from "../alerts/compose-alert.js";
import { composeHistory } from "../alerts/compose-history.js";
import { composeNews } from "../alerts/compose-news.js";
import { composeOperatorNotice } from "../alerts/compose-operator-notice.js";
import { composePress } from "../alerts/compose-press.js";
import { composeRestart } from "../alerts/compose-restart.js";
import type { Extremes } from "../alerts/compose-resolved.js";
import { composeRoot, type KeyMetric } from "../alerts/compose-root.js";
import type { Manner } from "../alerts/compose-speech.js";
import type { Episode, Transition } from "../alerts/episode.js";
import { isRunMuted } from "../alerts/mute.js";
import type { EntryBody } from "../alerts/outbox-entry.js";
import type { RunStore } from "../alerts/run-store.js";
import { extremesBetween } from "../chart/extremes-between.js";
import { keyMetrics } from "../commands/key-metrics.js";
import type { Touch } from "../commands/touch.js";
import type { MuteStore, RunDirectory } from "../commands/context.js";
import type { Drawing, Speaker } from "../jobs/speaker.js";
import type { Clock } from "../lib/clock.js";
import type { Locale } from "../lib/locale.js";
import type { ChartColumn } from "../message/chart-spec.js";
import type { DestinationId } from "../message/destination.js";
import type { Message } from "../message/message.js";
import { settingsOfRule, type RuleSettings } from "../rules/effective-settings.js";
import { ruleIds, ruleOf } from "../rules/rule-registry.js";
import { labelSeries } from "../series/label-series.js";
import { type Run, type RunId, seriesKeyOf } from "../series/run.js";
import { composeDay } from "./digest.js";
import { drawSeries } from "./drawing.js";

export interface SpeakerPorts {
  readonly directory: RunDirectory;
  readonly runs: RunStore;
  readonly mutes: MuteStore;
  readonly clock: Clock;
  rules(): Promise<RuleSettings>;
  localeOf(destination: DestinationId): Locale;
  /** IANA name. */
  timeZoneOf(destination: DestinationId): string;
  /** What to type at this destination to quiet this run; none where nobody hears it. */
  actOf(destination: DestinationId, run: Run): string | undefined;
  /** What one touch says there about this run; none where links cannot speak. */
  touchesOf(destination: DestinationId, run: Run): readonly Touch[];
  linkOf(run: Run): string | undefined;
}

/** Facts to words and pictures, at the moment they are said. */
export function createSpeaker(ports: SpeakerPorts): Speaker {
  return {
    root: (run, name, at) => root(ports, { run, name, at }),
    message: (body, at) => message(ports, body, at),
    draw: (about, at, column) => draw(ports, about, { at, column }),
  };
}

function mannerOf(ports: SpeakerPorts, at: DestinationId, run?: Run): Manner {
  const link = run === undefined ? undefined : ports.linkOf(run);
  const manner = { locale: ports.localeOf(at), timeZone: ports.timeZoneOf(at) };
  if (run === undefined) return manner;
  const touches = ports.touchesOf(at, run);
  const act = ports.actOf(at, run);
  return {
    ...manner,
    ...(act === undefined ? {} : { act }),
    touches,
    ...(link === undefined ? {} : { link }),
  };
}

async function message(
  ports: SpeakerPorts,
  body: Exclude<EntryBody, { readonly kind: "root" }>,
  at: DestinationId,
): Promise<Message | undefined> {
  switch (body.kind) {
    case "alert":
    case "chart": {
      const items = await Promise.all(
        body.transitions.map((transition) => itemOf(ports, { run: body.run, name: body.name, transition })),
      );
      const mention = body.kind === "alert" ? body.mention : undefined;
      return composeAlert(
        { run: body.name, items, ...(mention === undefined ? {} : { mention }) },
        mannerOf(ports, at, body.name),
      );
    }
    case "press":
      return pressed(ports, body, at);
    case "restart":
      return composeRestart({ run: body.name, step: body.step }, mannerOf(ports, at, body.name));
    case "news":
      return composeNews({ run: body.name, news: body.news }, mannerOf(ports, at, body.name));
    case "history":
      return composeHistory(body, mannerOf(ports, at));
    case "operator":
      return composeOperatorNotice(body, mannerOf(ports, at));
    case "digest":
      return composeDay(ports, body, mannerOf(ports, at));
  }
}

/** Undefined where somebody took it, or it was over, while this waited to be said. */
async function pressed(
  ports: SpeakerPorts,
  { run, name, episode: { id }, since }: EntryBody & { readonly kind: "press" },
  at: DestinationId,
): Promise<Message | undefined> {
  const stored = await ports.runs.load(run);
  const episode = stored?.open.find((each) => each.id === id);
  if (episode === undefined || episode.ack !== undefined) return undefined;
  const { metrics } = await ports.rules();
  const labels = labelSeries({ run: name, split: episode.split, tag: episode.tag }, metrics);
  const waited = ports.clock.now() - since;
  return composePress({ run: name, episode, labels, waited }, mannerOf(ports, at, name));
}

async function itemOf(
  ports: SpeakerPorts,
  about: { readonly run: RunId; readonly name: Run; readonly transition: Transition },
) {
  const { episode } = about.transition;
  const rules = await ports.rules();
  const labels = labelSeries({ run: about.name, split: episode.split, tag: episode.tag }, rules.metrics);
  const rule = ruleIds.find((id) => id === episode.rule);
  const settings =
    rule === undefined
      ? undefined
      : settingsOfRule({ settings: rules, run: about.run, labels }, ruleOf(rule)).settings;
  const between =
    about.transition.kind === "resolved" ? await extremesOf(ports, about.run, episode) : undefined;
  return {
    transition: about.transition,
    labels,
    ...(settings === undefined ? {} : { settings }),
    ...(between === undefined ? {} : { between }),
  };
}

/** The worst and best values while an episode was open, as far as the kept points reach. */
async function extremesOf(ports: SpeakerPorts, run: RunId, episode: Episode): Promise<Extremes | undefined> {
  if (episode.tag === "" || episode.resolved === undefined) return undefined;
  const points = await ports.directory.points(run, seriesKeyOf(episode.split, episode.tag));
  return extremesBetween(points, { from: episode.opened.step, to: episode.resolved.step });
}

async function root(
  ports: SpeakerPorts,
  { run, name, at }: { run: RunId; name: Run; at: DestinationId },
): Promise<Message> {
  const [summary, stored, series, mutes] = await Promise.all([
    ports.directory.get(run),
    ports.runs.load(run),
    ports.directory.series(run),
    ports.mutes.list(),
  ]);
  const now = ports.clock.now();
  const { metrics: overrides } = await ports.rules();
  const metrics: KeyMetric[] = keyMetrics(series)
    .slice(0, 8)
    .map((metric) => ({
      tag: metric.labels.tag,
      split: metric.labels.split,
      last: metric.last,
      ...(metric.labels.direction === "lower"
        ? { best: metric.min }
        : metric.labels.direction === "higher"
          ? { best: metric.max }
          : {}),
    }));
  const muted = isRunMuted(mutes, { run, name: name.name }, now);
  const restart = stored?.facts.restarts.at(-1);
  return composeRoot(
    {
      run: name,
      state: summary?.state ?? "quiet",
      splits: summary?.splits ?? [],
      step: Math.max(0, ...series.map((each) => each.last.step)),
      points: summary?.points ?? 0,
      startedAt: (summary?.firstWallTime ?? Number.NaN) * 1_000,
      lastSeenAt: summary?.lastArrivalAt ?? Number.NaN,
      metrics,
      open: openAlerts(stored?.open ?? []).map((episode) => ({
        episode,
        labels: labelSeries({ run: name, split: episode.split, tag: episode.tag }, overrides),
      })),
      ...(restart === undefined ? {} : { restart }),
      ...(muted === undefined ? {} : { mutedUntil: muted.until }),
    },
    mannerOf(ports, at, name),
  );
}

async function draw(
  ports: SpeakerPorts,
  about: { readonly run: RunId; readonly transitions: readonly Transition[] },
  { at, column }: { readonly at: DestinationId; readonly column: ChartColumn },
): Promise<Drawing | undefined> {
  const heaviest = weightiest(about.transitions)?.episode;
  const series =
    heaviest === undefined ? await firstMetric(ports, about.run) : seriesKeyOf(heaviest.split, heaviest.tag);
  if (series === undefined) return undefined;
  return drawSeries(ports.directory, {
    run: about.run,
    series,
    locale: ports.localeOf(at),
    column,
    episode: heaviest,
  });
}

/** An alert about the run as a whole shows its most telling metric. */
async function firstMetric(ports: SpeakerPorts, run: RunId) {
  return keyMetrics(await ports.directory.series(run))[0]?.key;
}
