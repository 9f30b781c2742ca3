/** Median of the first `count` entries, which it puts into another order; NaN of none. A selection: nothing is sorted, nothing allocated. */
export function medianInPlace(values: Float64Array, count: number): number {
  if (count === 0) return NaN;
  const half = count >> 1;
  if (count <= few) {
    insertionSort(values, count);
    const middle = values[half] ?? NaN;
    return count % 2 === 1 ? middle : ((values[half - 1] ?? NaN) + middle) / 2;
  }
  const upper = select(values, count, half);
  if (count % 2 === 1) return upper;
  let lower = -Infinity;
  for (let i = 0; i < half; i += 1) lower = Math.max(lower, values[i] ?? NaN);
  return (lower + upper) / 2;
}

/** Up to so many are sorted sooner than selected. */
const few = 16;

function insertionSort(values: Float64Array, count: number): void {
  for (let i = 1; i < count; i += 1) {
    const value = values[i] ?? NaN;
    let at = i;
    while (at > 0 && (values[at - 1] ?? NaN) > value) {
      values[at] = values[at - 1] ?? NaN;
      at -= 1;
    }
    values[at] = value;
  }
}

/** The entry that would stand at `rank` were the first `count` sorted; smaller ones lie before it (Hoare's selection). */
function select(values: Float64Array, count: number, rank: number): number {
  let left = 0;
  let right = count - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1] ?? NaN;
    let low = left;
    let high = right;
    while (low <= high) {
      while ((values[low] ?? NaN) < pivot) low += 1;
      while ((values[high] ?? NaN) > pivot) high -= 1;
      if (low > high) break;
      const swapped = values[low] ?? NaN;
      values[low] = values[high] ?? NaN;
      values[high] = swapped;
      low += 1;
      high -= 1;
    }
    if (rank <= high) right = high;
    else if (rank >= low) left = low;
    else break;
  }
  return values[rank] ?? NaN;
}
