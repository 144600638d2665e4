/** Bytes that are read by ranges: a buffer is one, and so is a file that is not held in memory. */
export interface ByteRanges {
  readonly length: number;
  /** The bytes from `start` to before `end`. They may change at the next call. */
  subarray(start: number, end: number): Buffer;
}
