import type { JsonObject } from "./world.js";

/** What a call can be made to meet. `lost` and `lost-500` do the work first and then take the answer away. */
export type Fault =
  | { readonly kind: "rate-limited"; readonly seconds: number | undefined }
  | { readonly kind: "http"; readonly status: number }
  | { readonly kind: "error"; readonly error: string; readonly more?: JsonObject }
  | { readonly kind: "hang" }
  | { readonly kind: "slow"; readonly ms: number }
  | { readonly kind: "cut" }
  | { readonly kind: "garbage" }
  | { readonly kind: "lost" }
  | { readonly kind: "lost-500" }
  /** For `socket`: the link opens and the server never says hello. */
  | { readonly kind: "no-hello" };

export interface FaultWish {
  readonly times?: number;
  /** Only for this channel. */
  readonly channel?: string;
}

/** The faults still to come, by method (`upload`, `response` and `socket` count as methods). */
export interface FaultBook {
  next(method: string, fault: Fault, wish?: FaultWish): void;
  /** Until the returned function is called. */
  always(method: string, fault: Fault, wish?: FaultWish): () => void;
  take(method: string, channel: string | undefined): Fault | undefined;
  /** Whether every fault asked for with `next` has been met. */
  met(): boolean;
}

export function createFaultBook(): FaultBook {
  const entries: { method: string; fault: Fault; left: number; channel: string | undefined }[] = [];
  const add = (method: string, fault: Fault, wish: FaultWish & { readonly left: number }) => {
    const entry = { method, fault, left: wish.left, channel: wish.channel };
    entries.push(entry);
    return entry;
  };
  return {
    next: (method, fault, wish = {}) => void add(method, fault, { ...wish, left: wish.times ?? 1 }),
    always(method, fault, wish = {}) {
      const entry = add(method, fault, { ...wish, left: Number.POSITIVE_INFINITY });
      return () => (entry.left = 0);
    },
    take(method, channel) {
      const entry = entries.find(
        (one) =>
          one.method === method && one.left > 0 && (one.channel === undefined || one.channel === channel),
      );
      if (entry === undefined) return undefined;
      entry.left -= 1;
      return entry.fault;
    },
    met: () => entries.every((entry) => entry.left === 0 || entry.left === Number.POSITIVE_INFINITY),
  };
}
