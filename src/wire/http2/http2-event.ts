import type { HeaderField } from "../http/fields.ts";

/** The two ends of a connection to a daemon. Either may be the HTTP/2 client: on /session the daemon is. */
export type Http2Side = "client" | "daemon";

/** A header block: a request, a response, trailers, or what a server would push. */
export interface Http2Headers {
  readonly kind: "headers";
  readonly side: Http2Side;
  /** For a PUSH_PROMISE the promised stream. */
  readonly stream: number;
  /** In order, repeats included, pseudo-headers (`:path`) first. */
  readonly fields: readonly HeaderField[];
  readonly endStream: boolean;
  readonly isPromise: boolean;
}

export interface Http2Data {
  readonly kind: "data";
  readonly side: Http2Side;
  readonly stream: number;
  /** Without padding; empty where a frame only ends the stream. A subarray of what was pushed, or a copy. */
  readonly bytes: Buffer;
  readonly endStream: boolean;
}

export interface Http2Reset {
  readonly kind: "reset";
  readonly side: Http2Side;
  readonly stream: number;
  /** Of RFC 9113, section 7: 0 is NO_ERROR, 8 is CANCEL. */
  readonly code: number;
}

export interface Http2Goaway {
  readonly kind: "goaway";
  readonly side: Http2Side;
  readonly lastStream: number;
  readonly code: number;
  readonly debug: Buffer;
}

export interface Http2Settings {
  readonly kind: "settings";
  readonly side: Http2Side;
  readonly isAck: boolean;
  /** Identifier and value, as sent: 1 HEADER_TABLE_SIZE, 3 MAX_CONCURRENT_STREAMS, 4 INITIAL_WINDOW_SIZE, 5 MAX_FRAME_SIZE. */
  readonly settings: readonly (readonly [identifier: number, value: number])[];
}

/** A side has closed its half. */
export interface Http2End {
  readonly kind: "end";
  readonly side: Http2Side;
  /** Whether the last frame was complete. */
  readonly isWhole: boolean;
}

export type Http2Event = Http2Headers | Http2Data | Http2Reset | Http2Goaway | Http2Settings | Http2End;
