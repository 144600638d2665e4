/** Writers wait here while there is no room. `open` lets all of them through. */
export class Latch {
  #waiting: Promise<void> | undefined;
  #release: (() => void) | undefined;

  wait(): Promise<void> {
    this.#waiting ??= new Promise((resolve) => {
      this.#release = resolve;
    });
    return this.#waiting;
  }

  open(): void {
    this.#release?.();
    this.#waiting = undefined;
    this.#release = undefined;
  }
}
