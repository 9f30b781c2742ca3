import { neededScopes, slackInbound } from "./slack-methods.js";

/** The Slack app as Slack's own "from a manifest" dialogue takes it: Socket Mode, the scopes the code needs and no others. */
export function slackManifest() {
  return {
    _metadata: { major_version: 1, minor_version: 1 },
    display_information: {
      name: "TensorBell",
      description:
        "Watches TensorBoard logs and talks about training runs: one thread a run, the chart inline.",
      background_color: "#1f3a5f",
    },
    features: {
      app_home: {
        home_tab_enabled: false,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: false,
      },
      bot_user: { display_name: "TensorBell", always_online: true },
      slash_commands: [
        {
          command: "/tb",
          description: "Ask about training runs",
          usage_hint: "status run42 | chart run42 loss | threshold loss 0.05 | mute run42 2h | help",
          should_escape: false,
        },
      ],
    },
    oauth_config: { scopes: { bot: [...neededScopes()] } },
    settings: {
      event_subscriptions: { bot_events: Object.keys(slackInbound).filter((name) => name !== "command") },
      org_deploy_enabled: false,
      socket_mode_enabled: true,
      token_rotation_enabled: false,
    },
  };
}
