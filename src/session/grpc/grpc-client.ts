/**
 * The calling end of gRPC on one connection, by `node:http2`: the daemon's side of a BuildKit session, on which the
 * daemon calls its client for files, secrets and outputs.
 */
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { type GrpcStatus, readGrpcStatus, toGrpcStatusCode } from "../../wire/grpc/status.ts";
import type { HeaderField } from "../../wire/http/fields.ts";
import type { Connection } from "../connection.ts";
import { toDuplex } from "./connection-duplex.ts";
import { toFields, toOutgoingHeaders } from "./fields.ts";
import { loadHttp2 } from "./load-http2.ts";
import { readMessages } from "./read-messages.ts";
import { writeMessage } from "./write-message.ts";

/** A call that this side makes. */
export interface GrpcClientCall {
  /** The answers; ends with the call. Read at most once. */
  readonly messages: AsyncIterable<Buffer>;
  /** How the other side has ended the call; UNAVAILABLE where its connection is gone first. Never rejects. */
  readonly status: Promise<GrpcStatus>;
  /** A promise where the other side does not keep up. Without effect once the call is over. */
  send(message: Buffer): Promise<void> | undefined;
  /** This side sends no more messages. */
  halfClose(): void;
  /** Gives the call up. */
  cancel(): void;
}

const BASIC: readonly HeaderField[] = [
  ["content-type", "application/grpc"],
  ["te", "trailers"],
];
const CANCEL = 8;

export class GrpcClient {
  /** Resolves when the connection is gone; never rejects. */
  readonly closed: Promise<void>;
  readonly #session: ClientHttp2Session;

  constructor(connection: Connection) {
    const duplex = toDuplex(connection);
    duplex.on("error", () => undefined);
    duplex.once("end", () => duplex.destroy());
    this.#session = loadHttp2().connect("http://localhost", { createConnection: () => duplex });
    this.#session.on("error", () => undefined);
    const isOver = new Promise<void>((resolve) => this.#session.once("close", resolve));
    this.closed = Promise.race([isOver, connection.closed]).then(() => this.#session.destroy());
  }

  /** @param metadata the request's fields in order, repeats included, besides those that every call has */
  call(method: string, metadata: readonly HeaderField[] = []): GrpcClientCall {
    if (this.#session.destroyed || this.#session.closed) return deadCall();
    const own = metadata.filter(([name]) => !BASIC.some(([basic]) => basic === name));
    const fields = toOutgoingHeaders([...BASIC, ...own]);
    return toClientCall(this.#session.request({ ":method": "POST", ":path": method, ...fields }));
  }

  /** Takes no more calls, and closes the connection when those under way have ended. */
  close(): void {
    this.#session.close();
  }

  /** Closes the connection now. */
  destroy(): void {
    this.#session.destroy();
  }
}

function toClientCall(stream: ClientHttp2Stream): GrpcClientCall {
  stream.on("error", () => undefined);
  return {
    messages: readMessages(stream),
    status: statusOf(stream),
    send: (message) => (isWritable(stream) ? writeMessage(stream, message) : undefined),
    halfClose: () => void (stream.writableEnded || stream.end()),
    cancel: () => stream.close(CANCEL),
  };
}

function isWritable(stream: ClientHttp2Stream): boolean {
  return !stream.destroyed && !stream.closed && !stream.writableEnded;
}

/** The status of the trailers, or of the only head. */
function statusOf(stream: ClientHttp2Stream): Promise<GrpcStatus> {
  return new Promise((resolve) => {
    const look = (_headers: IncomingHttpHeaders, _flags: number, raw?: readonly string[]): void => {
      const status = readGrpcStatus(toFields(raw ?? []));
      if (status !== undefined) resolve(status);
    };
    stream.on("response", look as (headers: IncomingHttpHeaders, flags: number) => void);
    stream.on("trailers", (headers, flags) => look(headers, flags, flatten(headers)));
    stream.once("close", () => resolve(unavailable("the connection closed before the call had ended")));
  });
}

/** Trailers come without node's flat list on every supported version. */
function flatten(headers: IncomingHttpHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) => [value ?? ""].flat().flatMap((one) => [name, one]));
}

function deadCall(): GrpcClientCall {
  return {
    messages: (async function* (): AsyncGenerator<Buffer> {})(),
    status: Promise.resolve(unavailable("the connection is closed")),
    send: () => undefined,
    halfClose: () => undefined,
    cancel: () => undefined,
  };
}

function unavailable(message: string): GrpcStatus {
  return { code: toGrpcStatusCode("UNAVAILABLE"), message };
}
