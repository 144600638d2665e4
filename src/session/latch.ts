/** What writers wait at while there is no room: everyone who waits is let through by the next `open`. */
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
