/** Where a process reads from and writes to. */
import { ByteQueue } from "../../base/bytes.ts";

export interface Source {
  /** The next bytes, or undefined at the end; resolves with undefined at once when `signal` is aborted. */
  read(signal?: AbortSignal): Promise<Buffer | undefined>;
  /** Puts bytes back that were read and not used. */
  unread(bytes: Buffer): void;
  /** Nobody reads any more: whoever writes is told. */
  abandon(): void;
}

export interface Sink {
  /** Resolves when more may be written; false where nobody reads. */
  write(bytes: Buffer, signal?: AbortSignal): Promise<boolean>;
  /** No more is written. */
  end(): void;
}

const NOTHING = Buffer.alloc(0);
/** A Linux pipe's capacity. */
const CAPACITY = 64 * 1024;

/** Bytes from those who write to those who read, with room for as much as a Linux pipe has. */
export class Pipe implements Source, Sink {
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

  unread(bytes: Buffer): void {
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
export const nowhere: Source & Sink = {
  read: async () => undefined,
  unread: () => undefined,
  abandon: () => undefined,
  write: async () => true,
  end: () => undefined,
};

export function sourceOf(bytes: Buffer): Source {
  let left = bytes;
  return {
    read: async () => {
      const rest = left;
      left = NOTHING;
      return rest.length > 0 ? rest : undefined;
    },
    unread: (back) => {
      left = Buffer.concat([back, left]);
    },
    abandon: () => undefined,
  };
}

export function sinkTo(write: (bytes: Buffer) => void | Promise<void>, end: () => void = () => undefined): Sink {
  return {
    write: async (bytes) => {
      await write(bytes);
      return true;
    },
    end,
  };
}
