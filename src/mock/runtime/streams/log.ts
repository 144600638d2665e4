/** What a container has printed, line by line, as the json-file driver keeps it (moby daemon/logger/copier.go). */
import type { FrameStream } from "../../../wire/stdcopy.ts";

export type OutputStream = Extract<FrameStream, "stdout" | "stderr">;

export interface LogLine {
  readonly stream: OutputStream;
  readonly time: bigint;
  /** With its end, save for a piece of a line that is too long. */
  readonly text: Buffer;
}

const LF = 0x0a;
const LONGEST_LINE = 16 * 1024;
/** What is kept of a container that never stops talking. */
const KEPT_BYTES = 64 * 1024 * 1024;

export class Log {
  readonly #stamp: () => bigint;
  readonly #open: Record<OutputStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  readonly #followers = new Set<(line: LogLine | undefined) => void>();
  #lines: LogLine[] = [];
  #size = 0;

  constructor(stamp: () => bigint) {
    this.#stamp = stamp;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  write(stream: OutputStream, bytes: Buffer): void {
    let rest = this.#open[stream].length === 0 ? bytes : Buffer.concat([this.#open[stream], bytes]);
    for (let end = endOfLine(rest); end > 0; end = endOfLine(rest)) {
      this.#add(stream, rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    this.#open[stream] = Buffer.from(rest);
  }

  /** The container has stopped: what has no end of line is a line now, and who follows is done. */
  endRun(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      if (this.#open[stream].length > 0) this.#add(stream, this.#open[stream]);
      this.#open[stream] = Buffer.alloc(0);
    }
    for (const follower of [...this.#followers]) follower(undefined);
  }

  /** Told of each new line, and with undefined when the container stops. Returns what ends it. */
  follow(follower: (line: LogLine | undefined) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  #add(stream: OutputStream, text: Buffer): void {
    const line = { stream, time: this.#stamp(), text };
    this.#lines.push(line);
    this.#size += text.length;
    while (this.#size > KEPT_BYTES) this.#size -= this.#lines.shift()?.text.length ?? this.#size;
    for (const follower of [...this.#followers]) follower(line);
  }
}

/** Where the first line ends; 0 while there is none. */
function endOfLine(bytes: Buffer): number {
  const end = bytes.indexOf(LF) + 1;
  if (end > 0 && end <= LONGEST_LINE) return end;
  return bytes.length >= LONGEST_LINE ? LONGEST_LINE : 0;
}
