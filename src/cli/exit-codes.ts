/** What the process says to a script: 0 done, 1 the answer is bad news, 2 no answer (wrong usage, config, unreadable input). */
export const exitCodes = { done: 0, badNews: 1, noAnswer: 2 } as const;

/** Thrown by a command that cannot answer; main prints the sentence alone, without a stack, and exits with 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
