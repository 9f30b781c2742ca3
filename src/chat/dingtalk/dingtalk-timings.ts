/** Every time the DingTalk platform waits, in milliseconds; tests shorten them. */
export interface DingTalkTimings {
  readonly callMs: number;
  readonly uploadMs: number;
  /** Gateway call and WebSocket handshake, each. */
  readonly handshakeMs: number;
  readonly pingMs: number;
  /** A line over which neither frame nor pong came for this long is dead. */
  readonly idleMs: number;
  /** How long a replaced line is kept open: DingTalk closes it after 10 s of silence. */
  readonly overlapMs: number;
  readonly backoffFirstMs: number;
  readonly backoffCapMs: number;
  /** Least pause while the gateway refuses the credentials. */
  readonly refusedMs: number;
  /** A line is replaced by itself after this long, before the server does. */
  readonly rotateMs: number;
  /** How long running commands may take at stop. */
  readonly drainMs: number;
  /** The least time between two updates of one card. */
  readonly cardEveryMs: number;
  /** All calls are held this long after DingTalk banned our address. */
  readonly banMs: number;
  /** The steady pace of a custom robot: 18 a minute of 20 allowed. */
  readonly webhookEveryMs: number;
  /** How long a custom robot that was too fast stays quiet. */
  readonly webhookHoldMs: number;
}

export const dingtalkTimings: DingTalkTimings = {
  callMs: 10_000,
  uploadMs: 15_000,
  handshakeMs: 10_000,
  pingMs: 25_000,
  idleMs: 60_000,
  overlapMs: 15_000,
  backoffFirstMs: 1_000,
  backoffCapMs: 60_000,
  refusedMs: 60_000,
  rotateMs: 6 * 3_600_000,
  drainMs: 7_000,
  cardEveryMs: 60_000,
  banMs: 300_000,
  webhookEveryMs: 3_750,
  webhookHoldMs: 600_000,
};
