import type { ByteReader } from "../lib/byte-reader.js";
import type { ByteWriter } from "../lib/byte-writer.js";
import { shortHash } from "../lib/short-hash.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Point } from "../series/point.js";

const mostCandidates = 16;
/** A tag that says the speed is believed once it has so many points. */
const fewestSpoken = 20;
const idLength = 12;
export const speedSourceBytes = 2 + mostCandidates * (4 + idLength + 1 + 3 * 8);

/**
 * Which series of a run tells how fast it goes: a tag of a speed once it has 20 points, else the tag with the most points by
 * its steps and wall times. Looks at the first 16 series that can.
 */
export class SpeedSource {
  readonly #candidates: Candidate[] = [];
  readonly #places = new WeakMap<SeriesLabels, Candidate | typeof none>();
  #chosen = -1;

  /** Which series was chosen: another number, another series. */
  get chosen(): number {
    return this.#chosen;
  }

  /** Steps (or what the tag counts) a second, where this point of the chosen series says so; NaN else. */
  take(point: Point, series: SeriesLabels): number {
    const candidate = this.#places.get(series) ?? this.#enter(series);
    if (candidate === none) return NaN;
    const speed = speedOf(candidate, point);
    if (!Number.isFinite(speed)) return NaN;
    candidate.count += 1;
    this.#choose();
    return this.#candidates[this.#chosen] === candidate ? speed : NaN;
  }

  write(writer: ByteWriter): void {
    writer.u8(this.#candidates.length).u8(this.#chosen + 1);
    for (const { id, speaks, count, step, wallTime } of this.#candidates)
      writer
        .text(id)
        .u8(speaks ? 1 : 0)
        .f64(count)
        .f64(step)
        .f64(wallTime);
  }

  read(reader: ByteReader): void {
    const length = reader.u8();
    this.#chosen = reader.u8() - 1;
    for (let left = length; left > 0; left -= 1) {
      const [id, speaks] = [reader.text(), reader.u8() === 1];
      const [count, step, wallTime] = [reader.f64(), reader.f64(), reader.f64()];
      this.#candidates.push({ id, speaks, count, step, wallTime });
    }
  }

  #enter(series: SeriesLabels): Candidate | typeof none {
    const found = this.#find(series);
    this.#places.set(series, found);
    return found;
  }

  #find({ split, tag, kind }: SeriesLabels): Candidate | typeof none {
    if (tag === "" || kind === "progress") return none;
    const id = shortHash(`${split}\u0000${tag}`, idLength);
    const known = this.#candidates.find((candidate) => candidate.id === id);
    if (known !== undefined) return known;
    if (this.#candidates.length === mostCandidates) return none;
    const fresh = { id, speaks: kind === "throughput", count: 0, step: NaN, wallTime: NaN };
    this.#candidates.push(fresh);
    return fresh;
  }

  /** A series that was chosen is given up only for one that is better by a half, so that two alike do not take turns. */
  #choose(): void {
    const before = this.#chosen;
    const current = this.#candidates[before];
    let most = 1.5 * weightOf(current);
    for (let index = 0; index < this.#candidates.length; index += 1) {
      const weight = weightOf(this.#candidates[index]);
      if (index === before || weight <= most) continue;
      this.#chosen = index;
      most = weight;
    }
  }
}

interface Candidate {
  readonly id: string;
  /** Whether its values are the speed. */
  readonly speaks: boolean;
  count: number;
  step: number;
  wallTime: number;
}

const none = "none";

function weightOf(candidate: Candidate | undefined): number {
  if (candidate?.speaks !== true) return candidate?.count ?? 0;
  return candidate.count < fewestSpoken ? 0 : 1e12;
}

/** By the distance from the last point where the tag says something else; NaN where step or time did not advance. */
function speedOf(candidate: Candidate, { step, wallTime, value }: Point): number {
  if (candidate.speaks) return value > 0 ? value : NaN;
  const [steps, seconds] = [step - candidate.step, wallTime - candidate.wallTime];
  if (seconds === 0 && steps > 0) return NaN;
  candidate.step = step;
  candidate.wallTime = wallTime;
  return steps > 0 && seconds > 0 ? steps / seconds : NaN;
}
