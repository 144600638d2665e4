import type { Sink } from "../../../userland/process/pipe.ts";
import type { OutputStream } from "./log.ts";

/** Who hears what a process prints. Its promise holds the process up: a listener that does not keep up slows it. */
export interface Listener {
  hear(stream: OutputStream, bytes: Buffer): void | Promise<void>;
  /** Nothing more will come. */
  end(): void;
}

/** What a process prints, on its way to everybody who listens. */
export class Output {
  readonly #listeners = new Set<Listener>();

  /** Returns what ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  sink(stream: OutputStream): Sink {
    return {
      write: async (bytes) => {
        await this.say(stream, bytes);
        return true;
      },
      end: () => undefined,
    };
  }

  async say(stream: OutputStream, bytes: Buffer): Promise<void> {
    for (const listener of [...this.#listeners]) await listener.hear(stream, bytes);
  }

  /** The process is over; the next one begins with nobody listening. */
  end(): void {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener.end();
  }
}
