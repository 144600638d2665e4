/**
 * A thread that makes the digest of a file while another one writes it (docs/decisions/0071). It reads what was written
 * from the system's cache, so nothing is handed over but how far the file has grown. It can only be late, never wrong:
 * where it is missing, dead or stuck, `finish` has no digest, and whoever asked reads the file.
 */
import type * as crypto from "node:crypto";
import type * as fs from "node:fs";
import { Worker } from "node:worker_threads";

/** The thread is woken once for so many bytes. */
const PIECE_SIZE = 256 * 1024;
/** It may be so far behind, in bytes: what is left to do at the end takes less than 0.1 s. */
const MOST_BEHIND = 128 * 1024 * 1024;
/** A thread that does nothing for so long is given up. */
const PATIENCE_MS = 5000;
/** V8's heap of the thread, which hardly needs one. */
const MEMORY = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 };

/** Both are sizes in bytes, and become `~size` with the last one: what is written, and what of that is hashed. */
const [WRITTEN, HASHED] = [0, 1] as const;
const [DIGEST_OFFSET, DIGEST_SIZE] = [16, 32] as const;
const FAILED = -(2n ** 63n);

interface Followed {
  readonly path: string;
  readonly memory: SharedArrayBuffer;
  readonly pieceSize: number;
}

/** One file is followed at a time: others are hashed by the thread that writes them. */
export class FollowerSlot {
  #isTaken = false;

  /** Undefined where the slot is taken, or there are no threads. */
  follow(path: string): DigestFollower | undefined {
    if (this.#isTaken) return undefined;
    try {
      const follower = new DigestFollower(path, () => {
        this.#isTaken = false;
      });
      this.#isTaken = true;
      return follower;
    } catch {
      return undefined;
    }
  }
}

export class DigestFollower {
  readonly #memory = new SharedArrayBuffer(DIGEST_OFFSET + DIGEST_SIZE);
  readonly #state = new BigInt64Array(this.#memory, 0, 2);
  readonly #onEnd: () => void;
  #woken = 0;
  #isLost = false;

  /** @param onEnd called when it has nothing more to do */
  constructor(path: string, onEnd: () => void) {
    this.#onEnd = onEnd;
    const followed: Followed = { path, memory: this.#memory, pieceSize: PIECE_SIZE };
    // The thread is a function, and not a file: bundles of programs that use whalesong have no such file.
    const code = `(${followFile})(require("node:worker_threads").workerData, require("node:fs"), require("node:crypto"))`;
    const worker = new Worker(code, {
      eval: true,
      workerData: followed,
      env: {},
      execArgv: [],
      resourceLimits: MEMORY,
    });
    worker.on("error", () => this.#giveUp());
    worker.unref();
  }

  /** @param size so many bytes are in the file */
  advance(size: number): void {
    Atomics.store(this.#state, WRITTEN, BigInt(size));
    if (size - this.#woken < PIECE_SIZE || this.#isLost) return;
    this.#woken = size;
    Atomics.notify(this.#state, WRITTEN);
    this.#await((hashed) => hashed < 0n || size - Number(hashed) <= MOST_BEHIND);
  }

  /** The digest of all that was written; undefined if the thread has none. */
  finish(): string | undefined {
    this.#end(Atomics.load(this.#state, WRITTEN));
    this.#await((hashed) => hashed < 0n);
    this.#onEnd();
    if (this.#isLost) return undefined;
    return Buffer.from(this.#memory, DIGEST_OFFSET, DIGEST_SIZE).toString("hex");
  }

  discard(): void {
    this.#end(0n);
    this.#onEnd();
  }

  #end(size: bigint): void {
    Atomics.store(this.#state, WRITTEN, ~size);
    Atomics.notify(this.#state, WRITTEN);
  }

  /** Waits as long as the thread gets on. */
  #await(isEnough: (hashed: bigint) => boolean): void {
    while (!this.#isLost) {
      const hashed = Atomics.load(this.#state, HASHED);
      if (hashed === FAILED) this.#giveUp();
      else if (isEnough(hashed)) return;
      else if (Atomics.wait(this.#state, HASHED, hashed, PATIENCE_MS) === "timed-out") this.#giveUp();
    }
  }

  #giveUp(): void {
    this.#isLost = true;
  }
}

/** Runs in the thread, from its text: it knows nothing but its parameters. */
function followFile(
  { path, memory, pieceSize }: Followed,
  { openSync, readSync, closeSync }: typeof fs,
  { createHash }: typeof crypto,
): void {
  const state = new BigInt64Array(memory, 0, 2);
  try {
    const [hash, piece, fd] = [createHash("sha256"), Buffer.allocUnsafeSlow(pieceSize), openSync(path, "r")];
    for (let at = 0; ; ) {
      const written = Atomics.load(state, 0);
      const size = Number(written < 0n ? ~written : written);
      const count = at < size ? readSync(fd, piece, 0, Math.min(pieceSize, size - at), at) : 0;
      if (count > 0) hash.update(count === pieceSize ? piece : piece.subarray(0, count));
      else if (at < size) throw new Error("the file is shorter than what was written");
      else if (written < 0n) break;
      else Atomics.wait(state, 0, written);
      at += count;
      Atomics.store(state, 1, BigInt(at));
      Atomics.notify(state, 1);
    }
    closeSync(fd);
    new Uint8Array(memory, 16).set(hash.digest());
    Atomics.store(state, 1, ~Atomics.load(state, 1));
  } catch {
    Atomics.store(state, 1, -(2n ** 63n));
  }
  Atomics.notify(state, 1);
}
