/** A container's output by lines, as the json-file driver keeps it (moby daemon/logger/copier.go). */
import type { FrameStream } from "../../../wire/streams/stdcopy.ts";

export type OutputStream = Extract<FrameStream, "stdout" | "stderr">;

export interface LogLine {
  readonly stream: OutputStream;
  readonly time: bigint;
  /** With its line end, except for a part of a long line. */
  readonly text: Buffer;
}

const NOTHING = Buffer.alloc(0);
const LF = 0x0a;
const MAX_LINE_BYTES = 16 * 1024;
/** Beyond this, the oldest lines are dropped. */
const MAX_LOG_BYTES = 64 * 1024 * 1024;

export class ContainerLog {
  readonly #stamp: () => bigint;
  readonly #partial: Record<OutputStream, Buffer> = { stdout: NOTHING, stderr: NOTHING };
  readonly #followers = new Set<(line: LogLine | undefined) => void>();
  #lines: LogLine[] = [];
  #size = 0;

  constructor(stamp: () => bigint) {
    this.#stamp = stamp;
  }

  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  write(stream: OutputStream, bytes: Buffer): void {
    let rest = this.#partial[stream].length === 0 ? bytes : Buffer.concat([this.#partial[stream], bytes]);
    for (let end = findLineEnd(rest); end > 0; end = findLineEnd(rest)) {
      this.#add(stream, rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    this.#partial[stream] = Buffer.from(rest);
  }

  /** The run has ended: an open line becomes a line, and the followers end. */
  endRun(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      if (this.#partial[stream].length > 0) this.#add(stream, this.#partial[stream]);
      this.#partial[stream] = NOTHING;
    }
    for (const follower of [...this.#followers]) follower(undefined);
  }

  /** Calls `follower` with each new line, and with undefined at the end of the run. Returns a function that stops it. */
  follow(follower: (line: LogLine | undefined) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  #add(stream: OutputStream, text: Buffer): void {
    const line = { stream, time: this.#stamp(), text };
    this.#lines.push(line);
    this.#size += text.length;
    while (this.#size > MAX_LOG_BYTES) this.#size -= this.#lines.shift()?.text.length ?? this.#size;
    for (const follower of [...this.#followers]) follower(line);
  }
}

/** The length of the first line; 0 without a complete one. */
function findLineEnd(bytes: Buffer): number {
  const end = bytes.indexOf(LF) + 1;
  if (end > 0 && end <= MAX_LINE_BYTES) return end;
  return bytes.length >= MAX_LINE_BYTES ? MAX_LINE_BYTES : 0;
}
