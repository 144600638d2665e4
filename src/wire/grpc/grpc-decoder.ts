/** Watches an HTTP/2 connection and tells the gRPC calls that pass, whichever side makes them. */
import { findFieldValue } from "../http/fields.ts";
import { Http2Decoder } from "../http2/http2-decoder.ts";
import type { Http2Data, Http2Event, Http2Headers, Http2Reset, Http2Side } from "../http2/http2-event.ts";
import type { GrpcEvent } from "./call-event.ts";
import { GrpcMessageReader } from "./messages.ts";
import { type GrpcStatus, readGrpcStatus } from "./status.ts";

interface OpenCall {
  readonly caller: Http2Side;
  readonly readers: Readonly<Record<Http2Side, GrpcMessageReader>>;
  isHalfClosed: boolean;
  isAnswered: boolean;
  isEnded: boolean;
}

const NO_STATUS: GrpcStatus = { code: 2, message: "the stream ended without a status" };

export class GrpcDecoder {
  readonly #http2 = new Http2Decoder();
  readonly #calls = new Map<number, OpenCall>();

  /** The side that makes the calls; undefined before its first byte. */
  get caller(): Http2Side | undefined {
    return this.#http2.http2Client;
  }

  /** The streams of the calls that have begun and not ended on both sides. */
  get openStreams(): readonly number[] {
    return [...this.#calls.keys()];
  }

  /** @throws WireError `WHALESONG_BAD_HTTP2`, `WHALESONG_BAD_HPACK`, `WHALESONG_BAD_GRPC` */
  push(side: Http2Side, bytes: Buffer): GrpcEvent[] {
    return this.#http2.push(side, bytes).flatMap((event) => this.#read(event));
  }

  #read(event: Http2Event): GrpcEvent[] {
    switch (event.kind) {
      case "headers":
        return event.isPromise ? [] : this.#readHeaders(event);
      case "data":
        return this.#readData(event);
      case "reset":
        return this.#readReset(event);
      case "goaway":
        return [{ kind: "goaway", side: event.side, code: event.code, debug: event.debug }];
      default:
        return [];
    }
  }

  #readHeaders(event: Http2Headers): GrpcEvent[] {
    const path = findFieldValue(event.fields, ":path");
    if (path !== undefined) return this.#begin(event, path);
    const call = this.#calls.get(event.stream);
    // Headers of a stream that was reset may still be under way.
    if (call === undefined || event.side === call.caller) return [];
    if (event.endStream) return this.#end(event, call);
    if (call.isAnswered || findFieldValue(event.fields, ":status")?.startsWith("1")) return [];
    call.isAnswered = true;
    return [{ kind: "head", stream: event.stream, fields: event.fields }];
  }

  #begin({ side, stream, fields, endStream }: Http2Headers, path: string): GrpcEvent[] {
    const readers = { client: new GrpcMessageReader(), daemon: new GrpcMessageReader() };
    const call: OpenCall = { caller: side, readers, isHalfClosed: false, isAnswered: false, isEnded: false };
    this.#calls.set(stream, call);
    const start = { kind: "call", stream, caller: side, path, fields } as const;
    return endStream ? [start, ...this.#closeCallerSide(stream, call)] : [start];
  }

  #readData({ side, stream, bytes, endStream }: Http2Data): GrpcEvent[] {
    const call = this.#calls.get(stream);
    if (call === undefined) return [];
    const messages = call.readers[side].push(bytes);
    const events = messages.map((message): GrpcEvent => ({ kind: "message", stream, side, bytes: message }));
    if (!endStream) return events;
    call.readers[side].end();
    if (side === call.caller) return [...events, ...this.#closeCallerSide(stream, call)];
    this.#endSide(stream, call);
    return [...events, { kind: "status", stream, status: NO_STATUS, fields: [] }];
  }

  #end({ side, stream, fields }: Http2Headers, call: OpenCall): GrpcEvent[] {
    call.readers[side].end();
    this.#endSide(stream, call);
    return [{ kind: "status", stream, status: readGrpcStatus(fields) ?? NO_STATUS, fields }];
  }

  #closeCallerSide(stream: number, call: OpenCall): GrpcEvent[] {
    call.isHalfClosed = true;
    if (call.isEnded) this.#calls.delete(stream);
    return [{ kind: "half-close", stream }];
  }

  #endSide(stream: number, call: OpenCall): void {
    call.isEnded = true;
    if (call.isHalfClosed) this.#calls.delete(stream);
  }

  #readReset({ side, stream, code }: Http2Reset): GrpcEvent[] {
    this.#calls.delete(stream);
    return [{ kind: "reset", stream, side, code }];
  }
}
