import { describe, expect, it } from "vitest";
import { type Config, parseConfig } from "../../../src/app/config.js";
import { watchIdOf } from "../../../src/series/run.js";

function read(text: string): Config {
  const result = parseConfig(text, "/etc/tb/tensorbell.yaml", "/etc/tb");
  if (result.kind !== "ok") throw new Error(JSON.stringify(result.problems));
  return result.config;
}

function problems(text: string): readonly string[] {
  const result = parseConfig(text, "tensorbell.yaml", "/etc/tb");
  if (result.kind === "ok") return [];
  return result.problems.map(
    ({ line, column, where, sentence }) => `${line}:${column} ${where}: ${sentence}`,
  );
}

describe("the configuration", () => {
  it("has a default for everything", () => {
    expect(read("")).toMatchInlineSnapshot(`
      {
        "check": {
          "baseline": {
            "compare": "best",
            "minSteps": 0.9,
            "tolerance": 0.02,
            "z": 3,
          },
          "failOn": "warning",
          "quietFor": 600000,
          "requirements": [],
          "resolved": "count",
          "timeout": 21600000,
        },
        "digest": {
          "at": "09:00",
          "enabled": true,
        },
        "dingtalk": {
          "apiBudget": 5000,
          "commandLinks": true,
          "ding": "off",
          "dingAfterMinutes": 15,
          "messageBudget": 3000,
        },
        "file": "/etc/tb/tensorbell.yaml",
        "language": "en",
        "metrics": {},
        "own_rules": {},
        "owners": [],
        "permissions": {
          "admins": [],
        },
        "polling": {
          "hotForMs": 600000,
          "hotMs": 1000,
          "knownMs": 15000,
          "walkMs": 15000,
        },
        "redis": {
          "maxPointsMiB": 512,
        },
        "roots": [],
        "routes": [],
        "rule_modules": [],
        "rules": {},
        "slack": {},
        "terminal": {},
        "watches": [],
      }
    `);
  });

  it("counts relative paths from the file's own folder", () => {
    const { watches, roots } = read(
      "watches: [logs, {path: ../runs, name: a, splits: [fold1]}, /data]\nroots: [.]",
    );
    expect(watches).toEqual([
      { root: "/etc/tb/logs" },
      { root: "/etc/runs", name: "a", splits: ["fold1"] },
      { root: "/data" },
    ]);
    expect(roots).toEqual(["/etc/tb"]);
  });

  it("takes a place's id as `whoami` shows it", () => {
    const text =
      "dingtalk: { conversation: 'dingtalk:cidA1b2C3d4==' }\nslack: { channel: 'slack:C0123456789' }";
    expect(parseConfig(text, "/etc/tb/tensorbell.yaml", "/etc/tb")).toMatchObject({
      config: { dingtalk: { conversation: "cidA1b2C3d4==" }, slack: { channel: "C0123456789" } },
    });
  });

  it("takes one or several where a list is short, and durations as people write them", () => {
    const { routes, polling } = read(
      "routes: [{to: 'slack:C1', mention: 'slack:U1'}, {match: {run: a/*}, to: [terminal:stdout]}]\npolling: {hot: 500ms, known: 1m, walk: 20}",
    );
    expect(routes).toEqual([
      { match: {}, to: ["slack:C1"], mention: ["slack:U1"] },
      { match: { run: "a/*" }, to: ["terminal:stdout"] },
    ]);
    expect(polling).toEqual({ hotMs: 500, knownMs: 60_000, walkMs: 20_000, hotForMs: 600_000 });
  });

  it("finds the watches that entries of rules name, by name or by path", () => {
    const { rules } = read(
      "watches: [{path: /data/a, name: team}, logs]\nrules: {stalled: [{watches: [team, logs, /x]}]}",
    );
    expect(rules["stalled"]?.[0]?.watchIds).toEqual(
      ["/data/a", "/etc/tb/logs", "/x"].map((root) => watchIdOf(root)),
    );
  });

  it("takes settings of rules of one's own, those of modules too", () => {
    const own = "own_rules: {gap: {metric: x, condition: value > 1}}\n";
    expect(read(`${own}rules: {gap: {runs: a, enabled: false}}`).rules["gap"]).toEqual([
      { runs: ["a"], settings: { enabled: false } },
    ]);
    expect(read("rule_modules: [./m.js]\nrules: {mine: {count: 4}}").rules["mine"]).toEqual([
      { settings: { count: 4 } },
    ]);
  });

  it("keeps the settings of rules as written, entry by entry", () => {
    const { rules } = read(
      "rules:\n  consecutive_rise: {min_total: 0.2}\n  stalled: [{runs: a, min_silence: 60}]",
    );
    expect(rules.consecutive_rise).toEqual([{ settings: { min_total: 0.2 } }]);
    expect(rules.stalled).toEqual([{ runs: ["a"], settings: { min_silence: 60 } }]);
  });
});

