const width = 30;

/** Where a bar is drawn, and by which clock (ms). */
export interface BarScreen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A bar on standard error for work that takes more than a second; silent where nobody watches. */
export class ProgressBar {
  readonly #total: number;
  readonly #screen: BarScreen;
  readonly #now: () => number;
  readonly #started: number;
  #done = 0;
  #shownAt = 0;

  constructor(total: number, screen: BarScreen = process.stderr, now = () => performance.now()) {
    this.#total = total;
    this.#screen = screen;
    this.#now = now;
    this.#started = now();
  }

  advance(): void {
    this.#done += 1;
    this.show();
  }

  /** Between two steps, so that one long step is seen to be at work. */
  show(): void {
    const elapsed = this.#now() - this.#started;
    if (this.#screen.isTTY !== true || elapsed < 1_000 || elapsed - this.#shownAt < 100) return;
    this.#shownAt = elapsed;
    const filled = Math.round((this.#done / this.#total) * width);
    this.#screen.write(`\r[${"#".repeat(filled)}${".".repeat(width - filled)}] ${this.#done}/${this.#total}`);
  }

  end(): void {
    if (this.#shownAt > 0) this.#screen.write("\r\u001b[K");
  }
}
