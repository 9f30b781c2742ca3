/** What a quoted message is known by (its key, its tag) and the root of the conversation it belongs to, per place; kept for at least 30 days where storage allows. */
export interface MarkStore {
  put(place: string, mark: string, root: string): Promise<void>;
  get(place: string, mark: string): Promise<string | undefined>;
}

/** Marks in memory alone, the newest 5,000. */
export function createRecentMarks(atMost = 5_000): MarkStore {
  const held = new Map<string, string>();
  return {
    put(place, mark, root) {
      const key = JSON.stringify([place, mark]);
      held.delete(key);
      held.set(key, root);
      const oldest = held.size > atMost ? held.keys().next().value : undefined;
      if (oldest !== undefined) held.delete(oldest);
      return Promise.resolve();
    },
    get: (place, mark) => Promise.resolve(held.get(JSON.stringify([place, mark]))),
  };
}
