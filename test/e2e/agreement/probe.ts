/** A request that goes to a real daemon and to the mock. */
export interface Probe {
  /** The operation that it is about, as in src/wire/operations/routes.ts. */
  readonly about: string;
  /** `GET /containers/{web}/json`: `{web}` is what an earlier probe kept. The API's prefix is put before it. */
  readonly ask: string;
  /** JSON, or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: readonly string[];
  /** Keeps the answer's `Id` under this name. */
  readonly keep?: string;
  /** Bytes to send after the response's head. Then the client closes its half. */
  readonly says?: string;
  /** The client keeps its half open. */
  readonly staysOpen?: boolean;
  /** How long the client reads a response without an end, in milliseconds from its head on. */
  readonly hears?: number;
  /** Something comes behind the head: `hears` counts from there, for a busy daemon may take long to begin. */
  readonly hasBody?: true;
  /** The least pause before the next probe, in milliseconds. It lasts until the containers of both daemons are alike. */
  readonly settles?: number;
  /** A read that is repeated while the answers differ: a real daemon tells of an end a moment after its stream's end. */
  readonly isRepeated?: true;
  /** The first API version to send it in. `before` is the first one not to. */
  readonly since?: string;
  readonly before?: string;
  /** Paths of members with values that must be equal, e.g. `.State.Status`. */
  readonly values?: readonly string[];
  /** As `values`, in any order. */
  readonly sorted?: readonly string[];
}

/** Creates a probe of an operation. */
export function probe(about: string, ask: string, more: Partial<Probe> = {}): Probe {
  return { about, ask, ...more };
}
