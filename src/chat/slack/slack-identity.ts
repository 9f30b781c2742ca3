import { z } from "zod";

/** Our own installation, as `auth.test` answered. */
export interface SlackIdentity {
  readonly teamId: string;
  readonly enterpriseId: string | undefined;
  readonly userId: string;
  readonly botId: string | undefined;
  /** `https://team.slack.com/`. */
  readonly url: string | undefined;
  /** Bot scopes granted, where the server tells. */
  readonly scopes: readonly string[] | undefined;
}

/** Reads an answer of `auth.test`. */
export const identitySchema = z
  .object({
    team_id: z.string().min(1),
    enterprise_id: z.string().optional().catch(undefined),
    user_id: z.string().min(1),
    bot_id: z.string().optional(),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .catch(undefined),
    response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
  })
  .transform((answer): SlackIdentity => ({
    teamId: answer.team_id,
    enterpriseId: answer.enterprise_id,
    userId: answer.user_id,
    botId: answer.bot_id,
    url: answer.url,
    scopes: answer.response_metadata?.scopes,
  }));
