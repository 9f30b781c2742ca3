/** Every time the Slack platform waits, in milliseconds; tests shorten them. */
export interface SlackTimings {
  readonly callMs: number;
  readonly helloMs: number;
  readonly closeMs: number;
  /** Pings go out three times in this span; a link on which none is answered in it is dead, however open it looks. */
  readonly pingMs: number;
  /** How long running commands may take at stop. */
  readonly drainMs: number;
  readonly backoffFirstMs: number;
  readonly backoffCapMs: number;
  /** A link that ends sooner than this was no success: the pause before the next one grows. */
  readonly steadyMs: number;
  /** Between attempts while a token is refused. */
  readonly refusedMs: number;
  /** Pauses between the questions whether an uploaded picture is usable; the last repeats until `pictureCapMs`. */
  readonly picturePollsMs: readonly number[];
  readonly pictureCapMs: number;
  /** The steady pace of new messages in one channel, after a burst of four. */
  readonly postEveryMs: number;
  /** The steady pace of edits in the workspace, after a burst of ten. */
  readonly editEveryMs: number;
}

export const slackTimings: SlackTimings = {
  callMs: 20_000,
  helloMs: 10_000,
  closeMs: 2_000,
  pingMs: 5_000,
  drainMs: 7_000,
  backoffFirstMs: 500,
  backoffCapMs: 60_000,
  steadyMs: 10_000,
  refusedMs: 300_000,
  picturePollsMs: [300, 600, 1_000, 2_000, 3_000, 5_000],
  pictureCapMs: 20_000,
  postEveryMs: 1_000,
  editEveryMs: 1_200,
};
