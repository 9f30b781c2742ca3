export type JsonObject = Record<string, unknown>;

export interface FakeDingMessage {
  readonly key: string;
  readonly via: "group" | "direct" | "session" | "webhook" | "card";
  /** A conversation's id, or a user's for `direct`. */
  readonly place: string;
  readonly title: string;
  readonly text: string;
  /** Who was named by `at`. */
  readonly at: readonly string[];
}

export interface FakeCard {
  readonly outTrackId: string;
  readonly templateId: string;
  readonly place: string;
  readonly carrierId: string;
  readonly at: readonly string[];
  values: Readonly<Record<string, string>>;
  updates: number;
}

export interface FakeWorld {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly corpId: string;
  readonly botUserId: string;
  readonly templates: ReadonlySet<string>;
  /** Groups the robot is in. */
  readonly groups: ReadonlySet<string>;
  readonly users: ReadonlySet<string>;
  readonly messages: FakeDingMessage[];
  readonly cards: Map<string, FakeCard>;
  readonly dings: JsonObject[];
  readonly media: Map<string, Uint8Array>;
  readonly sessions: Map<string, { readonly place: string; readonly until: number }>;
  /** What was wrong with what the client did: expected to stay empty. */
  readonly problems: string[];
  /** Counted calls and messages of this month, and how many there may be. */
  readonly quota: { api: number; webhookStream: number; apiLimit: number; webhookStreamLimit: number };
  token: string;
  serial: number;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
