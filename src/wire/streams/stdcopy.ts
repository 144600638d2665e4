/**
 * The multiplexing of a container's output without a terminal (moby, pkg/stdcopy): each frame is a stream's
 * number, three zero bytes, the payload's size as a big-endian uint32, and the payload.
 */
import { ByteQueue } from "../../base/bytes.ts";
import { WireError } from "../../base/errors.ts";
import { quoteForMessage } from "../quote.ts";

export type FrameStream = "stdin" | "stdout" | "stderr" | "systemerr";

export interface StdcopyFrame {
  readonly stream: FrameStream;
  readonly payload: Buffer;
}

export const FRAME_HEADER_SIZE = 8;
/** The largest accepted payload. dockerd cuts at 32 KiB; a far larger size means that text was read as a header. */
export const FRAME_LIMIT: number = 16 * 1024 * 1024;

const STREAMS: readonly FrameStream[] = ["stdin", "stdout", "stderr", "systemerr"];

/** Whether these first bytes of a stream (1 to 8 of them) can begin a frame; no bytes can. */
export function canBeginFrame(bytes: Buffer, limit: number = FRAME_LIMIT): boolean {
  if (bytes.length > 0 && (bytes[0] as number) >= STREAMS.length) return false;
  for (let at = 1; at < Math.min(bytes.length, 4); at += 1) if (bytes[at] !== 0) return false;
  // Missing bytes of a size count as zero: the least that it can become.
  return readSize(bytes) <= limit;
}

function readSize(bytes: Buffer): number {
  let size = 0;
  for (let at = 4; at < FRAME_HEADER_SIZE; at += 1) size = size * 256 + (bytes[at] ?? 0);
  return size;
}

/**
 * Cuts a stream into frames. Payloads are subarrays of what was pushed; only a frame that spans several pushes is
 * copied, once.
 */
export class FrameDecoder {
  readonly #limit: number;
  readonly #pending = new ByteQueue();
  #failure: WireError | undefined;

  constructor(limit: number = FRAME_LIMIT) {
    this.#limit = limit;
  }

  /** The bytes that belong to no returned frame. */
  get pending(): Buffer {
    return this.#pending.peek();
  }

  get pendingSize(): number {
    return this.#pending.length;
  }

  /**
   * A push that throws loses nothing, nor does one after it: `pending` then holds all that was pushed and not
   * returned, so that a recorder can keep the stream as plain bytes.
   * @throws WireError `WHALESONG_BAD_FRAME`
   */
  push(bytes: Buffer): StdcopyFrame[] {
    const frames: StdcopyFrame[] = [];
    if (this.#failure !== undefined) this.#fail(this.#failure, frames, bytes);
    const taken = this.#pending.length === 0 ? 0 : this.#finishPending(bytes, frames);
    this.#cutWhole(bytes, taken, frames);
    return frames;
  }

  /** Completes the unfinished frame from the front of `bytes`; returns how many of them it took. */
  #finishPending(bytes: Buffer, frames: StdcopyFrame[]): number {
    const taken = this.#fillPending(bytes, 0, FRAME_HEADER_SIZE);
    if (this.#pending.length < FRAME_HEADER_SIZE) return taken;
    const header = this.#pending.peek(FRAME_HEADER_SIZE);
    const size = readFrameSize(header, 0, this.#limit);
    if (size === undefined) this.#fail(createFrameError(header, this.#limit), frames, bytes.subarray(taken));
    const end = this.#fillPending(bytes, taken, size);
    if (this.#pending.length === size) frames.push(readFrame(this.#pending.take(), 0, size));
    return end;
  }

  /** Moves bytes behind the pending ones until those are `size`; returns how far `bytes` are used up. */
  #fillPending(bytes: Buffer, from: number, size: number): number {
    const end = Math.min(bytes.length, from + Math.max(0, size - this.#pending.length));
    this.#pending.push(bytes.subarray(from, end));
    return end;
  }

  #cutWhole(bytes: Buffer, from: number, frames: StdcopyFrame[]): void {
    let at = from;
    while (bytes.length - at >= FRAME_HEADER_SIZE) {
      const size = readFrameSize(bytes, at, this.#limit);
      if (size === undefined) this.#fail(createFrameError(bytes.subarray(at), this.#limit), frames, bytes.subarray(at));
      if (at + size > bytes.length) break;
      frames.push(readFrame(bytes, at, size));
      at += size;
    }
    if (at < bytes.length) this.#pending.push(bytes.subarray(at));
  }

  #fail(failure: WireError, frames: readonly StdcopyFrame[], rest: Buffer): never {
    for (const { stream, payload } of frames) this.#pending.push(encodeFrame(stream, payload));
    this.#pending.push(rest);
    this.#failure = failure;
    throw failure;
  }
}

/** The size of the frame, header included, whose header begins at `at`; undefined if that is no header. */
function readFrameSize(bytes: Buffer, at: number, limit: number): number | undefined {
  const start = bytes.readUInt32BE(at);
  const size = bytes.readUInt32BE(at + 4);
  const isHeader = (start & 0xffffff) === 0 && start >>> 24 < STREAMS.length && size <= limit;
  return isHeader ? FRAME_HEADER_SIZE + size : undefined;
}

function readFrame(bytes: Buffer, at: number, size: number): StdcopyFrame {
  return {
    stream: STREAMS[bytes[at] as number] as FrameStream,
    payload: bytes.subarray(at + FRAME_HEADER_SIZE, at + size),
  };
}

function createFrameError(found: Buffer, limit: number): WireError {
  const header = found.subarray(0, FRAME_HEADER_SIZE);
  const expected = `a stream from 0 to 3, three zero bytes and a size of at most ${limit} bytes`;
  const message = `cannot read a frame: got the header ${quoteForMessage(header)}, expected ${expected}`;
  return new WireError("WHALESONG_BAD_FRAME", message, { fields: { header: header.toString("hex"), limit } });
}

export function encodeFrame(stream: FrameStream, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_SIZE + payload.length);
  writeHeader(frame, 0, STREAMS.indexOf(stream), payload.length);
  payload.copy(frame, FRAME_HEADER_SIZE);
  return frame;
}

/** The payload cut into frames of these sizes, in one allocation. What the sizes leave over becomes one more frame. */
export function encodeFrames(stream: FrameStream, payload: Buffer, sizes: readonly number[]): Buffer {
  const cut = cutSizes(payload.length, sizes);
  const frames = Buffer.allocUnsafe(payload.length + cut.length * FRAME_HEADER_SIZE);
  const type = STREAMS.indexOf(stream);
  let from = 0;
  let at = 0;
  for (const size of cut) {
    writeHeader(frames, at, type, size);
    at += FRAME_HEADER_SIZE + payload.copy(frames, at + FRAME_HEADER_SIZE, from, from + size);
    from += size;
  }
  return frames;
}

/** In a cassette that was edited by hand the sizes may no longer fit: then the payload decides. */
function cutSizes(length: number, sizes: readonly number[]): readonly number[] {
  const cut: number[] = [];
  let left = length;
  for (const size of sizes) {
    if (size > left) break;
    cut.push(size);
    left -= size;
  }
  return left > 0 ? [...cut, left] : cut;
}

function writeHeader(frame: Buffer, at: number, type: number, size: number): void {
  frame.writeUInt32BE(type * 0x1000000, at);
  frame.writeUInt32BE(size, at + 4);
}
