/** Reads a log for `GET /containers/{id}/logs`: its selected lines, and then those to come. */

import { AsyncQueue } from "../../../base/async-queue.ts";
import { formatRfc3339Fixed } from "../../model/go-time.ts";
import type { ContainerLog, LogLine, OutputStream } from "./container-log.ts";
import { encodeOutput } from "./relay-streams.ts";

export interface LogOptions {
  readonly streams: ReadonlySet<OutputStream>;
  readonly since: bigint;
  /** Undefined for no end. */
  readonly until: bigint | undefined;
  /** The number of last lines. Undefined for all. */
  readonly tail: number | undefined;
  readonly hasTimestamps: boolean;
  /** Goes on while the container runs. */
  readonly follows: boolean;
  readonly isRaw: boolean;
  /** Labels and variables that precede each line. */
  readonly details: string;
}

/** Yields one encoded line at a time. @param cancelled ends following */
export async function* readLog(log: ContainerLog, options: LogOptions, cancelled: AbortSignal): AsyncGenerator<Buffer> {
  const later = options.follows ? followLog(log, cancelled) : undefined;
  for (const line of selectLines(log.lines, options)) yield encodeLine(line, options);
  if (later === undefined) return;
  for await (const line of later) {
    if (options.until !== undefined && line.time > options.until) return;
    if (options.streams.has(line.stream)) yield encodeLine(line, options);
  }
}

function followLog(log: ContainerLog, cancelled: AbortSignal): AsyncQueue<LogLine> {
  const queue = new AsyncQueue<LogLine>();
  const stopFollowing = log.follow((line) => (line === undefined ? queue.end() : queue.push(line)));
  const stop = (): void => {
    stopFollowing();
    queue.end();
  };
  if (cancelled.aborted) stop();
  else cancelled.addEventListener("abort", stop, { once: true });
  return queue;
}

function selectLines(lines: readonly LogLine[], { tail, since, until, streams }: LogOptions): readonly LogLine[] {
  // moby's reader takes the last lines of the file first, and filters them after that.
  const last = tail === undefined ? lines : lines.slice(Math.max(0, lines.length - tail));
  return last.filter(
    ({ time, stream }) => time >= since && (until === undefined || time <= until) && streams.has(stream),
  );
}

function encodeLine({ stream, time, text }: LogLine, { hasTimestamps, isRaw, details }: LogOptions): Buffer {
  const prefix = `${hasTimestamps ? `${formatRfc3339Fixed(time)} ` : ""}${details}`;
  return encodeOutput(stream, prefix === "" ? text : Buffer.concat([Buffer.from(prefix), text]), isRaw);
}
