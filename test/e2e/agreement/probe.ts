/** One request of the conversations that the real daemon and the simulated one are compared by. */
export interface Probe {
  /** The operation that it is about, as in src/wire/routes.ts. */
  readonly about: string;
  /** `GET /containers/{web}/json`: `{web}` is what an earlier probe kept. The API's prefix is put before it. */
  readonly ask: string;
  /** JSON, or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: readonly string[];
  /** Keeps the answer's `Id` under this name. */
  readonly keep?: string;
  /** Said once the answer's head has come; then our half is closed. */
  readonly says?: string;
  /** Our half stays open even so. */
  readonly staysOpen?: boolean;
  /** How long an answer without an end is listened to, in milliseconds. */
  readonly hears?: number;
  /** What happens by itself is given this time before the next probe, in milliseconds. */
  readonly settles?: number;
  /** Only asked at these versions and later, or before. */
  readonly since?: string;
  readonly before?: string;
  /** Members whose values must agree, too: `.State.Status`. */
  readonly values?: readonly string[];
  /** As `values`, in whatever order. */
  readonly sorted?: readonly string[];
}

/** Asks `about` one thing: where a table has more of it than a name and a line. */
export function probe(about: string, ask: string, more: Partial<Probe> = {}): Probe {
  return { about, ask, ...more };
}
