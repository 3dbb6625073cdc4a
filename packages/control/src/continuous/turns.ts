/** Lets one task run at a time, in the order in which they came. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task);
    // The next one waits for the end, whatever it is; who took the turn hears of an error.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
