import { composeAlert } from "../../../src/alerts/compose-alert.js";
import { composeDigest } from "../../../src/alerts/compose-digest.js";
import { composeHistory } from "../../../src/alerts/compose-history.js";
import { composeNews } from "../../../src/alerts/compose-news.js";
import { composeOperatorNotice } from "../../../src/alerts/compose-operator-notice.js";
import { composePress } from "../../../src/alerts/compose-press.js";
import { composeRestart } from "../../../src/alerts/compose-restart.js";
import { composeRoot } from "../../../src/alerts/compose-root.js";
import type { Manner } from "../../../src/alerts/compose-speech.js";
import type { EntryBody } from "../../../src/alerts/outbox-entry.js";
import type { Message } from "../../../src/message/message.js";
import { dropEpisode, itemOf, labelsOf, nanEpisode, riseEpisode, run42 } from "../alerts/compose-support.js";

type Kind = EntryBody["kind"] | "resolved" | "several";

/** One message of every kind that the product says by itself; a new kind does not compile until it has one. */
export const messageSamples: Readonly<Record<Kind, (manner: Manner) => Message>> = {
  alert: (manner) => composeAlert({ run: run42, items: [itemOf(riseEpisode())], mention: ["U0ANA"] }, manner),
  several: (manner) =>
    composeAlert({ run: run42, items: [itemOf(nanEpisode("train/loss")), itemOf(dropEpisode())] }, manner),
  resolved: (manner) => {
    const resolved = { step: 12_900, wallTime: 1_772_375_109, value: 0.4, reason: "cleared" as const };
    return composeAlert(
      { run: run42, items: [itemOf(riseEpisode({ state: "resolved", resolved }), "resolved")] },
      manner,
    );
  },
  chart: (manner) => composeAlert({ run: run42, items: [itemOf(riseEpisode())] }, manner),
  press: (manner) =>
    composePress(
      {
        run: run42,
        episode: nanEpisode("train/loss"),
        labels: labelsOf("train/loss", "loss"),
        waited: 900_000,
      },
      manner,
    ),
  root: (manner) =>
    composeRoot(
      {
        run: run42,
        state: "running",
        splits: ["train", "validation"],
        step: 12_400,
        points: 26_012,
        startedAt: 1_772_361_000_000,
        lastSeenAt: 1_772_374_509_000,
        metrics: [{ tag: "train/loss", split: "", last: { step: 12_400, value: 2.32 }, best: 0.38 }],
        open: [{ episode: riseEpisode(), labels: labelsOf("train/loss", "loss") }],
      },
      manner,
    ),
  news: (manner) => composeNews({ run: run42, news: "finish" }, manner),
  restart: (manner) => composeRestart({ run: run42, step: 8_000 }, manner),
  history: (manner) =>
    composeHistory(
      { root: "/data/logs/fit", runs: 214, points: 1_204_311, open: ["mnist/a", "mnist/b"] },
      manner,
    ),
  digest: (manner) => {
    const metrics = [{ tag: "train/loss", split: "", last: { step: 12_400, value: 0.41 } }];
    const line = { run: run42, step: 12_400, openAlerts: 1, metrics };
    const times = { day: "2026-03-01", since: 1_772_269_200_000, until: 1_772_355_600_000 };
    return composeDigest(
      { ...times, started: [line], finished: [], open: [line], alertsFired: 3, alertsResolved: 1 },
      manner,
    );
  },
  operator: (manner) =>
    composeOperatorNotice({ subject: "chart-failed", detail: "no space left on device" }, manner),
};
