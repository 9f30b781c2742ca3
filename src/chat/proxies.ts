import { Secret } from "../lib/secret.js";

/** Which proxy takes which calls, as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say it; secrets because an address may hold a password. */
export interface Proxies {
  readonly http: Secret | undefined;
  readonly https: Secret | undefined;
  /** Hosts that are reached without one, as NO_PROXY lists them. */
  readonly except: string;
}

/** The variables about proxies; each is also read in lower case, which wins, as other programs do. */
export const proxyEnvironment = [
  {
    name: "HTTPS_PROXY",
    secret: true,
    lowerCase: true,
    sentence:
      "The proxy for https and wss, for both chat platforms: http://host:port or http://user:password@host:port; https_proxy too.",
  },
  {
    name: "HTTP_PROXY",
    secret: true,
    lowerCase: true,
    sentence: "The proxy for plain http and ws; http_proxy too.",
  },
  {
    name: "NO_PROXY",
    secret: false,
    lowerCase: true,
    sentence:
      "Hosts that are reached without a proxy, separated by commas, with their subdomains; * for all of them. no_proxy too.",
  },
] as const;

export type ProxiesRead =
  | { readonly kind: "proxies"; readonly proxies: Proxies }
  | { readonly kind: "problem"; readonly problems: readonly string[] };

/** Reads them; an address that is none is a sentence that does not quote it. */
export function readProxies(env: Readonly<Record<string, string | undefined>>): ProxiesRead {
  const problems = (["HTTPS_PROXY", "HTTP_PROXY"] as const).flatMap((name) => {
    const given = env[name] ?? "";
    return given === "" || addressOf(given) !== undefined
      ? []
      : [
          `${name} is not a proxy's address: it looks like http://host:port or http://user:password@host:port, and special characters of the password are written as %40.`,
        ];
  });
  if (problems.length > 0) return { kind: "problem", problems };
  const proxies = {
    http: secretOf(env["HTTP_PROXY"]),
    https: secretOf(env["HTTPS_PROXY"]),
    except: env["NO_PROXY"] ?? "",
  };
  return { kind: "proxies", proxies };
}

/** The proxy for an address (http, https, ws or wss); undefined where it is reached directly. */
export function proxyFor(address: URL, { http, https, except }: Proxies): URL | undefined {
  const isSecure = address.protocol === "https:" || address.protocol === "wss:";
  const proxy = isSecure ? https : http;
  if (proxy === undefined) return undefined;
  const host = address.hostname.toLowerCase();
  const port = address.port === "" ? (isSecure ? "443" : "80") : address.port;
  const isExcepted = except
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => covers(entry, host, port));
  return isExcepted ? undefined : addressOf(proxy.reveal());
}

/** `example.com`, `.example.com` and `*.example.com` mean the host and all below it; a port narrows it. */
function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  // An IPv6 address without brackets has colons, but no port.
  const [, name = entry, onPort] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
  const bare = name.replace(/^\*?\./, "");
  if (bare === "" || (onPort !== undefined && onPort !== port)) return false;
  return host === bare || host === `[${bare}]` || host.endsWith(`.${bare}`);
}

function addressOf(text: string): URL | undefined {
  const full = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && isDecodable(url) ? url : undefined;
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

function secretOf(text: string | undefined): Secret | undefined {
  return text === undefined || text === "" ? undefined : new Secret(text);
}
