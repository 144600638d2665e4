/** What a client sent into a hijack, where that is not what was recorded. A run keeps the list for its report. */

const SHOWN_BYTES = 40;

export interface StdinMismatch {
  readonly expected: string;
  readonly got: string;
  /** What the client has sent since the event began; undefined where that is not kept. */
  readonly bytes?: Buffer;
}

/** @param got undefined: the client closed its half */
export function createMismatch(expected: Buffer, got: Buffer | undefined): StdinMismatch {
  const [awaited, came] = [formatBytes(expected), got === undefined ? "the client closed its half" : formatBytes(got)];
  return { expected: awaited, got: came };
}

/** The client sends more than was recorded, where it closed its half. */
export function createSurplus(bytes: Buffer): StdinMismatch {
  return { expected: "the client to close its half", got: formatBytes(bytes), bytes };
}

/**
 * The text for the client and for the report.
 * @param place of the exchange: `web.yaml:125`
 */
export function formatMismatch({ expected, got }: StdinMismatch, place: string): string {
  return `whalesong: stdin differs from the recording (${place}): expected ${expected}, got ${got} [WHALESONG_STDIN_DIFFERS]`;
}

function formatBytes(bytes: Buffer): string {
  const text = JSON.stringify(bytes.subarray(0, SHOWN_BYTES).toString("utf8"));
  return bytes.length > SHOWN_BYTES ? `${text}... (${bytes.length} bytes)` : text;
}
