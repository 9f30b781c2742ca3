import type { Wording } from "./wording-shape.js";

const severity = { critical: "Critical", warning: "Warning", info: "Notice" } as const;

export const englishWording: Wording = {
  severity,
  press: {
    unheard: (waited) => `unacknowledged for ${waited}`,
    answer: "Quote the alert in the group and answer: ",
    ack: "@TensorBell ack",
  },
  wholeRun: "whole run",
  wholeDirectory: "(root)",
  comma: ", ",
  listComma: ", ",
  flaps: " – flapping: more than 3 times in 50 points, quiet until it calms down",
  colon: ": ",
  byRule: (rule) => ` (${rule})`,
  and: (count) => `… and ${count} more`,
  alerts: (count) => many(count, "alert"),
  headline: {
    fired: (of) => severity[of],
    escalated: (of) => `Now ${severity[of].toLowerCase()}`,
    several: (count, first) => `${many(count, "alert")} at once, first: ${first}`,
    since: (step, clock) => `since step ${step}, ${clock}`,
    unknownRule: (rule) => `rule ${rule} fired`,
    closed: { cleared: "Resolved", superseded: "Closed", "run-ended": "Closed", settings: "Closed" },
    resolved: (reason, { metric, lasted }) =>
      ({
        cleared: `${metric} recovered after ${lasted}`,
        superseded: `${metric}: the run restarted from before the alert`,
        "run-ended": `${metric}: the run ended with the alert open for ${lasted}`,
        settings: `${metric}: the alert no longer applies after a change of settings`,
      })[reason],
    severalResolved: (count) => `${many(count, "alert")} no longer open`,
  },
  fact: {
    metric: "Metric",
    split: "Split",
    step: "Step",
    value: "Value",
    rule: "Rule",
    setting: "Setting",
    time: "Time",
    before: "Alert",
    lasted: "Lasted",
    steps: "Steps",
    best: "Best meanwhile",
    worst: "Worst meanwhile",
    valueNow: "Value now",
    state: "State",
    started: "Started",
    lastSeen: "Last point",
    points: "Points",
    splits: "Splits",
    restarts: "Resumed",
    muted: "Muted",
    last: "Last value",
    bestSoFar: "Best",
  },
  atStep: (step) => `step ${step}`,
  valueAt: (value, step) => `${value} (step ${step})`,
  alsoResolved: "No longer open:",
  openAlerts: "Open alerts:",
  acknowledged: (by) => `acknowledged by ${by}`,
  act: "Quiet this run for two hours: ",
  openTensorBoard: "Open in TensorBoard",
  root: {
    state: {
      running: "running",
      quiet: "quiet",
      finished: "finished",
      crashed: "crashed",
      silent: "unknown (silent)",
    },
    quietSince: (clock) => `quiet since ${clock}`,
    open: (worst, count) =>
      worst === undefined
        ? "no open alerts"
        : `${many(count, "open alert")} (${severity[worst].toLowerCase()})`,
    openCount: (count) => many(count, "open alert"),
    resumed: (step, time) => `from step ${step} at ${time}`,
    mutedUntil: (time) => `until ${time}`,
  },
  restart: {
    headline: (run, step) => `Restarted · ${run} · resumed from step ${step}`,
    note: "Points from that step on count anew; alerts that rested on the old ones are closed.",
  },
  news: {
    start: (run) => `Started · ${run}`,
    finish: (run) => `Finished · ${run} reached its last declared step`,
  },
  history: {
    headline: (root, runs, points) => `Watching ${root} · ${many(runs, "run")}, ${points} points so far`,
    empty: (root) => `Watching ${root} · no event files yet`,
    open: (count) => `${many(count, "run")} with open alerts:`,
    openAtLeast: (count) => `At least ${many(count, "run")} with open alerts:`,
    note: "What happened before is not posted. To read what the rules say about it: ",
  },
  digest: {
    headline: (day, parts) => `Daily summary ${day} · ${parts}`,
    started: (count) => `${many(count, "run")} started`,
    finished: (count) => `${count} finished`,
    open: (count) => `${count} with open alerts`,
    nothing: "no run started, ended or raised an alert",
    alerts: (fired, resolved) => `${many(fired, "alert")} raised, ${resolved} resolved`,
    startedTitle: "Started:",
    finishedTitle: "Finished:",
    openTitle: "With open alerts:",
    period: (from, to) => `${from} to ${to}`,
  },
  operator: {
    "dead-letter": "A message could not be delivered and was put aside",
    "destination-broken": "A destination refuses messages",
    "redis-lost":
      "The state in Redis is gone: everything is read anew as history, and what was set in chat (thresholds, mutes, watches) has to be set again",
    damage: "Event files are damaged",
    "rule-failed": "A rule failed or is too slow, and was set aside; the others go on",
    "chart-failed": "A chart could not be made",
    "scan-problem": "A watched directory could not be read in full",
    note: "For the operator; training runs are not affected.",
  },
};

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
