import { pino } from "pino";
import pretty from "pino-pretty";
import type { Environment } from "../app/environment.js";
import type { Log } from "../lib/log.js";

/**
 * The log on standard error (standard output belongs to the conversation): JSON lines, or readable ones on a terminal,
 * where only warnings are shown unless TENSORBELL_LOG_LEVEL asks for more.
 */
export function openLog(environment: Environment): Log {
  const terminal = process.stderr.isTTY;
  const asked = environment.variables.TENSORBELL_LOG_LEVEL !== undefined;
  const level = terminal && !asked ? "warn" : environment.logLevel;
  const target = terminal
    ? pretty({ destination: 2, sync: true, ignore: "pid,hostname" })
    : pino.destination({ dest: 2, sync: true });
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, target);
}
