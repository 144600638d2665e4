/** Compares what a client sends into a hijack with what was recorded, in whatever pieces it arrives. */
import type { RedactedBytes, SidecarRef, StdinEvent } from "../../cassette/model.ts";
import { pairGeneratedValues } from "../../match/generated/value-pairs.ts";
import { createMismatch, type StdinMismatch } from "../run/stdin-mismatch.ts";
import type { ClientStream } from "./client-stream.ts";
import type { PlaybackContext } from "./playback-context.ts";

/** Redacted bytes may be fewer today (another password, other window updates). After such a silence no more come. */
const REDACTED_TIMEOUT_MS = 500;
const [LF, CR] = [0x0a, 0x0d];

/** Reads as many bytes as were recorded. Resolves with undefined if they are the same. */
export async function compareStdin(
  stream: ClientStream,
  content: StdinEvent["content"],
  context: PlaybackContext,
): Promise<StdinMismatch | undefined> {
  if (Buffer.isBuffer(content)) return compareText(stream, content, context);
  if (isRedacted(content)) {
    return content.isLine === true ? skipLine(stream) : countRedacted(stream, content.redactedSize, context);
  }
  for await (const piece of context.run.pieces(content)) {
    const mismatch = await compareExactly(stream, piece);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function isRedacted(content: SidecarRef | RedactedBytes): content is RedactedBytes {
  return "redactedSize" in content;
}

/** Values that the client generated are bound, as in a request. All else must be the same. */
async function compareText(
  stream: ClientStream,
  expected: Buffer,
  { run: { bindings } }: PlaybackContext,
): Promise<StdinMismatch | undefined> {
  const pieces: Buffer[] = [];
  for (let left = expected.length; left > 0; ) {
    const bytes = await stream.read(left);
    if (bytes === undefined) return createMismatch(expected.subarray(expected.length - left), undefined);
    pieces.push(bytes);
    left -= bytes.length;
    if (!canBecome(expected, Buffer.concat(pieces))) break;
  }
  const got = Buffer.concat(pieces);
  if (got.equals(expected)) return undefined;
  const pairs = pairGeneratedValues(expected.toString("latin1"), got.toString("latin1"));
  if (pairs === undefined || !bindings.canBind(pairs)) return { ...createMismatch(expected, got), bytes: got };
  bindings.bind(pairs);
  return undefined;
}

/** Whether the bytes so far equal the beginning of `expected`, or differ in letters and digits only. */
function canBecome(expected: Buffer, got: Buffer): boolean {
  const beginning = expected.subarray(0, got.length);
  const toShape = (bytes: Buffer): string => bytes.toString("latin1").replace(/[A-Za-z0-9]/g, "x");
  return got.equals(beginning) || toShape(got) === toShape(beginning);
}

async function compareExactly(stream: ClientStream, expected: Buffer): Promise<StdinMismatch | undefined> {
  let at = 0;
  while (at < expected.length) {
    const got = await stream.read(expected.length - at);
    if (got === undefined) return createMismatch(expected.subarray(at), undefined);
    if (!got.equals(expected.subarray(at, at + got.length))) return createMismatch(expected.subarray(at), got);
    at += got.length;
  }
  return undefined;
}

/** Up to the end of today's line, or of the client's side. */
async function skipLine(stream: ClientStream): Promise<undefined> {
  for (;;) {
    const bytes = await stream.read(1);
    if (bytes === undefined) return;
    const isEnd = bytes[0] === CR || bytes[0] === LF;
    if (isEnd) return;
  }
}

/** Bytes beyond the count are counted for the next redacted event. */
async function countRedacted(stream: ClientStream, count: number, { clock }: PlaybackContext): Promise<undefined> {
  stream.hasRedactedInput = true;
  stream.owedBytes += count;
  for (;;) {
    stream.owedBytes -= stream.discardUnread();
    if (stream.owedBytes <= 0 || !(await stream.waitForMore(clock.sleep(REDACTED_TIMEOUT_MS)))) return;
  }
}
