/** Relays between an attached client and a process (moby container/stream/attach.go). */

import type { Pipe } from "../../../userland/process/pipe.ts";
import { encodeFrame } from "../../../wire/streams/stdcopy.ts";
import type { LogLine, OutputStream } from "./container-log.ts";
import { DetachDetector } from "./detach-keys.ts";
import type { OutputBroadcast } from "./output-broadcast.ts";

/** moby copies in pieces of this size. */
const COPY_BYTES = 32 * 1024;

/** The client's side: a hijacked connection, or a websocket. */
export interface AttachedClient {
  /** Undefined at the end of the client's input. */
  read(): Promise<Buffer | undefined>;
  /** In the order of the calls. Resolves when more may be written. */
  write(bytes: Buffer): Promise<void>;
  /** Resolves when the client is gone. */
  readonly whenGone: Promise<void>;
}

/** What is relayed, and how. */
export interface StreamRelay {
  readonly output: OutputBroadcast;
  /** Receives the client's input. Undefined to ignore it. */
  readonly stdin: Pipe | undefined;
  /** The output streams that the client gets. */
  readonly streams: ReadonlySet<OutputStream>;
  /** Without frames, as for a terminal or a websocket. */
  readonly isRaw: boolean;
  /** What the end of the client's input does: it ends the process's input, or the relay. */
  readonly atEnd: "closes stdin" | "leaves";
  /** The keys that detach the client from a terminal. */
  readonly detachKeys: Buffer | undefined;
}

/** Encodes output for the client, in frames of at most 32 KiB. */
export function encodeOutput(stream: OutputStream, bytes: Buffer, isRaw: boolean): Buffer {
  if (isRaw) return bytes;
  if (bytes.length <= COPY_BYTES) return encodeFrame(stream, bytes);
  return Buffer.concat([
    encodeFrame(stream, bytes.subarray(0, COPY_BYTES)),
    encodeOutput(stream, bytes.subarray(COPY_BYTES), isRaw),
  ]);
}

/** Writes past output. Later output follows it. */
export function writePastOutput(
  client: AttachedClient,
  lines: readonly LogLine[],
  { streams, isRaw }: StreamRelay,
): void {
  for (const { stream, text } of lines) if (streams.has(stream)) void client.write(encodeOutput(stream, text, isRaw));
}

/** Relays from now on. Resolves at the end of the relay, with whether the client detached. */
export function relayStreams(client: AttachedClient, relay: StreamRelay): Promise<"ended" | "detached"> {
  const { output, stdin, streams, isRaw } = relay;
  return new Promise((resolve) => {
    const finish = (how: "ended" | "detached"): void => {
      stopListening();
      resolve(how);
    };
    const stopListening = output.listen({
      write: (stream, bytes) => (streams.has(stream) ? client.write(encodeOutput(stream, bytes, isRaw)) : undefined),
      end: () => finish("ended"),
    });
    void client.whenGone.then(() => finish("ended"));
    if (stdin !== undefined) void forwardInput(client, stdin, relay).then((how) => how !== undefined && finish(how));
  });
}

/** Passes the client's input on. Resolves with undefined if the relay goes on without it. */
async function forwardInput(
  client: AttachedClient,
  stdin: Pipe,
  { atEnd, detachKeys }: StreamRelay,
): Promise<"ended" | "detached" | undefined> {
  const detector = detachKeys === undefined ? undefined : new DetachDetector(detachKeys);
  for (let bytes = await client.read(); bytes !== undefined; bytes = await client.read()) {
    const { typed, isDetached } = detector?.push(bytes) ?? { typed: bytes, isDetached: false };
    if (typed.length > 0) await stdin.write(typed);
    if (isDetached) return "detached";
  }
  if (atEnd === "leaves") return "ended";
  stdin.end();
  return undefined;
}
