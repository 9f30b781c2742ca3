import type { FakeChannel, FakeUser, World } from "./world.js";

export interface FakeSlackOptions {
  readonly botToken?: string;
  readonly appToken?: string;
  /** Bot scopes granted; all that are needed where left out. */
  readonly scopes?: readonly string[];
  /** Methods this server does not have. */
  readonly missing?: readonly string[];
  /** A file is usable after this many questions by files.info (1) … */
  readonly fileReadyAfterPolls?: number;
  /** … and this long after its upload was completed (0). */
  readonly fileReadyAfterMs?: number;
  readonly channels?: readonly (Partial<FakeChannel> & { readonly id: string })[];
  readonly users?: readonly (Partial<FakeUser> & { readonly id: string })[];
}

/** A workspace with the channels C0TRAINING, C0SECOND, C0NOTIN (bot absent), C0ARCHIVED, C0SHARED and U0MEMBER, U0GUEST, U0STRANGER, U0PARTNER (another team, not marked), U0BOT. */
export function createWorld(options: FakeSlackOptions): World {
  const teamId = "T0FAKE";
  const channels: readonly FakeChannel[] = [
    channel({ id: "C0TRAINING", name: "training" }),
    channel({ id: "C0SECOND", name: "second" }),
    channel({ id: "C0NOTIN", name: "elsewhere", member: false }),
    channel({ id: "C0ARCHIVED", name: "old", archived: true }),
    channel({ id: "C0SHARED", name: "partners", shared: true }),
    ...(options.channels ?? []).map(channel),
  ];
  const user = (given: Partial<FakeUser> & { readonly id: string }): FakeUser => ({
    name: given.id.toLowerCase(),
    teamId,
    bot: false,
    guest: false,
    stranger: false,
    ...given,
  });
  const users: readonly FakeUser[] = [
    user({ id: "U0MEMBER", name: "ana" }),
    user({ id: "U0GUEST", name: "guest", guest: true }),
    user({ id: "U0STRANGER", name: "stranger", stranger: true, teamId: "T0OTHER" }),
    user({ id: "U0PARTNER", name: "partner", teamId: "T0OTHER" }),
    user({ id: "U0BOT", name: "otherbot", bot: true }),
    ...(options.users ?? []).map(user),
  ];
  return {
    team: { id: teamId, name: "fake", url: "https://fake.slack.example/" },
    bot: { userId: "U0TENSORBELL", botId: "B0TENSORBELL", appId: "A0FAKE" },
    channels: new Map(channels.map((one) => [one.id, one])),
    users: new Map(users.map((one) => [one.id, one])),
    messages: [],
    files: new Map(),
    problems: [],
    tsCounter: { last: 0 },
  };
}

function channel(given: Partial<FakeChannel> & { readonly id: string }): FakeChannel {
  return { name: given.id.toLowerCase(), member: true, archived: false, shared: false, ...given };
}
