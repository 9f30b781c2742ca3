import { Socket } from "node:net";

/** Until it is called off, whatever this process wants to reach beyond loopback is refused and told. */
export function loopbackOnly(tell: (host: string) => void): () => void {
  tellers.add(tell);
  return () => void tellers.delete(tell);
}

const tellers = new Set<(host: string) => void>();
type Connect = (this: Socket, ...given: readonly unknown[]) => Socket;
const connect: unknown = Reflect.get(Socket.prototype, "connect");

/** Every client's connection is made here, by plain TCP and by TLS. */
const guarded: Connect = function (...given) {
  const host = hostOf(given);
  if (tellers.size === 0 || host === undefined || isLoopback(host))
    return Reflect.apply(connect as Connect, this, given);
  for (const tell of tellers) tell(host);
  queueMicrotask(() => this.destroy(new Error(`a test may not reach ${host}`)));
  return this;
};
Reflect.set(Socket.prototype, "connect", guarded);

/** Undefined for a path of this machine. */
function hostOf([first, second]: readonly unknown[]): string | undefined {
  const options: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof options !== "object" || options === null)
    return typeof second === "string" ? second : "localhost";
  const { path, host } = options as { readonly path?: unknown; readonly host?: unknown };
  if (typeof path === "string") return undefined;
  return typeof host === "string" ? host : "localhost";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || host.startsWith("127.");
}
