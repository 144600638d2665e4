import type { HeaderField } from "../http/fields.ts";
import type { Http2Side } from "../http2/http2-event.ts";
import type { GrpcStatus } from "./status.ts";

/** A side has made a call. Its messages follow. */
export interface GrpcCallStart {
  readonly kind: "call";
  /** The HTTP/2 stream; unique among the calls of one connection. */
  readonly stream: number;
  readonly caller: Http2Side;
  /** The full method name, e.g. `/moby.buildkit.v1.Control/Solve`. */
  readonly path: string;
  /** All fields of the request, pseudo-headers included, in order, repeats included. */
  readonly fields: readonly HeaderField[];
}

export interface GrpcCallMessage {
  readonly kind: "message";
  readonly stream: number;
  readonly side: Http2Side;
  /** A subarray of what was pushed, or a copy. */
  readonly bytes: Buffer;
}

/** The caller will send no more messages: a unary request is complete. */
export interface GrpcHalfClose {
  readonly kind: "half-close";
  readonly stream: number;
}

/** The called side's head, which comes before its first message; missing where the call fails at once. */
export interface GrpcResponseHead {
  readonly kind: "head";
  readonly stream: number;
  readonly fields: readonly HeaderField[];
}

/** The called side has ended the call. */
export interface GrpcCallEnd {
  readonly kind: "status";
  readonly stream: number;
  /** Of trailers, or of a head that ends the call at once. UNKNOWN where the peer sent none. */
  readonly status: GrpcStatus;
  readonly fields: readonly HeaderField[];
}

/** A side has given the call up, or is done with it: code 0 or 8 after the status is how grpc-go tidies up. */
export interface GrpcCallReset {
  readonly kind: "reset";
  readonly stream: number;
  readonly side: Http2Side;
  readonly code: number;
}

/** No new calls are taken. */
export interface GrpcGoaway {
  readonly kind: "goaway";
  readonly side: Http2Side;
  readonly code: number;
  readonly debug: Buffer;
}

export type GrpcEvent =
  | GrpcCallStart
  | GrpcCallMessage
  | GrpcHalfClose
  | GrpcResponseHead
  | GrpcCallEnd
  | GrpcCallReset
  | GrpcGoaway;
