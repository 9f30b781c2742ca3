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

/** Median distance of the first `count` entries from their median, which `medianInPlace` has just found; they become distances or keep their order. */
export function medianDistanceInPlace(values: Float64Array, count: number, median: number): number {
  if (count > 0 && count <= few) return sortedMedianDistance(values, count, median);
  for (let i = 0; i < count; i += 1) values[i] = Math.abs((values[i] ?? 0) - median);
  return medianInPlace(values, count);
}

/** Of sorted entries the nearest are beside the median: a walk outwards from it. */
function sortedMedianDistance(values: Float64Array, count: number, median: number): number {
  let above = count >> 1;
  let below = above - 1;
  let [lower, upper] = [NaN, NaN];
  for (let left = (count >> 1) + 1; left > 0; left -= 1) {
    const down = below < 0 ? Infinity : median - (values[below] ?? NaN);
    const up = above >= count ? Infinity : (values[above] ?? NaN) - median;
    lower = upper;
    if (down <= up) {
      upper = down;
      below -= 1;
    } else {
      upper = up;
      above += 1;
    }
  }
  return count % 2 === 1 ? upper : (lower + upper) / 2;
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
