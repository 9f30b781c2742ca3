import { describe, expect, it } from "vitest";
import { dispatch } from "../../../src/commands/dispatch.js";
import { asks, heldRun, operator, world } from "../../support/command-ports.js";
import { messageText } from "../../support/message-text.js";

/** Falls, climbs by so much over five points, and comes down again where the climb is small. */
function past(name: string, climb: number, state: "finished" | "running" = "finished") {
  const values = Array.from({ length: 60 }, (_, i) => {
    const up = i < 30 ? 0 : (climb * Math.min(i - 29, 5)) / 5;
    return 3 - Math.min(i, 30) / 30 + (i < 35 || climb > 1 ? up : -i / 60);
  });
  const run = heldRun(name, [["", "loss", ...values]], { state });
  const step = Float64Array.from(values, (_, i) => i);
  const points = { step, wallTime: step, value: Float64Array.from(values) };
  return { ...run, points: new Map(run.series.map(({ key }) => [key, points])) };
}

async function said(words: string, locale: "en" | "zh" = "en") {
  const runs = [0.2, 0.3, 0.25].map((climb) => past(`good${climb}`, climb));
  const ports = { ...world([...runs, past("bad", 3), past("young", 2, "running")]), locale };
  return dispatch(asks(operator, words), ports);
}

describe("/tb suggest", () => {
  it("answers with the setting, the trade-off, what to write and a picture; a run that trains is no past run", async () => {
    const reply = await said("suggest loss");
    const text = messageText(reply.message);
    expect(text).toContain("quiet on 3/3 healthy runs, catches 1/1 bad ones");
    expect(text).toMatch(/\/tb threshold loss [\d.]+/);
    expect(text).toContain("consecutive_rise: { tags:");
    // P, N, G.
    expect([...(reply.picture?.png ?? []).slice(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    expect(reply.picture?.alt).toContain("quiet on 3/3 healthy runs");
  });

  it("speaks Chinese, and of a limit where it is asked for", async () => {
    const text = messageText((await said("建议 loss threshold", "zh")).message);
    expect(text).toMatch(/建议 threshold > [\d.]+|保持 threshold/);
    expect(text).toContain("正常结束");
  });

  it.each([
    [0, "en", undefined],
    [1, "en", "Of 1 run only the newest points were looked at."],
    [2, "en", "Of 2 runs only the newest points were looked at."],
    [2, "zh", "其中 2 个运行仅依据最近的数据点。"],
  ] as const)("says of %i runs too long to be read whole, in %s", async (long, locale, sentence) => {
    const runs = [0.2, 0.3, 0.25].map((climb, at) => ({
      ...past(`good${climb}`, climb),
      ...(at < long && { tooLong: true as const }),
    }));
    const ports = { ...world([...runs, past("bad", 3)]), locale };
    const text = messageText((await dispatch(asks(operator, "suggest loss"), ports)).message);
    if (sentence === undefined) expect(text).not.toContain("newest points");
    else expect(text).toContain(sentence);
  });

  it.each([
    ["suggest", "which metric"],
    ["suggest acuracy", "acuracy"],
    ["suggest loss stalled", "no suggestions for stalled"],
  ])("says what is missing: %s", async (words, sentence) => {
    const reply = await said(words);
    expect(reply.visibility).toBe("asker");
    expect(messageText(reply.message)).toContain(sentence);
  });
});
