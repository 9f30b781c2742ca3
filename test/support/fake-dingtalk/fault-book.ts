import type { JsonObject } from "./world.js";

/** What a call can be made to meet. `lost`, `lost-with` and `half` do the work first; then the answer is gone, another one, or cut in its middle. `held` does it and answers later. */
export type DingFault =
  | { readonly kind: "answer"; readonly status: number; readonly body: JsonObject | string }
  | { readonly kind: "hang" }
  | { readonly kind: "held"; readonly until: Promise<void> }
  | { readonly kind: "cut" }
  | { readonly kind: "lost" }
  | { readonly kind: "half" }
  | { readonly kind: "lost-with"; readonly status: number; readonly body: JsonObject };

/** The faults still to come, by path. */
export interface DingFaults {
  next(path: string, fault: DingFault, times?: number): void;
  /** Until the returned function is called. */
  always(path: string, fault: DingFault): () => void;
  take(path: string): DingFault | undefined;
}

export function createDingFaults(): DingFaults {
  const entries: { path: string; fault: DingFault; left: number }[] = [];
  return {
    next: (path, fault, times = 1) => void entries.push({ path, fault, left: times }),
    always(path, fault) {
      const entry = { path, fault, left: Number.POSITIVE_INFINITY };
      entries.push(entry);
      return () => (entry.left = 0);
    },
    take(path) {
      const entry = entries.find((one) => one.path === path && one.left > 0);
      if (entry === undefined) return undefined;
      entry.left -= 1;
      return entry.fault;
    },
  };
}
