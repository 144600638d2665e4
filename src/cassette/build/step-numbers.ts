import type { ProgressMessage } from "../build-model.ts";

/**
 * Numbers the steps as docker's plain progress does: in the order in which they begin. Steps that never begin come
 * last, in the order in which they were announced. What is no step of its own (an input that is never mentioned) has
 * no number.
 */
export class StepNumbers {
  readonly #begun = new Set<string>();
  readonly #announced = new Set<string>();

  note({ steps }: ProgressMessage): void {
    for (const { digest, started, completed } of steps) {
      this.#announced.add(digest);
      if (started !== undefined || completed !== undefined) this.#begun.add(digest);
    }
  }

  /** The numbers, by digest, counted from 1. */
  number(): ReadonlyMap<string, number> {
    const digests = new Set([...this.#begun, ...this.#announced]);
    return new Map([...digests].map((digest, at) => [digest, at + 1]));
  }
}
