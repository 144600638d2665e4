/** A log as `GET /containers/{id}/logs` tells it: a stretch of it, dated or not, and what is still to come. */

import { Queue } from "../../../base/async-queue.ts";
import { rfc3339Fixed } from "../../model/go-time.ts";
import { spoken } from "./converse.ts";
import type { Log, LogLine, OutputStream } from "./log.ts";

export interface LogWish {
  readonly streams: ReadonlySet<OutputStream>;
  readonly since: bigint;
  /** Undefined: for ever. */
  readonly until: bigint | undefined;
  /** How many of the last lines; undefined for all. */
  readonly tail: number | undefined;
  readonly hasTimestamps: boolean;
  /** Goes on while the container runs. */
  readonly follows: boolean;
  readonly isRaw: boolean;
  /** Labels and variables, before each line. */
  readonly details: string;
}

/** Each line a piece. `isOver` when nothing more is to be waited for. */
export async function* tellLog(log: Log, wish: LogWish, left: AbortSignal): AsyncGenerator<Buffer> {
  const coming = wish.follows ? following(log, left) : undefined;
  for (const line of chosen(log.lines, wish)) yield told(line, wish);
  if (coming === undefined) return;
  for await (const line of coming) {
    if (wish.until !== undefined && line.time > wish.until) return;
    if (wish.streams.has(line.stream)) yield told(line, wish);
  }
}

function following(log: Log, left: AbortSignal): Queue<LogLine> {
  const queue = new Queue<LogLine>();
  const unfollow = log.follow((line) => (line === undefined ? queue.end() : queue.push(line)));
  const leave = (): void => {
    unfollow();
    queue.end();
  };
  if (left.aborted) leave();
  else left.addEventListener("abort", leave, { once: true });
  return queue;
}

function chosen(lines: readonly LogLine[], { tail, since, until, streams }: LogWish): readonly LogLine[] {
  // As moby's reader: the last lines of the file first, of those the ones that are wanted.
  const last = tail === undefined ? lines : lines.slice(Math.max(0, lines.length - tail));
  return last.filter(
    ({ time, stream }) => time >= since && (until === undefined || time <= until) && streams.has(stream),
  );
}

function told({ stream, time, text }: LogLine, { hasTimestamps, isRaw, details }: LogWish): Buffer {
  const prefix = `${hasTimestamps ? `${rfc3339Fixed(time)} ` : ""}${details}`;
  return spoken(stream, prefix === "" ? text : Buffer.concat([Buffer.from(prefix), text]), isRaw);
}