describe("a wrong configuration", () => {
  it.each([
    [
      "an unknown key, with the nearest known one",
      "watchs: [a]",
      '1:1 watchs: unknown key "watchs"; did you mean watches?',
    ],
    [
      "an unknown key that is near to none, with what there is",
      "slack: {zzz: 1}",
      '1:9 slack.zzz: unknown key "zzz"; expected channel, language or timeZone',
    ],
    [
      "an unknown key in a list",
      "watches:\n  - path: a\n    nam: b",
      '3:5 watches[0].nam: unknown key "nam"; did you mean name?',
    ],
    ["a wrong type", "watches: logs", '1:10 watches: expected a list, found "logs"'],
    [
      "neither of two types",
      "watches: [5]",
      "1:11 watches[0]: expected text or a section of keys and values, found 5",
    ],
    ["a word out of a set", "language: de", '1:11 language: expected en or zh, found "de"'],
    ["a missing value", "routes: [{match: {}}]", "1:10 routes[0].to: expected text or a list, found nothing"],
    [
      "a destination without its platform",
      "routes: [{to: C012}]",
      '1:15 routes[0].to: expected a destination such as slack:C0123456789 or terminal:stdout, found "C012"',
    ],
    [
      "a time that is none",
      "digest: {at: 25:00}",
      '1:14 digest.at: expected a time of day such as "09:00", found "25:00"',
    ],
    [
      "a time zone that is none",
      "slack: {timeZone: Mars}",
      '1:19 slack.timeZone: expected a time zone such as Europe/Berlin or Asia/Shanghai, found "Mars"',
    ],
    [
      "a duration that is none",
      "polling: {hot: soon}",
      '1:16 polling.hot: expected a duration of at least 100ms such as 15s or 2m, found "soon"',
    ],
    [
      "a number below its bound",
      "redis: {maxPointsMiB: 1}",
      "1:23 redis.maxPointsMiB: expected at least 16, found 1",
    ],
    [
      "an unknown rule",
      "rules: {stalld: {}}",
      '1:9 rules.stalld: unknown key "stalld"; did you mean stalled?',
    ],
    [
      "an unknown rule that is nearly one of the file's own",
      "own_rules: {gap: {metric: x, condition: value > 1}}\nrules: {gab: {enabled: false}}",
      '2:9 rules.gab: unknown key "gab"; did you mean gap?',
    ],
    [
      "a rule's unknown setting",
      "rules: {stalled: {time: 3}}",
      '1:19 rules.stalled.time: unknown key "time"; did you mean times?',
    ],
    [
      "a list as the whole file",
      "- a",
      "1:1 the file: expected a section of keys and values, found a list of 1",
    ],
    ["a key twice", "language: en\nlanguage: zh", "2:1 YAML: Map keys must be unique"],
  ])("names %s", (_reason, text, said) => {
    expect(problems(text)).toEqual([said]);
  });

  it("names everything at once, in the order of the file", () => {
    expect(
      problems("language: de\nwatchs: []\nredis: {maxPointsMiB: x}\nrules: {stalld: {}}").map(
        (said) => said.split(":")[0],
      ),
    ).toEqual(["1", "2", "3", "4"]);
  });

  it.each([
    ["a bot token", "slack: {channel: xoxb-1-2-abc}"],
    ["a token as a key", "xoxb-1-2-abc: 1"],
    ["a password in an address", "watches: 'redis://me:xoxb-1-2-abc@host'"],
    ["whatever stands under a key that sounds like a secret", "slack: {token: {xoxb-1-2-abc: 1}}"],
  ])("never shows %s", (_reason, text) => {
    const said = problems(text);
    expect(said).not.toEqual([]);
    expect(said.join("\n")).not.toContain("xoxb-1");
  });

  it("refuses aliases that would blow up", () => {
    const lines = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (let at = 0; at < 8; at += 1) {
      const [from, to] = [String.fromCharCode(97 + at), String.fromCharCode(98 + at)];
      lines.push(`${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(",")}]`);
    }
    expect(problems(lines.join("\n"))).toEqual([
      "1:1 the file: expected at most 100 uses of aliases, found more",
    ]);
  });
});
