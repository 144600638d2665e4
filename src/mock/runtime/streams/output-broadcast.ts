import type { ByteSink } from "../../../userland/process/pipe.ts";
import type { OutputStream } from "./container-log.ts";

/** Receives the output of a process. The process waits for the promise, so a slow listener slows it. */
export interface OutputListener {
  write(stream: OutputStream, bytes: Buffer): void | Promise<void>;
  /** The output has ended. */
  end(): void;
}

/** Passes the output of a process to all listeners. */
export class OutputBroadcast {
  readonly #listeners = new Set<OutputListener>();

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Returns a function that stops listening. */
  listen(listener: OutputListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  createSink(stream: OutputStream): ByteSink {
    return {
      write: async (bytes) => {
        await this.write(stream, bytes);
        return true;
      },
      end: () => undefined,
    };
  }

  async write(stream: OutputStream, bytes: Buffer): Promise<void> {
    for (const listener of [...this.#listeners]) await listener.write(stream, bytes);
  }

  /** Ends and removes all listeners. The next run begins without any. */
  end(): void {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener.end();
  }
}
