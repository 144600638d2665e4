/** Masks secrets that are split over frames, where many frames stand in one file. */
import { WireError } from "../../base/errors.ts";
import { LONGEST_SECRET } from "../../secrets/longest-secret.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import { encodeFrame, FrameDecoder, type StdcopyFrame } from "../../wire/streams/stdcopy.ts";
import { type BodyEditor, MaskingEditor } from "../bodies/body-editor.ts";
import { groupByLane, maskPieces } from "./lanes.ts";

/** So much is held before it is searched. */
const HELD_LIMIT = 8 * LONGEST_SECRET;
/** A stream that has said little holds all others back; so much of them. */
const MOST_HELD = 32 * HELD_LIMIT;

interface HeldFrame {
  readonly lane: StdcopyFrame["stream"];
  bytes: Buffer;
}

/** Lengths stay, so the frames keep their cuts. What are no frames after all is masked as bytes. */
export class FrameMaskingEditor implements BodyEditor {
  readonly #redactor: Redactor;
  readonly #frames: FrameDecoder = new FrameDecoder();
  readonly #rest: MaskingEditor;
  #held: HeldFrame[] = [];
  #size = 0;
  #hasChanged = false;
  #isBroken = false;

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
    this.#rest = new MaskingEditor(redactor);
  }

  get hasChanged(): boolean {
    return this.#hasChanged || this.#rest.hasChanged;
  }

  push(bytes: Buffer): Buffer {
    if (this.#isBroken) return this.#rest.push(bytes);
    try {
      for (const frame of this.#frames.push(bytes)) this.#hold(frame);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#isBroken = true;
      return Buffer.concat([this.#release(this.#held.length), this.#rest.push(this.#frames.pending)]);
    }
    return this.#size <= HELD_LIMIT ? Buffer.alloc(0) : this.#release();
  }

  finish(): Buffer {
    const cut = this.#isBroken ? Buffer.alloc(0) : this.#rest.push(this.#frames.pending);
    return Buffer.concat([this.#release(this.#held.length), cut, this.#rest.finish()]);
  }

  /** The payload is copied: what was pushed may be memory that is used again. */
  #hold({ stream, payload }: StdcopyFrame): void {
    this.#held.push({ lane: stream, bytes: Buffer.from(payload) });
    this.#size += payload.length;
  }

  /** Hands on the first so many frames. @param count all in which no secret can go on */
  #release(count?: number): Buffer {
    for (const lane of groupByLane(this.#held).values()) this.#mask(lane);
    const over = this.#held.splice(0, count ?? (this.#size > MOST_HELD ? this.#held.length : this.#countOver()));
    for (const { bytes } of over) this.#size -= bytes.length;
    return Buffer.concat(over.map(({ lane, bytes }) => encodeFrame(lane, bytes)));
  }

  #mask(lane: readonly HeldFrame[]): void {
    const masked = maskPieces(lane, this.#redactor);
    if (masked === undefined) return;
    this.#hasChanged = true;
    for (const [at, frame] of lane.entries()) frame.bytes = masked[at] as Buffer;
  }

  /** How many frames at the front have enough of their own stream behind them. */
  #countOver(): number {
    const behind = new Map<string, number>();
    let count = this.#held.length;
    for (const [at, { lane, bytes }] of [...this.#held.entries()].reverse()) {
      if ((behind.get(lane) ?? 0) < LONGEST_SECRET) count = at;
      behind.set(lane, (behind.get(lane) ?? 0) + bytes.length);
    }
    return count;
  }
}
