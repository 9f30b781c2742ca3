import type { RedisAddress } from "../redis/connection.js";

export type RedisAddressResult =
  | { readonly kind: "ok"; readonly address: RedisAddress; readonly shown: string }
  | { readonly kind: "problem"; readonly sentence: string };

/**
 * Reads `REDIS_URL`: one server (`redis://[user:password@]host[:port][/db]`, `unix:///path`), a Sentinel group
 * (`redis+sentinel://host,host/name[/db]`) or a Cluster (`redis+cluster://host,host`); `rediss` in place of `redis`
 * is TLS. A password is never part of a sentence or of `shown`.
 */
export function parseRedisUrl(url: string): RedisAddressResult {
  const parts = /^([a-z+]+):\/\/(?:(.*)@)?([^/?@]*)(\/[^?]*)?(?:\?(.*))?$/s.exec(url.trim());
  const [, scheme = "", login = "", hosts = "", path = "", query = ""] = parts ?? [];
  if (scheme === "unix" && path !== "")
    return ok({ kind: "single", options: { path: decodeURIComponent(path) } }, url);
  const form = forms[scheme];
  if (form === undefined)
    return problem(`expected redis://, rediss://, redis+sentinel:// or redis+cluster://`);
  const nodes = hosts.split(",").map((host) => readHost(host, form.port));
  if (nodes.some((node) => node === undefined))
    return problem("expected a host such as localhost or localhost:6379");
  const words = path.split("/").filter((word) => word !== "");
  const name = form.kind === "sentinel" ? decoded(words.shift()) : undefined;
  const db = readDb(words);
  const credentials = readLogin(login);
  if (credentials === undefined) return problem("the user or password is not percent-encoded properly");
  if (db === undefined) return problem("expected at most a database number behind the host");
  if (form.kind === "single" && nodes.length !== 1)
    return problem("one server has one host; for several, redis+cluster://");
  const options = { ...credentials, ...(form.tls && { tls: {} }), ...(db > 0 && { db }) };
  const found = nodes.filter((node) => node !== undefined);
  const shown = `${scheme}://${hosts}${path}`;
  if (form.kind === "cluster") {
    if (db > 0) return problem("a Cluster has only database 0");
    return ok({ kind: "cluster", nodes: found, options }, shown);
  }
  if (form.kind === "sentinel") {
    if (name === undefined || name === "")
      return problem("a Sentinel address ends with the group's name: …/mymaster");
    const sentinel = new URLSearchParams(query);
    const sentinelUsername = sentinel.get("sentinelUsername");
    const sentinelPassword = sentinel.get("sentinelPassword");
    const asked = {
      ...(sentinelUsername && { sentinelUsername }),
      ...(sentinelPassword && { sentinelPassword }),
    };
    return ok({ kind: "single", options: { ...options, sentinels: found, name, ...asked } }, shown);
  }
  return ok({ kind: "single", options: { ...options, ...found[0] } }, shown);
}

interface Form {
  readonly kind: "single" | "sentinel" | "cluster";
  readonly tls: boolean;
  readonly port: number;
}

const forms: Readonly<Record<string, Form>> = {
  redis: { kind: "single", tls: false, port: 6379 },
  rediss: { kind: "single", tls: true, port: 6379 },
  "redis+sentinel": { kind: "sentinel", tls: false, port: 26379 },
  "rediss+sentinel": { kind: "sentinel", tls: true, port: 26379 },
  "redis+cluster": { kind: "cluster", tls: false, port: 6379 },
  "rediss+cluster": { kind: "cluster", tls: true, port: 6379 },
};

function ok(address: RedisAddress, shown: string): RedisAddressResult {
  return { kind: "ok", address, shown };
}

function problem(what: string): RedisAddressResult {
  return { kind: "problem", sentence: `REDIS_URL: ${what}` };
}

function readHost(
  text: string,
  defaultPort: number,
): { readonly host: string; readonly port: number } | undefined {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = parts?.[3] === undefined ? defaultPort : Number(parts[3]);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

function readDb(words: readonly string[]): number | undefined {
  if (words.length === 0) return 0;
  return words.length === 1 && /^\d{1,4}$/.test(words[0] ?? "") ? Number(words[0]) : undefined;
}

type Login = { readonly username?: string; readonly password?: string };

function readLogin(login: string): Login | undefined {
  if (login === "") return {};
  const colon = login.indexOf(":");
  const username = decoded(colon === -1 ? login : login.slice(0, colon));
  const password = colon === -1 ? "" : decoded(login.slice(colon + 1));
  if (username === undefined || password === undefined) return undefined;
  return { ...(username !== "" && { username }), ...(password !== "" && { password }) };
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
