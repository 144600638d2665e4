/**
 * What a socket receives is memory outside of V8's heap: 64 KiB a piece (8 KiB from a unix socket of macOS), while the
 * object that V8 sees of it is tiny. V8 therefore collects such objects late, and a gigabyte that passes leaves 60 MB of
 * garbage at any moment. Collected early, the same few pieces of memory are used again: that takes less time, too
 * (docs/decisions/0041).
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Smaller pieces, which Node shrinks to their size, are those of requests and lines, and no burden. */
const LARGE_PIECE = 4 * 1024;
/** So much is received between two collections; each takes a third of a millisecond. */
const COLLECTED_SIZE = 4 * 1024 * 1024;

type Collect = (options?: { readonly type: "minor" }) => void;

/** Collects the large pieces of memory that have been received and passed on. */
export class BufferCollector {
  #size = 0;
  #collect: Collect | undefined;

  /** Called with the size of each piece that was received, or read of a sidecar, in bytes. */
  note(size: number): void {
    if (size < LARGE_PIECE) return;
    this.#size += size;
    if (this.#size < COLLECTED_SIZE) return;
    this.#size = 0;
    this.collect("minor");
  }

  collect(type: "minor" | "major"): void {
    this.#collect ??= findCollector();
    // V8 11 (Node 20) takes any argument for a request of a minor collection.
    if (type === "minor") this.#collect({ type });
    else this.#collect();
  }
}

/** All that a process receives and reads is in one heap. */
export const bufferCollector: BufferCollector = new BufferCollector();

/**
 * Collects all of V8's heap. For a walk through a large file: V8 lets the garbage of such a walk grow to hundreds of
 * megabytes while ten are alive.
 */
export function collectHeap(): void {
  bufferCollector.collect("major");
}

/** V8's own function, without a trace of it in the contexts of others; nothing where this engine has none. */
function findCollector(): Collect {
  if (globalThis.gc !== undefined) return globalThis.gc as Collect;
  try {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as Collect;
    // A context in which the program was started with the flag, such as a test's of jest, may be without it itself.
    if (!process.execArgv.includes("--expose-gc")) setFlagsFromString("--no-expose-gc");
    return collect;
  } catch {
    return () => undefined;
  }
}
