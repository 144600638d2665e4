import type { EngineEvent } from "./engine-event.ts";

/** The size of moby's ring of past events (daemon/events/events.go). */
const KEPT_EVENTS = 256;

/** Passes events to all listeners, and keeps the latest. */
export class EventBus {
  readonly #past: EngineEvent[] = [];
  readonly #listeners = new Set<(event: EngineEvent) => void>();

  get past(): readonly EngineEvent[] {
    return this.#past;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  emit(event: EngineEvent): void {
    this.#past.push(event);
    if (this.#past.length > KEPT_EVENTS) this.#past.shift();
    for (const listener of this.#listeners) listener(event);
  }

  /** Returns a function that stops listening. */
  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
