import { metricWords } from "../series/metric-words.js";
import type { SeriesLabels } from "../series/labels.js";
import { folded } from "./grammar.js";
import { nearest } from "./nearest.js";

interface Labelled {
  readonly labels: SeriesLabels;
}

export type FoundMetric<Series extends Labelled> =
  | {
      readonly kind: "found";
      readonly series: readonly Series[];
      /** `tag`: named exactly; `split`: the name chose a split too (`val_loss` for `epoch_loss` of `validation`). */
      readonly by: "tag" | "part" | "word" | "split";
    }
  | { readonly kind: "unknown"; readonly nearest: readonly string[] };

/** The series that a name means: an exact tag, else the last path parts, else whole words, else words with the split's; `a,b` means several. */
export function findMetric<Series extends Labelled>(
  series: readonly Series[],
  query: string,
): FoundMetric<Series> {
  const wanted = folded(query).trim();
  for (const { by, fits } of wanted === "" ? [] : levels(query.trim(), wanted)) {
    const found = series.filter(({ labels }) => fits(labels));
    if (found.length > 0) return { kind: "found", series: by === "tag" ? found : metricsFirst(found), by };
  }
  if (wanted.includes(",")) return findEach(series, query);
  const tags = new Set(series.map(({ labels }) => labels.tag));
  return { kind: "unknown", nearest: nearest(query, tags) };
}

interface Level {
  readonly by: "tag" | "part" | "word" | "split";
  readonly fits: (labels: SeriesLabels) => boolean;
}

function levels(query: string, wanted: string): readonly Level[] {
  const words = canonical(query);
  const among = (known: ReadonlySet<string>): boolean =>
    words.length > 0 && words.every((word) => known.has(word));
  return [
    { by: "tag", fits: ({ tag }) => tag === query },
    { by: "tag", fits: ({ tag }) => folded(tag) === wanted },
    { by: "part", fits: ({ tag }) => folded(tag).endsWith(`/${wanted}`) },
    { by: "word", fits: ({ tag }) => among(new Set(canonical(tag))) },
    { by: "split", fits: (labels) => sharesWord(words, labels.tag) && among(withSplit(labels)) },
    { by: "word", fits: ({ kind }) => words.length === 1 && kind === kinds.get(words[0] ?? "") },
  ];
}

function findEach<Series extends Labelled>(series: readonly Series[], query: string): FoundMetric<Series> {
  const all = new Set<Series>();
  const names = query.split(",").filter((name) => name.trim() !== "");
  const splits = new Set<boolean>();
  for (const name of names) {
    const found = findMetric(series, name);
    if (found.kind === "unknown") return found;
    for (const one of found.series) all.add(one);
    splits.add(found.by === "split");
  }
  if (all.size === 0) return { kind: "unknown", nearest: [] };
  return { kind: "found", series: [...all], by: splits.has(true) ? "split" : "tag" };
}

/** A word takes regularisers and counters only where no loss or accuracy has it. */
function metricsFirst<Series extends Labelled>(found: readonly Series[]): readonly Series[] {
  const metrics = found.filter(({ labels }) => labels.kind === "loss" || labels.kind === "accuracy");
  return metrics.length > 0 ? metrics : found;
}

function sharesWord(words: readonly string[], tag: string): boolean {
  const own = new Set(canonical(tag));
  return words.some((word) => own.has(word) && word !== "train" && word !== "val" && word !== "test");
}

function withSplit({ tag, split, phase }: SeriesLabels): ReadonlySet<string> {
  const phaseWord = phase === "validation" ? ["val"] : phase === "train" ? ["train"] : [];
  return new Set([...canonical(tag), ...canonical(split), ...phaseWord]);
}

/** The words of a name with one spelling each; Chinese words stand apart though they are written together (训练损失). */
function canonical(name: string): readonly string[] {
  const apart = name.normalize("NFKC").replaceAll(/准确率|精度|损失|学习率|验证|训练|测试/g, " $& ");
  return metricWords(apart).map((word) => spellings.get(word) ?? word);
}

const spellings: ReadonlyMap<string, string> = new Map([
  ["accuracy", "acc"],
  ["准确率", "acc"],
  ["精度", "acc"],
  ["损失", "loss"],
  ["losses", "loss"],
  ["学习率", "lr"],
  ["validation", "val"],
  ["valid", "val"],
  ["eval", "val"],
  ["evaluation", "val"],
  ["dev", "val"],
  ["验证", "val"],
  ["training", "train"],
  ["训练", "train"],
  ["testing", "test"],
  ["测试", "test"],
]);

const kinds: ReadonlyMap<string, SeriesLabels["kind"]> = new Map([
  ["loss", "loss"],
  ["acc", "accuracy"],
  ["lr", "learning-rate"],
]);
