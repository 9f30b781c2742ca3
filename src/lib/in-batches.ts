/** Looked up together: enough to hide the round trips. */
const atOnce = 100;

/** Does something for every item, a hundred at a time. */
export async function inBatches<Item>(
  items: readonly Item[],
  step: (item: Item) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += atOnce) await Promise.all(items.slice(at, at + atOnce).map(step));
}
