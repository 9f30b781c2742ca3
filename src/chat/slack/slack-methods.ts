/** Every Web API method the platform may call, with the bot scopes it takes; nothing can be called that is not here. */
export const slackMethods = {
  "auth.test": [],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "conversations.history": ["channels:history", "groups:history", "im:history"],
  "conversations.replies": ["channels:history", "groups:history", "im:history"],
  "conversations.info": ["channels:read", "groups:read"],
  "files.getUploadURLExternal": ["files:write"],
  "files.completeUploadExternal": ["files:write"],
  "files.info": ["files:read"],
  "users.info": ["users:read"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type SlackMethod = keyof typeof slackMethods;

/** What Slack sends us, with the scopes it takes. */
export const slackInbound = {
  command: ["commands"],
  app_mention: ["app_mentions:read"],
  "message.im": ["im:history"],
  app_uninstalled: [],
  tokens_revoked: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The scope of the app-level token, for `apps.connections.open`. */
export const slackAppScopes = ["connections:write"] as const;

/** The bot scopes that the code needs, in alphabetical order. */
export function neededScopes(): readonly string[] {
  return [...new Set([...Object.values(slackMethods), ...Object.values(slackInbound)].flat())].sort();
}
