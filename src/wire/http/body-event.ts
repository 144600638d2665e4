import type { HeaderField } from "./fields.ts";

/**
 * What happened in a body: bytes of it (subarrays of what was pushed), the last byte of a chunk other than the
 * last-chunk, trailers where there are any, and its end.
 */
export type BodyEvent =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "chunk-end" }
  | { readonly kind: "trailers"; readonly fields: readonly HeaderField[] }
  | { readonly kind: "end" };

export interface BodyLimits {
  /** The most bytes in a chunk-size line with its extensions; default 4096, as Go. */
  readonly chunkLine?: number;
  /** The most bytes in all trailers together; default 64 KiB. */
  readonly trailers?: number;
}
