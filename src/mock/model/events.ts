import type { EngineEvent } from "./event.ts";

/** moby's ring of events that late comers can still hear of (daemon/events/events.go). */
const REMEMBERED = 256;

/** Tells everybody who listens what happened, and remembers the latest of it. */
export class Events {
  readonly #past: EngineEvent[] = [];
  readonly #listeners = new Set<(event: EngineEvent) => void>();

  get past(): readonly EngineEvent[] {
    return this.#past;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  tell(event: EngineEvent): void {
    this.#past.push(event);
    if (this.#past.length > REMEMBERED) this.#past.shift();
    for (const listener of this.#listeners) listener(event);
  }

  /** Returns what ends it. */
  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
