import { schedule, validate, type ScheduledTask } from "node-cron";
import type { DestinationId } from "../message/destination.js";
import type { Queues } from "./queues.js";

/** When one destination gets its daily summary, in its own time zone. */
export interface DigestPlan {
  readonly destination: DestinationId;
  /** `HH:MM`. */
  readonly at: string;
  readonly timeZone: string;
}

/**
 * Cron tasks that add a digest job. Every process has them; the job's id holds the day, so it runs once however many
 * processes there are. BullMQ allows no colon in an id, hence the slashes.
 */
export function scheduleDigests(
  queues: Queues,
  plans: readonly DigestPlan[],
  now: () => number,
): { stop(): void } {
  const tasks: ScheduledTask[] = [];
  for (const plan of plans) {
    const expression = cronOf(plan.at);
    if (expression === undefined || !validate(expression))
      throw new Error(`a digest's time is written HH:MM, not ${JSON.stringify(plan.at)}`);
    tasks.push(
      schedule(
        expression,
        async () => {
          const job = digestJob(plan, now());
          await queues.digest.add(job.name, job.data, job.options);
        },
        { timezone: plan.timeZone },
      ),
    );
  }
  tasks.push(
    schedule("17 * * * *", async () => {
      const job = housekeepingJob(now());
      await queues.digest.add(job.name, job.data, job.options);
    }),
  );
  return { stop: () => tasks.forEach((task) => void task.stop()) };
}

interface DailyJob {
  readonly name: string;
  readonly data: object;
  readonly options: { readonly jobId: string; readonly removeOnComplete: { readonly age: number } };
}

/** The summary of the day it is now at the destination; its id is kept for two days, so that no other process says it again. */
export function digestJob({ destination, timeZone }: DigestPlan, now: number): DailyJob {
  const day = dayIn(timeZone, now);
  const jobId = `digest/${destination.replaceAll(":", "/")}/${day}`;
  return {
    name: "digest",
    data: { destination, day },
    options: { jobId, removeOnComplete: { age: 172_800 } },
  };
}

export function housekeepingJob(now: number): DailyJob {
  const hour = Math.floor(now / 3_600_000);
  const jobId = `housekeeping/${hour}`;
  return {
    name: "housekeeping",
    data: { housekeeping: hour },
    options: { jobId, removeOnComplete: { age: 7_200 } },
  };
}

function cronOf(at: string): string | undefined {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(at);
  return match === null ? undefined : `${Number(match[2])} ${Number(match[1])} * * *`;
}

/** The date in a time zone, `2026-11-24`. */
export function dayIn(timeZone: string, now: number): string {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(now);
}
