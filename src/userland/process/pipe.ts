/** Where a process reads from and writes to. */
import { ByteQueue } from "../../base/bytes.ts";

export interface ByteSource {
  /** The next bytes, or undefined at the end; resolves with undefined at once when `signal` is aborted. */
  read(signal?: AbortSignal): Promise<Buffer | undefined>;
  /** Puts bytes back that were read and not used. */
  putBack(bytes: Buffer): void;
  /** Ends reading: a later write resolves with false. */
  abandon(): void;
}

export interface ByteSink {
  /** Resolves when more may be written; false where no reader is left. */
  write(bytes: Buffer, signal?: AbortSignal): Promise<boolean>;
  /** No more is written. */
  end(): void;
}

const NOTHING = Buffer.alloc(0);
/** A Linux pipe's capacity. */
const CAPACITY = 64 * 1024;

/** A pipe with the capacity of a Linux pipe. */
export class Pipe implements ByteSource, ByteSink {
  readonly #queue = new ByteQueue();
  #isEnded = false;
  #isAbandoned = false;
  #marks = 0;
  #wakers: (() => void)[] = [];

  /** Something can be read at once. */
  get hasBytes(): boolean {
    return this.#queue.length > 0;
  }

  async read(signal?: AbortSignal): Promise<Buffer | undefined> {
    while (this.#queue.length === 0 && !this.#isEnded && this.#marks === 0) {
      if (signal?.aborted === true) return undefined;
      await this.#change(signal);
    }
    if (this.#queue.length === 0) {
      if (!this.#isEnded) this.#marks -= 1;
      return undefined;
    }
    const bytes = this.#queue.takePiece();
    this.#wake();
    return bytes;
  }

  putBack(bytes: Buffer): void {
    this.#queue.putBack(bytes);
    this.#wake();
  }

  async write(bytes: Buffer, signal?: AbortSignal): Promise<boolean> {
    while (this.#queue.length >= CAPACITY && !this.#isAbandoned && signal?.aborted !== true) await this.#change(signal);
    if (this.#isAbandoned || this.#isEnded) return false;
    this.#queue.push(bytes);
    this.#wake();
    return true;
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** One reader finds an end here, and may read on after it: what Ctrl-D is at a terminal. */
  markEnd(): void {
    this.#marks += 1;
    this.#wake();
  }

  abandon(): void {
    this.#isAbandoned = true;
    this.#queue.drop(this.#queue.length);
    this.#wake();
  }

  #change(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      this.#wakers.push(wake);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}

/** Has nothing to read, and takes whatever is written: /dev/null. */
export const nowhere: ByteSource & ByteSink = {
  read: async () => undefined,
  putBack: () => undefined,
  abandon: () => undefined,
  write: async () => true,
  end: () => undefined,
};

export function createSource(bytes: Buffer): ByteSource {
  let left = bytes;
  return {
    read: async () => {
      const rest = left;
      left = NOTHING;
      return rest.length > 0 ? rest : undefined;
    },
    putBack: (back) => {
      left = Buffer.concat([back, left]);
    },
    abandon: () => undefined,
  };
}

export function createSink(
  write: (bytes: Buffer) => void | Promise<void>,
  end: () => void = () => undefined,
): ByteSink {
  return {
    write: async (bytes) => {
      await write(bytes);
      return true;
    },
    end,
  };
}
