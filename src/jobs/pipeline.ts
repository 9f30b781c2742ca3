import type { ConnectionOptions } from "bullmq";
import type { RedisConnection, ServerOptions } from "../redis/connection.js";
import type { DestinationId } from "../message/destination.js";
import { z } from "zod";
import type { RunId, WatchId } from "../series/run.js";
import type { Watch } from "../series/watch.js";
import { type ChartPorts, makeCharts } from "./chart.js";
import { deliver, type DeliverPorts } from "./deliver.js";
import { type HistoryPorts, historyRead } from "./history.js";
import { type HousekeepingPorts, keepHouse } from "./housekeeping.js";
import { ingest, type IngestPorts } from "./ingest.js";
import { isRemoteAddress } from "../lib/remote-address.js";
import { within } from "../lib/within.js";
import {
  areScheduled,
  openQueues,
  queueNames,
  type Queues,
  queueWakes,
  scheduleScan,
  scheduleTick,
  unscheduleScan,
} from "./queues.js";
import { recover } from "./recover.js";
import { relay } from "./relay.js";
import { type ScanPorts, WatchScan } from "./scan.js";
import { scanEveryMs } from "./scan-pace.js";
import { type DigestPlan, scheduleDigests } from "./schedule-digests.js";
import { showRoot } from "./show-root.js";
import { showProgress, tick } from "./tick.js";
import { Turns } from "./turns.js";
import type { Wakes } from "./wakes.js";
import { startWorkers, type RunningWorkers } from "./workers.js";

type Given<Ports> = Omit<Ports, "wakes" | "turns" | "onHistoryRead" | "watch">;

export interface PipelineOptions
  extends
    Given<IngestPorts>,
    Given<ScanPorts>,
    Given<DeliverPorts>,
    Given<ChartPorts>,
    Given<HistoryPorts>,
    HousekeepingPorts {
  readonly redis: ServerOptions | RedisConnection;
  /** Nobody else works on this Redis: what a dead process left in the queues is made anew instead of waited for. */
  readonly exclusive: boolean;
  readonly digests: readonly DigestPlan[];
  digest(destination: DestinationId, day: string): Promise<void>;
}

const tickMs = 5_000;
const progressEvery = 12;
const stopWithinMs = 8_000;

const watchPart = z.object({ watch: z.string(), everyMs: z.number().optional() });
const runPart = z.object({ run: z.string() });
const lanePart = z.object({ lane: z.string() });
const digestPart = z.union([
  z.object({ destination: z.string(), day: z.string() }),
  z.object({ housekeeping: z.number() }),
]);

/** scan -> ingest -> relay -> deliver, with tick and digest beside them: the jobs of one process. */
export class Pipeline {
  readonly wakes: Wakes;
  /** Reading and judging take turns; answers to people go first. */
  readonly turns = new Turns();
  readonly #options: PipelineOptions;
  readonly #connection: ConnectionOptions;
  readonly #queues: Queues;
  readonly #scans = new Map<WatchId, WatchScan>();
  readonly #watches = new Map<WatchId, Watch>();
  #workers: RunningWorkers | undefined;
  #digests: { stop(): void } | undefined;
  #ticks = 0;

