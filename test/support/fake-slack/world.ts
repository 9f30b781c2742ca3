/** Everything the fake workspace holds; tests read it, the methods write it. */
export interface World {
  readonly team: { readonly id: string; readonly name: string; readonly url: string };
  readonly bot: { readonly userId: string; readonly botId: string; readonly appId: string };
  readonly channels: Map<string, FakeChannel>;
  readonly users: Map<string, FakeUser>;
  readonly messages: FakeMessage[];
  readonly files: Map<string, FakeFile>;
  /** What a real Slack would have let pass or shown wrongly, but no bot should do: expected to stay empty. */
  readonly problems: string[];
  readonly tsCounter: { last: number };
}

export interface FakeChannel {
  readonly id: string;
  readonly name: string;
  member: boolean;
  archived: boolean;
  shared: boolean;
}

export interface FakeUser {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  readonly bot: boolean;
  readonly guest: boolean;
  readonly stranger: boolean;
}

export interface FakeMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  readonly user: string;
  readonly byBot: boolean;
  /** Another app's bot, where it is not ours. */
  readonly botId?: string;
  text: string;
  blocks: readonly JsonObject[];
  metadata: JsonObject | undefined;
  edits: number;
}

export interface FakeFile {
  readonly id: string;
  readonly filename: string;
  readonly length: number;
  readonly ticket: string;
  bytes: Buffer | undefined;
  completedAt: number | undefined;
  polls: number;
}

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The next message timestamp: microseconds, never the same twice. */
export function nextTs(world: World): string {
  world.tsCounter.last = Math.max(Date.now() * 1_000, world.tsCounter.last + 1);
  const seconds = Math.floor(world.tsCounter.last / 1_000_000);
  return `${seconds}.${String(world.tsCounter.last % 1_000_000).padStart(6, "0")}`;
}

/** A JSON string, or the empty string for anything else. */
export function str(value: unknown): string {
  return typeof value === "string" ? value : "";
}
