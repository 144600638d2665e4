import type { ByteQueue } from "../../base/bytes.ts";
import { WireError } from "../../base/errors.ts";

/** Go's http.DefaultMaxHeaderBytes, which is dockerd's limit. */
export const HEAD_LIMIT: number = 1024 * 1024;

const CR = 0x0d;
const LF = 0x0a;
/** Almost every head is shorter; the window grows only for one that is not. */
const FIRST_WINDOW = 4096;

/**
 * Removes and returns the next head with its blank line; undefined until it is complete. Blank lines before it are
 * dropped (RFC 9112, 2.2). Lines may end with a bare LF, as Go allows.
 * @throws WireError `WHALESONG_HEAD_TOO_LARGE` if more than `limit` bytes have no end
 */
export function takeHead(queue: ByteQueue, limit: number = HEAD_LIMIT): Buffer | undefined {
  dropBlankLines(queue);
  const end = findEnd(queue, limit);
  if (end !== undefined) return queue.take(end);
  if (queue.length <= limit) return undefined;
  const message = `cannot read a head: got ${queue.length} bytes without its end, expected at most ${limit} bytes`;
  throw new WireError("WHALESONG_HEAD_TOO_LARGE", message, { fields: { size: queue.length, limit } });
}

function dropBlankLines(queue: ByteQueue): void {
  for (;;) {
    const start = queue.peek(2);
    if (start[0] === LF) queue.drop(1);
    else if (start[0] === CR && start[1] === LF) queue.drop(2);
    else return;
  }
}

/**
 * Peeks through a window that doubles. A peek copies pieces together, and bytes behind a head (a body, pipelined
 * requests) must not be copied just to be searched.
 */
function findEnd(queue: ByteQueue, limit: number): number | undefined {
  const size = Math.min(queue.length, limit);
  let from = 0;
  for (let window = FIRST_WINDOW; ; window *= 2) {
    const bytes = queue.peek(Math.min(window, size));
    const end = findEndOfHead(bytes, from);
    if (end !== undefined || bytes.length === size) return end;
    from = Math.max(0, bytes.length - 2);
  }
}

/** Where the blank line ends, looking only at line ends from `from` on. */
function findEndOfHead(bytes: Buffer, from: number): number | undefined {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return undefined;
}
