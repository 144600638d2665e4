import { createHash, type Hash } from "node:crypto";
import { digestFile } from "./digest-file.ts";
import type { DigestFollower, FollowerSlot } from "./digest-follower.ts";

/** A thread takes 10 MB and 30 ms of its own: only a file that is larger than this, in bytes, is worth one. */
const FOLLOWED_SIZE = 32 * 1024 * 1024;

/** The sha256 of a file while it grows. A large one is read by another thread: this one has traffic to carry. */
export class DraftDigest {
  readonly #path: string;
  readonly #slot: Pick<FollowerSlot, "follow">;
  #hash: Hash | undefined = createHash("sha256");
  #follower: DigestFollower | undefined;

  constructor(path: string, slot: Pick<FollowerSlot, "follow">) {
    this.#path = path;
    this.#slot = slot;
  }

  /** @param size of the file, which has `bytes` at its end by now */
  push(bytes: Buffer, size: number): void {
    if (size > FOLLOWED_SIZE && this.#hash !== undefined) this.#follow();
    this.#hash?.update(bytes);
    this.#follower?.advance(size);
  }

  /** In hexadecimal digits. The file is still at its path. */
  finish(): string {
    return this.#hash?.digest("hex") ?? this.#follower?.finish() ?? digestFile(this.#path);
  }

  discard(): void {
    this.#follower?.discard();
  }

  #follow(): void {
    this.#follower = this.#slot.follow(this.#path);
    if (this.#follower !== undefined) this.#hash = undefined;
  }
}
