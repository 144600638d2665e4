/** A client that is attached: hears what a process prints, and is heard by it (moby container/stream/attach.go). */

import type { Pipe } from "../../../userland/process/pipe.ts";
import { encodeFrame } from "../../../wire/stdcopy.ts";
import { DetachWatch } from "./detach-keys.ts";
import type { LogLine, OutputStream } from "./log.ts";
import type { Output } from "./output.ts";

/** moby copies in pieces of this size. */
const PIECE = 32 * 1024;

/** A client's end of it, however it came: a hijacked connection, or a websocket. */
export interface Line {
  /** Undefined once the client says nothing more. */
  read(): Promise<Buffer | undefined>;
  /** In the order of the calls. Resolves when more may be written. */
  write(bytes: Buffer): Promise<void>;
  /** Resolves when the client is gone. */
  readonly gone: Promise<void>;
}

export interface Conversation {
  readonly output: Output;
  /** Where the client's words go; undefined if they go nowhere. */
  readonly stdin: Pipe | undefined;
  readonly hears: ReadonlySet<OutputStream>;
  /** Without frames: a terminal's, or a websocket's. */
  readonly isRaw: boolean;
  /** When the client closes its half: the process finds the end of its input, or the conversation is over. */
  readonly atEnd: "closes stdin" | "leaves";
  /** Watched for at a terminal. */
  readonly detachKeys: Buffer | undefined;
}

export function spoken(stream: OutputStream, bytes: Buffer, isRaw: boolean): Buffer {
  if (isRaw) return bytes;
  if (bytes.length <= PIECE) return encodeFrame(stream, bytes);
  return Buffer.concat([encodeFrame(stream, bytes.subarray(0, PIECE)), spoken(stream, bytes.subarray(PIECE), isRaw)]);
}

/** What was printed before the client came; what is printed from now on is written behind it. */
export function tellPast(line: Line, lines: readonly LogLine[], { hears, isRaw }: Conversation): void {
  for (const { stream, text } of lines) if (hears.has(stream)) void line.write(spoken(stream, text, isRaw));
}

/** Listens from now on; the promise it returns resolves when it is over, and tells whether the client detached. */
export function converse(line: Line, conversation: Conversation): Promise<"ended" | "detached"> {
  const { output, stdin, hears, isRaw } = conversation;
  return new Promise((resolve) => {
    const over = (how: "ended" | "detached"): void => {
      unlisten();
      resolve(how);
    };
    const unlisten = output.listen({
      hear: (stream, bytes) => (hears.has(stream) ? line.write(spoken(stream, bytes, isRaw)) : undefined),
      end: () => over("ended"),
    });
    void line.gone.then(() => over("ended"));
    if (stdin !== undefined) void listen(line, stdin, conversation).then((how) => how !== undefined && over(how));
  });
}

/** Passes on what the client says; undefined where the conversation goes on without its words. */
async function listen(
  line: Line,
  stdin: Pipe,
  { atEnd, detachKeys }: Conversation,
): Promise<"ended" | "detached" | undefined> {
  const watch = detachKeys === undefined ? undefined : new DetachWatch(detachKeys);
  for (let bytes = await line.read(); bytes !== undefined; bytes = await line.read()) {
    const { typed, isDetached } = watch?.push(bytes) ?? { typed: bytes, isDetached: false };
    if (typed.length > 0) await stdin.write(typed);
    if (isDetached) return "detached";
  }
  if (atEnd === "leaves") return "ended";
  stdin.end();
  return undefined;
}
