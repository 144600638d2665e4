/** A progress as its outcome: what each part went through, without how often and how far it was reported. */

/** moby `pkg/jsonmessage`: numbers and bars of a message that says how far it is. */
interface ProgressLine {
  readonly id?: unknown;
  readonly status?: unknown;
  readonly progressDetail?: unknown;
  readonly progress?: unknown;
}

/** States of a part that are only reported if it takes long enough. */
const PASSING =
  /^(?:Downloading|Extracting|Pushing|Waiting|Verifying Checksum|Pulling fs layer|Download complete|Preparing)$/;

/** Messages without an id in their order; those of a part under its id. */
export function foldProgress(messages: readonly unknown[]): unknown {
  const lines: unknown[] = [];
  const parts = new Map<string, unknown[]>();
  for (const message of messages) {
    const { id, status } = (message ?? {}) as ProgressLine;
    if (typeof id !== "string" || typeof status !== "string") lines.push(message);
    else if (!PASSING.test(status)) addOnce(parts, id, status);
  }
  return { lines: joinOutput(lines), parts: Object.fromEntries(parts) };
}

function addOnce(parts: Map<string, unknown[]>, id: string, status: string): void {
  const states = parts.get(id) ?? [];
  if (states.at(-1) !== status) states.push(status);
  parts.set(id, states);
}

/** A build's output comes in pieces: `{"stream":"..."}`. */
function joinOutput(lines: readonly unknown[]): readonly unknown[] {
  const joined: unknown[] = [];
  for (const line of lines) {
    const [last, text] = [getStream(joined.at(-1)), getStream(line)];
    if (last !== undefined && text !== undefined) joined[joined.length - 1] = { stream: last + text };
    else joined.push(line);
  }
  return joined;
}

function getStream(line: unknown): string | undefined {
  const { stream, ...rest } = (line ?? {}) as { readonly stream?: unknown };
  return typeof stream === "string" && Object.keys(rest).length === 0 ? stream : undefined;
}
