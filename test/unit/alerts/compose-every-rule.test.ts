import { describe, expect, test } from "vitest";
import { composeAlert } from "../../../src/alerts/compose-alert.js";
import { saidOf } from "../../../src/alerts/compose-speech.js";
import { locales } from "../../../src/lib/locale.js";
import { ruleIds, ruleOf } from "../../../src/rules/rule-registry.js";
import { labelSeries } from "../../../src/series/label-series.js";
import { testRun } from "../../support/judge-curve.js";
import { messageText } from "../../support/message-text.js";
import { livedThrough, ruleFixture } from "../../support/rule-fixture.js";

const metricIsJudged = /^(?:Value|数值): /mu;

describe.each(locales)("alerts in %s", (locale) => {
  test.each(ruleIds)("%s says all of what happened, and no number that it is not about", (id) => {
    const fixture = ruleFixture(id);
    const fired = livedThrough(id, fixture).find(({ kind }) => kind === "fired")!;
    const { episode } = fired;
    const labels = labelSeries({ run: testRun, split: episode.split, tag: episode.tag });
    const items = [{ transition: fired, labels }];
    const text = messageText(composeAlert({ run: testRun, items }, { locale, timeZone: "UTC" }));
    const said = saidOf(episode, labels, locale);
    expect(said).not.toMatch(/…|undefined|NaN %/u);
    expect(text).toContain(said);
    const { scope, input } = ruleOf(id);
    expect(metricIsJudged.test(text)).toBe(scope !== "run" && input !== "histograms");
  });
});

test("a divergence whose sentence does not fit its headline says it below", () => {
  const fired = livedThrough("divergence", ruleFixture("divergence"))[0]!;
  const labels = labelSeries({ run: testRun, split: "", tag: "loss" });
  const items = [{ transition: fired, labels }];
  const message = composeAlert({ run: testRun, items }, { locale: "en", timeZone: "UTC" });
  expect(message.headline).toContain("…");
  expect(message.blocks[0]).toEqual({ kind: "text", content: [saidOf(fired.episode, labels, "en")] });
});
