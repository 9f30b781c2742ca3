import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";

export interface ScreenOptions {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly prompt: string;
  onLine(line: string): Promise<void>;
  onInterrupt(): void;
}

/** Lines a person typed ahead that wait for their answers; then reading pauses. */
const mostWaiting = 50;

/** Standard input and output as one place: lines come in one after another, text goes out without tearing the prompt. */
export class Screen {
  readonly #options: ScreenOptions;
  readonly #readline: Interface;
  #waiting = 0;
  #answers: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(options: ScreenOptions) {
    this.#options = options;
    const { input, output } = options;
    this.#readline = createInterface({
      input,
      ...(this.isInteractive ? { output } : {}),
      terminal: this.isInteractive,
      prompt: options.prompt,
      historySize: 200,
    });
    this.#readline.on("line", (line) => this.#take(line));
    this.#readline.on("SIGINT", () => options.onInterrupt());
    // Standard input at its end is no reason to stop; only the prompt goes.
    this.#readline.on("close", () => {
      this.#ended = true;
      if (this.isInteractive) options.output.write(clearLine);
    });
    this.#showPrompt();
  }

  get isInteractive(): boolean {
    return this.#options.input.isTTY === true && this.#options.output.isTTY === true;
  }

  get columns(): number {
    const { output } = this.#options;
    return output.isTTY === true ? Math.max(20, output.columns ?? 80) : Infinity;
  }

  /** Resolves when the terminal took it; a stopped terminal holds its own lane only. */
  write(text: string): Promise<void> {
    const clear = this.isInteractive && !this.#ended ? clearLine : "";
    return new Promise((resolve, reject) => {
      this.#options.output.write(clear + text, (failure) => {
        if (failure) reject(failure);
        else resolve();
      });
      this.#showPrompt();
    });
  }

  /** Hears nothing more; resolves when every line heard before is answered. */
  close(): Promise<void> {
    this.#ended = true;
    this.#readline.close();
    this.#options.input.pause();
    return this.#answers;
  }

  #take(line: string): void {
    this.#waiting += 1;
    if (this.#waiting >= mostWaiting) this.#readline.pause();
    this.#answers = this.#answers
      .then(() => this.#options.onLine(line))
      .finally(() => {
        this.#waiting -= 1;
        if (this.#waiting < mostWaiting && !this.#ended) this.#readline.resume();
      });
  }

  #showPrompt(): void {
    if (this.isInteractive && !this.#ended) this.#readline.prompt(true);
  }
}

/** Back to the first column, and what stood there goes. */
const clearLine = "\r\u001b[K";
