/** Milliseconds of work on the event loop before others get their turn; a slow share may need them for one file. */
const turnMs = 3;
/** The clock is asked only this often: a stat on a local disk takes 3 µs. */
const unasked = 4;

/** Measures one turn on the event loop; `isOver` is asked before every piece of work, and `true` begins the next turn. */
export class Turn {
  #count = 0;
  #started = performance.now();

  isOver(): boolean {
    this.#count += 1;
    if (this.#count % unasked !== 0 || performance.now() - this.#started < turnMs) return false;
    return true;
  }

  /** To be called when the turn has come again. */
  begin(): void {
    this.#started = performance.now();
  }
}
