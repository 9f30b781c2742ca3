import { normal, uniform } from "./random.js";

/** Labelled points: `features` row by row, `labels` as class numbers. */
export interface Samples {
  readonly features: readonly Float64Array[];
  readonly labels: Uint8Array;
  readonly classes: number;
}

export interface BlobsRequest {
  readonly seed: number;
  readonly count: number;
  readonly width: number;
  readonly classes: number;
  /** Standard deviation of a cloud, with centres about 1 apart in each feature. */
  readonly spread: number;
}

/** One normal cloud a class, split into `count` samples to train on and half as many to validate on. */
export function blobs(request: BlobsRequest): { readonly train: Samples; readonly validation: Samples } {
  const { seed, count, width, classes, spread } = request;
  const next = uniform(seed);
  const centres = Array.from({ length: classes }, () =>
    Float64Array.from({ length: width }, () => normal(next)),
  );
  const draw = (size: number): Samples => {
    const labels = Uint8Array.from({ length: size }, () => Math.floor(next() * classes));
    const features = Array.from(labels, (label) =>
      Float64Array.from({ length: width }, (_, at) => (centres[label]?.[at] ?? 0) + spread * normal(next)),
    );
    return { features, labels, classes };
  };
  return { train: draw(count), validation: draw(Math.ceil(count / 2)) };
}

/** The same samples with a share of the labels drawn anew: what a bug in a data loader does. */
export function withWrongLabels(samples: Samples, seed: number): Samples {
  const next = uniform(seed);
  return { ...samples, labels: samples.labels.map(() => Math.floor(next() * samples.classes)) };
}
