import { z } from "zod";

import type { Actor } from "../../commands/command.js";
import type { Clock } from "../../lib/clock.js";
import type { SaidOnce } from "../../lib/said-once.js";
import type { SlackApi } from "./slack-api.js";
import type { SlackIdentity } from "./slack-identity.js";
import { cut, oneLine } from "./slack-text.js";
import { settledWithin } from "../../lib/within.js";

/** Where and by whom something was said, as the payload claims it. */
export interface Speaker {
  readonly userId: string;
  readonly teamId: string | undefined;
  readonly channel: string;
  /** The event itself says that the channel is shared with another organisation. */
  readonly shared: boolean;
}

export interface ActorParts {
  readonly api: SlackApi;
  readonly clock: Clock;
  readonly said: SaidOnce;
  identity(): SlackIdentity | undefined;
}

/** Says who somebody is; whoever cannot be judged counts as a guest. Answers are kept for ten minutes. */
export interface SlackActors {
  of(speaker: Speaker): Promise<Actor>;
}

export function createSlackActors(parts: ActorParts): SlackActors {
  const users = new Map<string, Kept<Person>>();
  const channels = new Map<string, Kept<Sharing>>();
  return {
    async of(speaker) {
      const [person, sharing] = await Promise.all([
        kept(users, speaker.userId, {
          clock: parts.clock,
          unknown: undefined,
          ask: () => askPerson(parts, speaker.userId),
        }),
        speaker.shared
          ? Promise.resolve<Sharing>("shared")
          : kept<Sharing>(channels, speaker.channel, {
              clock: parts.clock,
              unknown: "unknown",
              ask: () => askSharing(parts, speaker.channel),
            }),
      ]);
      return {
        platform: "slack",
        id: speaker.userId,
        name: person?.name ?? speaker.userId,
        kind: kindOf({ speaker, person, sharing, identity: parts.identity() }),
      };
    },
  };
}

type Sharing = "own" | "shared" | "unknown";
type Person = { readonly name: string; readonly user: z.infer<typeof userSchema> } | undefined;

interface Kept<Value> {
  readonly value: Value;
  readonly until: number;
}

const userSchema = z.object({
  team_id: z.string().optional(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  profile: z.object({ display_name: z.string().optional() }).optional().catch(undefined),
  enterprise_user: z.object({ enterprise_id: z.string().optional() }).optional().catch(undefined),
});

interface Evidence {
  readonly speaker: Speaker;
  readonly person: Person;
  readonly sharing: Sharing;
  readonly identity: SlackIdentity | undefined;
}

function kindOf({ speaker, person, sharing, identity }: Evidence): Actor["kind"] {
  if (person?.user.is_bot === true || speaker.userId === "USLACKBOT") return "bot";
  if (person?.user.is_stranger === true || sharing === "shared") return "stranger";
  if (identity === undefined || person === undefined || person.user.deleted === true) return "guest";
  if (!isOurs(person.user, speaker, identity)) return "stranger";
  if (person.user.is_restricted === true || person.user.is_ultra_restricted === true) return "guest";
  return sharing === "own" ? "member" : "guest";
}

function isOurs(user: z.infer<typeof userSchema>, speaker: Speaker, identity: SlackIdentity): boolean {
  const { enterpriseId } = identity;
  if (enterpriseId !== undefined && user.enterprise_user?.enterprise_id === enterpriseId) return true;
  if (speaker.teamId !== undefined && speaker.teamId !== identity.teamId) return false;
  return user.team_id === identity.teamId;
}

async function askPerson(parts: ActorParts, userId: string): Promise<{ value: Person; sure: boolean }> {
  const answer = await parts.api.call("users.info", { user: userId });
  if (!answer.ok) {
    parts.said.bad("users", `people cannot be looked up (${answer.fault.reason}): they count as guests`);
    return { value: undefined, sure: answer.fault.kind === "no-method" };
  }
  parts.said.good("users");
  const parsed = z.object({ user: userSchema }).safeParse(answer.body);
  if (!parsed.success) return { value: undefined, sure: false };
  const { user } = parsed.data;
  const name = [user.profile?.display_name, user.real_name, user.name].find(
    (text) => (text ?? "").trim() !== "",
  );
  return { value: { name: cut(oneLine(name ?? userId), 80), user }, sure: true };
}

/** Direct messages are nobody else's; a server without the method has no shared channels. */
async function askSharing(parts: ActorParts, channel: string): Promise<{ value: Sharing; sure: boolean }> {
  if (channel.startsWith("D")) return { value: "own", sure: true };
  const answer = await parts.api.call("conversations.info", { channel });
  if (!answer.ok) {
    if (answer.fault.kind === "no-method") return { value: "own", sure: true };
    return { value: "unknown", sure: false };
  }
  const parsed = sharingSchema.safeParse(answer.body);
  if (!parsed.success) return { value: "unknown", sure: false };
  const { is_ext_shared, is_pending_ext_shared } = parsed.data.channel;
  return { value: is_ext_shared === true || is_pending_ext_shared === true ? "shared" : "own", sure: true };
}

const sharingSchema = z.object({
  channel: z.object({ is_ext_shared: z.boolean().optional(), is_pending_ext_shared: z.boolean().optional() }),
});

const askMs = 1_500;
const keepSureMs = 10 * 60_000;
const keepUnsureMs = 10_000;

interface Question<Value> {
  readonly clock: Clock;
  /** What counts when no answer comes in time: the person waits for theirs. */
  readonly unknown: Value;
  ask(): Promise<{ readonly value: Value; readonly sure: boolean }>;
}

/** An answer from memory while it is fresh, else a new one; at most 2,000 are kept. */
async function kept<Value>(
  memory: Map<string, Kept<Value>>,
  key: string,
  question: Question<Value>,
): Promise<Value> {
  const now = question.clock.now();
  const known = memory.get(key);
  if (known !== undefined && known.until > now) return known.value;
  const asked = question.ask();
  const inTime = await settledWithin(asked, askMs);
  const { value, sure } = inTime ? await asked : { value: question.unknown, sure: false };
  memory.delete(key);
  memory.set(key, { value, until: now + (sure ? keepSureMs : keepUnsureMs) });
  const oldest = memory.size > 2_000 ? memory.keys().next().value : undefined;
  if (oldest !== undefined) memory.delete(oldest);
  return value;
}
