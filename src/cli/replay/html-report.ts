import { createHash } from "node:crypto";
import { escaped, svgChartStyle } from "../../chart/svg-chart.js";
import type { Locale } from "../../lib/locale.js";
import { formatCount } from "../../message/format-number.js";
import { plainName, plainSentence } from "../../message/plain-name.js";
import type { Severity } from "../../rules/rule.js";
import { countedAlerts, countedRuns } from "../replay-report.js";
import { changeOf, compareAlerts, type ComparedAlert } from "./compare-alerts.js";
import { curveKey } from "./draw-alerts.js";
import { pageScript, pageStyle } from "./html-page.js";
import type { RunOutcome } from "./replay-task.js";

export interface HtmlReport {
  readonly title: string;
  readonly locale: Locale;
  readonly outcomes: readonly RunOutcome[];
  readonly compares: boolean;
  readonly runs: number;
  readonly points: number;
  readonly damaged: number;
}

/** Curves that one page holds (a browser shows some thousand quickly); alerts beyond are listed without. */
const mostCurves = 1_500;
const severities: readonly Severity[] = ["critical", "warning", "info"];

/** One page that needs nothing else: no request leaves it, and nothing in it runs but its own few lines. */
export function htmlReport(report: HtmlReport): string {
  const alerts = report.outcomes.flatMap(({ alerts, others, curves }) => {
    const compared = report.compares
      ? compareAlerts(alerts, others)
      : alerts.map((after) => ({ before: undefined, after }));
    return compared.map((alert) => ({ alert, curves }));
  });
  let room = mostCurves;
  const cards = alerts.map(({ alert, curves }) => {
    const shown = alert.after ?? alert.before;
    const curve = shown === undefined || room <= 0 ? undefined : curves.get(curveKey(shown));
    if (curve !== undefined) room -= 1;
    return card(alert, curve, report.compares);
  });
  const style = `${pageStyle}${svgChartStyle}`;
  const policy = `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(pageScript)}'; base-uri 'none'; form-action 'none'`;
  const title = plainName(report.title, 120);
  return `<!doctype html>
<html lang="${report.locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(`TensorBell: ${countedAlerts(alerts.length)} in ${title}`)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escaped(countedAlerts(alerts.length))} in ${escaped(countedRuns(report.runs))}</h1>
<p>${escaped(title)} · ${formatCount(report.points)} points${report.damaged === 0 ? "" : ` · ${formatCount(report.damaged)} damaged places skipped`}</p>
${filters(
  alerts.map(({ alert }) => alert),
  report.compares,
)}
</header>
<main>
${alerts.length === 0 ? '<p class="empty">The rules would have said nothing about these runs.</p>' : cards.join("\n")}
</main>
<script>${pageScript}</script>
</body>
</html>
`;
}

function card(compared: ComparedAlert, curve: string | undefined, compares: boolean): string {
  const shown = compared.after ?? compared.before;
  if (shown === undefined) return "";
  const { rule, severity, opened, resolved, tag, split } = shown.episode;
  const change = changeOf(compared);
  const moved = compared.before === undefined ? undefined : compared.before.episode.opened.step;
  const facts = [
    `step ${formatCount(opened.step)}`,
    resolved === undefined
      ? "still open at the end"
      : `until step ${formatCount(resolved.step)} (${resolved.reason})`,
    ...(split === "" ? [] : [`split ${plainName(split, 60)}`]),
    ...(tag === "" ? [] : [plainName(tag, 100)]),
    ...(compares && change === "both" && moved !== opened.step
      ? [`was step ${formatCount(moved ?? 0)}`]
      : []),
  ];
  const data = `data-rule="${escaped(rule)}" data-severity="${severity}" data-change="${change}"`;
  const badge = compares ? `<span class="change">${change}</span>` : "";
  return `<article class="${severity}" ${data}>
<h2>${escaped(plainName(shown.run, 160))}</h2>
<p class="tags"><span class="severity">${severity}</span><span>${escaped(rule)}</span>${badge}</p>
<p class="said">${escaped(plainSentence(shown.message, 400))}</p>
<p class="facts">${facts.map((fact) => escaped(fact)).join(" · ")}</p>
${curve ?? ""}</article>`;
}

function filters(alerts: readonly ComparedAlert[], compares: boolean): string {
  const episodes = alerts.flatMap(({ before, after }) => (after ?? before)?.episode ?? []);
  const rules = [...new Set(episodes.map(({ rule }) => rule))].sort();
  const groups = [
    group("severity", severities, (value) => episodes.filter(({ severity }) => severity === value).length),
    group("rule", rules, (value) => episodes.filter(({ rule }) => rule === value).length),
    ...(compares
      ? [
          group(
            "change",
            ["only before", "only after", "both"],
            (value) => alerts.filter((one) => changeOf(one) === value).length,
          ),
        ]
      : []),
  ];
  return `<form>${groups.join("")}<label class="find">run <input type="search" name="find" autocomplete="off"></label><output></output></form>`;
}

function group(name: string, values: readonly string[], count: (value: string) => number): string {
  const boxes = values.flatMap((value) => {
    const found = count(value);
    if (found === 0) return [];
    const box = `<input type="checkbox" name="${name}" value="${escaped(value)}" checked>`;
    return [`<label>${box} ${escaped(value)} <small>${formatCount(found)}</small></label>`];
  });
  return boxes.length === 0 ? "" : `<fieldset><legend>${name}</legend>${boxes.join("")}</fieldset>`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