  constructor(options: PipelineOptions) {
    this.#options = options;
    // The same options under another name: BullMQ's type only lacks `undefined` where ioredis' own allows it.
    this.#connection = options.redis as ConnectionOptions;
    this.#queues = openQueues(this.#connection);
    // BullMQ emits Redis being away as errors of its queues; the stores' connection tells it once for all.
    for (const name of queueNames) this.#queues[name].on("error", () => undefined);
    this.wakes = queueWakes(this.#queues, async (run) => {
      const watch = await this.#watchOf(run);
      return watch !== undefined && isRemoteAddress(watch.root);
    });
  }

  async start(): Promise<void> {
    const { options, ports } = { options: this.#options, ports: this.#ports() };
    if (options.exclusive) await this.#clearRemains();
    await this.schedule();
    await recover(ports);
    const look = (data: unknown): Promise<void> => this.#scan(watchPart.parse(data));
    const read = (data: unknown): Promise<void> => ingest(ports, runPart.parse(data).run as RunId);
    this.#workers = startWorkers(
      this.#connection,
      {
        scan: look,
        ingest: read,
        "remote-scan": look,
        "remote-ingest": read,
        relay: (data) => relay(ports, runPart.parse(data).run as RunId),
        deliver: (data) => deliver(ports, lanePart.parse(data).lane),
        chart: (data) => makeCharts(ports, lanePart.parse(data).lane),
        tick: () => this.#tick(),
        digest: (data) => this.#digest(data),
      },
      { log: options.log },
    );
    this.#digests = scheduleDigests(this.#queues, options.digests, () => options.clock.now());
  }

  /** What wakes the polling of every watch, and the tick. */
  async schedule(): Promise<void> {
    for (const watch of await this.#options.registry.list()) await this.watch(watch);
    await scheduleTick(this.#queues, tickMs);
  }

  /** Whether all that `schedule` sets up is there: whoever empties Redis takes it away, and nothing would come any more. */
  async isScheduled(): Promise<boolean> {
    return areScheduled(this.#queues, (await this.#options.registry.list()).length);
  }

  /** Goes on with a Redis that lost everything: nothing that is remembered here holds there any more. */
  async beginAnew(): Promise<void> {
    this.#scans.clear();
    this.#watches.clear();
    this.#options.sessions.clear();
    await this.schedule();
    await recover(this.#ports());
  }

  /** Jobs and leases of a dead process: their work is found again in the stores, at once instead of when they run out. */
  async #clearRemains(): Promise<void> {
    await Promise.all(queueNames.map((name) => this.#queues[name].obliterate({ force: true })));
    for (const lane of await this.#options.lanes.lanes()) await this.#options.lanes.breakLease(lane);
  }

  /** Begins to poll a directory. */
  async watch(watch: Watch): Promise<void> {
    this.#watches.set(watch.id, watch);
    await scheduleScan(this.#queues, watch, this.#options.intervals.hotMs);
  }

  /** Stops polling a directory and forgets what was known of its runs. */
  async unwatch(watch: Watch): Promise<void> {
    await unscheduleScan(this.#queues, watch.id);
    this.#scans.delete(watch.id);
    this.#watches.delete(watch.id);
    const runs = await this.#options.registry.runs(watch.id);
    await this.#options.registry.remove(watch.id);
    for (const run of runs.keys()) {
      this.#options.sessions.drop(run);
      await this.#options.runs.forget(run);
    }
  }

  /** Shows everybody what a person changed about a run. */
  showRoot(run: RunId): Promise<void> {
    return showRoot({ ...this.#options, wakes: this.wakes }, run);
  }

  async stop(): Promise<void> {
    this.#digests?.stop();
    await this.#workers?.stop(stopWithinMs);
    await within(Promise.all(queueNames.map((name) => this.#queues[name].close())), 1_000);
  }

  #ports() {
    const options = this.#options;
    const wakes = this.wakes;
    return {
      ...options,
      wakes,
      turns: this.turns,
      watch: (run: RunId) => this.#watchOf(run),
      onHistoryRead: (watch: Watch, left: number) => historyRead({ ...options, wakes }, watch, left),
    };
  }

  #watchOf(run: RunId): Promise<Watch | undefined> {
    return this.#watchNamed(run.slice(0, run.indexOf(".")) as WatchId);
  }

  /** A watch that another process registered is looked up once. */
  async #watchNamed(id: WatchId): Promise<Watch | undefined> {
    const known =
      this.#watches.get(id) ?? (await this.#options.registry.list()).find((watch) => watch.id === id);
    if (known !== undefined) this.#watches.set(id, known);
    return known;
  }

  /** Looks at a watch; where nothing in it asks for that every second, the next looks come less often. */
  async #scan({ watch: name, everyMs }: z.infer<typeof watchPart>): Promise<void> {
    const id = name as WatchId;
    const watch = await this.#watchNamed(id);
    if (watch === undefined) return unscheduleScan(this.#queues, id);
    const scan = this.#scans.get(id) ?? new WatchScan(this.#ports(), watch);
    this.#scans.set(id, scan);
    await scan.look();
    const wantedMs = scanEveryMs(this.#options.intervals, { isQuiet: scan.isQuiet });
    // The job tells its own pace: another process may have changed it.
    if (wantedMs !== everyMs && this.#scans.get(id) === scan)
      await scheduleScan(this.#queues, watch, wantedMs);
  }

  async #tick(): Promise<void> {
    const ports = this.#ports();
    await tick(ports);
    this.#ticks += 1;
    if (this.#ticks % progressEvery === 0) await showProgress(ports);
  }

  async #digest(data: unknown): Promise<void> {
    const part = digestPart.parse(data);
    if ("housekeeping" in part) return keepHouse(this.#options);
    await this.#options.digest(part.destination, part.day);
    await this.wakes.deliver(part.destination, 0);
  }
}
