import { Command } from "commander";
import { expect, it } from "vitest";
import { parse } from "yaml";

import { slackManifest } from "../../../../src/chat/slack/slack-manifest.js";
import { neededScopes, slackInbound, slackMethods } from "../../../../src/chat/slack/slack-methods.js";
import { registerManifest } from "../../../../src/cli/manifest.js";
import { methodSpecs } from "../../../support/fake-slack/method-args.js";

it("asks for exactly the scopes that the code needs", () => {
  expect(slackManifest().oauth_config.scopes.bot).toEqual(neededScopes());
  expect(neededScopes()).toMatchInlineSnapshot(`
    [
      "app_mentions:read",
      "channels:history",
      "channels:read",
      "chat:write",
      "commands",
      "files:read",
      "files:write",
      "groups:history",
      "groups:read",
      "im:history",
      "users:read",
    ]
  `);
});

it("needs for every method what Slack documents for it", () => {
  for (const [method, scopes] of Object.entries(slackMethods)) {
    const spec = methodSpecs[method];
    expect(spec, method).toBeDefined();
    expect([...scopes]).toEqual(expect.arrayContaining([...(spec?.scopes ?? [])]));
  }
});

it("subscribes to exactly the events that are listened to, over Socket Mode, without a public address", () => {
  const { settings, features } = slackManifest();
  expect(settings.event_subscriptions.bot_events).toEqual(
    Object.keys(slackInbound).filter((name) => name !== "command"),
  );
  expect(settings).toMatchObject({
    socket_mode_enabled: true,
    token_rotation_enabled: false,
    org_deploy_enabled: false,
  });
  expect(JSON.stringify(slackManifest())).not.toContain("_url");
  expect(features.slash_commands.map((command) => command.command)).toEqual(["/tb"]);
});

it("keeps to the lengths that Slack's dialogue takes", () => {
  const { display_information: display, features } = slackManifest();
  expect(display.name.length).toBeLessThanOrEqual(35);
  expect(display.description.length).toBeLessThanOrEqual(140);
  expect(display.background_color).toMatch(/^#[0-9a-f]{6}$/);
  expect(features.bot_user.display_name.length).toBeLessThanOrEqual(80);
  expect(features.slash_commands[0]?.usage_hint.length).toBeLessThanOrEqual(1_000);
});

it.each([
  ["yaml", [], (text: string): unknown => parse(text)],
  ["json", ["--json"], (text: string): unknown => JSON.parse(text)],
])("is printed as %s, the same content", async (_format, words, read) => {
  expect(read(await printed(words))).toEqual(slackManifest());
});

/** What the command writes to standard output. */
async function printed(words: readonly string[]): Promise<string> {
  const parts: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (part: string | Uint8Array) => parts.push(String(part)) > 0;
  try {
    const program = new Command();
    registerManifest(program);
    await program.parseAsync(["node", "tensorbell", "manifest", ...words]);
  } finally {
    process.stdout.write = write;
  }
  return parts.join("");
}
