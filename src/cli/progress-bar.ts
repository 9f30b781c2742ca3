const width = 30;

/** A bar on standard error for work that takes more than a second; silent where nobody watches. */
export class ProgressBar {
  readonly #total: number;
  readonly #started = performance.now();
  #done = 0;
  #shownAt = 0;

  constructor(total: number) {
    this.#total = total;
  }

  advance(): void {
    this.#done += 1;
    this.show();
  }

  /** Between two steps, so that one long step is seen to be at work. */
  show(): void {
    const elapsed = performance.now() - this.#started;
    if (!process.stderr.isTTY || elapsed < 1_000 || elapsed - this.#shownAt < 100) return;
    this.#shownAt = elapsed;
    const filled = Math.round((this.#done / this.#total) * width);
    process.stderr.write(
      `\r[${"#".repeat(filled)}${".".repeat(width - filled)}] ${this.#done}/${this.#total}`,
    );
  }

  end(): void {
    if (this.#shownAt > 0) process.stderr.write("\r\u001b[K");
  }
}
