/** Compares what the client says into a hijack with what was recorded, in whatever pieces it comes. */

import type { RedactedBytes, SidecarRef, StdinEvent } from "../../cassette/model.ts";
import { randomPairs } from "../../match/random.ts";
import type { Score } from "./score.ts";
import type { Stage } from "./stage.ts";
import type { Complaint } from "./vigil.ts";

/** Redacted bytes may be fewer today (another password, other window updates); a silence this long tells so. */
const REDACTED_PATIENCE_MS = 500;
const SHOWN = 40;

/** Hears the recorded bytes; undefined if they came as recorded. */
export async function hearStdin(
  stage: Stage,
  content: StdinEvent["content"],
  score: Score,
): Promise<Complaint | undefined> {
  if (Buffer.isBuffer(content)) return hearText(stage, content, score);
  if (isRedacted(content)) return hearCount(stage, content.redactedSize, score);
  for await (const piece of score.pieces(content)) {
    const complaint = await hearExactly(stage, piece);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

function isRedacted(content: SidecarRef | RedactedBytes): content is RedactedBytes {
  return "redactedSize" in content;
}

/** Text that a client makes up anew is bound, as in a request; anything else must be as it was. */
async function hearText(stage: Stage, expected: Buffer, { bindings }: Score): Promise<Complaint | undefined> {
  const heard: Buffer[] = [];
  for (let left = expected.length; left > 0; ) {
    const bytes = await stage.hear(left);
    if (bytes === undefined) return complaintOf(expected.subarray(expected.length - left), undefined);
    heard.push(bytes);
    left -= bytes.length;
    if (!couldBe(expected, Buffer.concat(heard))) break;
  }
  const got = Buffer.concat(heard);
  if (got.equals(expected)) return undefined;
  const pairs = randomPairs(expected.toString("latin1"), got.toString("latin1"));
  if (pairs === undefined || !bindings.canBind(pairs)) return complaintOf(expected, got);
  bindings.bind(pairs);
  return undefined;
}

/** Whether what was heard so far is, or may yet turn out to be, the same but for what was made up. */
function couldBe(expected: Buffer, heard: Buffer): boolean {
  const awaited = expected.subarray(0, heard.length);
  const shape = (bytes: Buffer): string => bytes.toString("latin1").replace(/[A-Za-z0-9]/g, "x");
  return heard.equals(awaited) || shape(heard) === shape(awaited);
}

async function hearExactly(stage: Stage, expected: Buffer): Promise<Complaint | undefined> {
  let at = 0;
  while (at < expected.length) {
    const heard = await stage.hear(expected.length - at);
    if (heard === undefined) return complaintOf(expected.subarray(at), undefined);
    const awaited = expected.subarray(at, at + heard.length);
    if (!heard.equals(awaited)) return complaintOf(expected.subarray(at), heard);
    at += heard.length;
  }
  return undefined;
}

/** What was said beyond the count stays heard: it counts for what is awaited next. */
async function hearCount(stage: Stage, count: number, { clock }: Score): Promise<undefined> {
  stage.owed += count;
  for (;;) {
    stage.owed -= stage.takeHeard();
    if (stage.owed <= 0 || !(await stage.hearsMore(clock.sleep(REDACTED_PATIENCE_MS)))) return;
  }
}

export function complaintOf(expected: Buffer, got: Buffer | undefined): Complaint {
  const awaited = shown(expected);
  const came = got === undefined ? "the client closed its half" : shown(got);
  return {
    awaited,
    got: came,
    message: `whalesong: stdin differs from the recording: awaited ${awaited}, got ${came} [WHALESONG_STDIN_DIFFERS]`,
  };
}

function shown(bytes: Buffer): string {
  const text = JSON.stringify(bytes.subarray(0, SHOWN).toString("utf8"));
  return bytes.length > SHOWN ? `${text}... (${bytes.length} bytes)` : text;
}
