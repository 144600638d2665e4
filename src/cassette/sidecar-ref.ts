/** A file beside the cassette. `path` is relative to the cassette's folder and lies in it. */
export interface SidecarRef {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** A part of a sidecar. */
export interface ByteRange {
  readonly offset: number;
  readonly size: number;
}
