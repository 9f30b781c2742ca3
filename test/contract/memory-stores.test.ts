import type { RunDirectory } from "../../src/commands/context.js";
import { labelSeries } from "../../src/series/label-series.js";
import { runIdOf, seriesKeyOf } from "../../src/series/run.js";
import {
  type HeldRun,
  MemoryAlertBook,
  MemoryMuteStore,
  MemoryOverrideStore,
  MemoryRunDirectory,
  MemoryWatchStore,
} from "../support/memory-stores.js";
import { alertBookContract } from "./alert-book.js";
import { muteStoreContract } from "./mute-store.js";
import type { OpenedStore } from "./opened-store.js";
import { overrideStoreContract } from "./override-store.js";
import { firstWallTime, runDirectoryContract, type TaughtSeries } from "./run-directory.js";
import { watchStoreContract } from "./watch-store.js";

function opened<Store>(store: Store): OpenedStore<Store> {
  return { store, close: () => Promise.resolve() };
}

overrideStoreContract("memory", () => Promise.resolve(opened(new MemoryOverrideStore())));

muteStoreContract("memory", () => Promise.resolve(opened(new MemoryMuteStore())));

watchStoreContract("memory", () => {
  const places = {
    root: "/data/logs",
    configured: "/data/logs/main",
    first: "/data/logs/a",
    second: "/data/logs/b c",
    missing: "/data/logs/missing",
    outside: "/data/private",
  };
  const store = new MemoryWatchStore([places.root], [places.configured]);
  return Promise.resolve({ ...opened(store), places });
});

alertBookContract("memory", () => {
  const book = new MemoryAlertBook();
  return Promise.resolve({
    ...opened(book),
    hold: (episodes) => {
      book.episodes = episodes;
      return Promise.resolve();
    },
  });
});

runDirectoryContract("memory", () => {
  const directory = new MemoryRunDirectory();
  return Promise.resolve({
    ...opened<RunDirectory>(directory),
    teach: (run, series) => {
      directory.add(heldRun(run, series));
      return Promise.resolve();
    },
    openThread: (run, request) => {
      directory.openThread(request, runIdOf(run));
      return Promise.resolve();
    },
  });
});

function heldRun(run: HeldRun["summary"]["run"], taught: readonly TaughtSeries[]): HeldRun {
  const series = taught.map(({ split, tag, points }) => {
    const finite = points.map(([, value]) => value).filter(Number.isFinite);
    const [step = 0, value = NaN] = points.at(-1) ?? [];
    return {
      key: seriesKeyOf(split, tag),
      labels: labelSeries({ run, split, tag }),
      points: points.length,
      last: { step, wallTime: firstWallTime + step, value },
      min: Math.min(...finite),
      max: Math.max(...finite),
      nonFinite: points.length - finite.length,
    };
  });
  return {
    summary: {
      id: runIdOf(run),
      run,
      splits: [...new Set(taught.map(({ split }) => split))],
      state: "running",
      points: series.reduce((sum, one) => sum + one.points, 0),
      firstWallTime,
      lastWallTime: Math.max(...series.map(({ last }) => last.wallTime)),
      lastArrivalAt: firstWallTime * 1_000,
      openEpisodes: 0,
      hparams: {},
    },
    series,
    points: new Map(
      taught.map(({ split, tag, points }) => [
        seriesKeyOf(split, tag),
        {
          step: Float64Array.from(points, ([step]) => step),
          wallTime: Float64Array.from(points, ([step]) => firstWallTime + step),
          value: Float64Array.from(points, ([, value]) => value),
        },
      ]),
    ),
  };
}
