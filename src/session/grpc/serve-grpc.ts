/**
 * The called end of gRPC on one connection, by `node:http2`: BuildKit's control API after `POST /grpc`, or an HTTP/2
 * client that needs no upgrade. Nothing here touches the world: the connection is any Connection.
 */
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { toErrorMessage } from "../../base/error-message.ts";
import { callInNextTurn } from "../../base/turns.ts";
import { type GrpcStatus, toGrpcStatusCode, toStatusFields } from "../../wire/grpc/status.ts";
import type { HeaderField } from "../../wire/http/fields.ts";
import type { Connection } from "../connection.ts";
import { toDuplex } from "./connection-duplex.ts";
import { toFields, toOutgoingHeaders } from "./fields.ts";
import { loadHttp2 } from "./load-http2.ts";
import { readMessages } from "./read-messages.ts";
import { writeMessage } from "./write-message.ts";

/** One call of the client. */
export interface GrpcServerCall {
  /** The full method name, e.g. `/moby.buildkit.v1.Control/Solve`. */
  readonly method: string;
  /** The fields of the request in order, repeats included, without pseudo-headers. */
  readonly metadata: readonly HeaderField[];
  /** The client's messages; ends when it has half-closed or gone. Read at most once. */
  readonly messages: AsyncIterable<Buffer>;
  /** Aborted when the call is over for whatever reason: answered, reset, or its connection gone. */
  readonly signal: AbortSignal;
  /** Sends a message. A promise where the client does not keep up. Without effect once the call is over. */
  send(message: Buffer): Promise<void> | undefined;
  /** Sends the head without a message yet: a client that waits for it goes on. */
  sendHead(fields?: readonly HeaderField[]): void;
  /** Ends the call. Without effect once it is over. */
  end(status?: GrpcStatus): void;
}

export type GrpcHandler = (call: GrpcServerCall) => Promise<void>;

const HEAD: readonly HeaderField[] = [["content-type", "application/grpc"]];
const OK: GrpcStatus = { code: 0, message: "" };
const NO_ERROR = 0;
/** As BuildKit's server announces it; a context is sent faster with a larger window than HTTP/2's 64 KiB. */
const SETTINGS = { initialWindowSize: 1024 * 1024, maxConcurrentStreams: 250 } as const;

/**
 * Serves the calls of one connection until it closes.
 * @param handle answers one call; what it throws ends the call with status INTERNAL and goes to `onFault`
 */
export async function serveGrpc(
  connection: Connection,
  handle: GrpcHandler,
  onFault: (error: unknown) => void = () => undefined,
): Promise<void> {
  const server = loadHttp2().createServer({ settings: SETTINGS });
  const duplex = toDuplex(connection);
  const closed = new Promise<void>((resolve) => duplex.once("close", resolve));
  const serve = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[]): void => {
    const call = new StreamCall(stream, `${headers[":path"]}`, toFields(raw));
    handle(call).catch((error: unknown) => {
      onFault(error);
      const message = toErrorMessage(error);
      call.end({ code: toGrpcStatusCode("INTERNAL"), message });
    });
  };
  // node hands over the fields as they came, too, which its types do not say.
  server.on("stream", (stream, headers, _flags, ...[raw]: unknown[]) => serve(stream, headers, raw as string[]));
  // A client that breaks HTTP/2's rules ends its session, and one that has closed its half calls no more.
  server.on("sessionError", () => duplex.destroy());
  duplex.once("end", () => duplex.destroy());
  duplex.on("error", () => undefined);
  server.emit("connection", duplex);
  await Promise.race([closed, connection.closed]);
  duplex.destroy();
}

class StreamCall implements GrpcServerCall {
  readonly method: string;
  readonly metadata: readonly HeaderField[];
  readonly #stream: ServerHttp2Stream;
  readonly #over = new AbortController();
  #trailers: readonly HeaderField[] = [];
  #hasHead = false;

  constructor(stream: ServerHttp2Stream, method: string, metadata: readonly HeaderField[]) {
    this.#stream = stream;
    this.method = method;
    this.metadata = metadata;
    stream.on("error", () => undefined);
    stream.once("close", () => this.#over.abort());
    stream.once("wantTrailers", () => {
      stream.sendTrailers(toOutgoingHeaders(this.#trailers));
      letGo(stream);
    });
  }

  get messages(): AsyncIterable<Buffer> {
    return readMessages(this.#stream);
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  sendHead(fields: readonly HeaderField[] = HEAD): void {
    if (this.#hasHead || !this.#isOpen()) return;
    this.#hasHead = true;
    this.#stream.respond({ ":status": 200, ...toOutgoingHeaders(fields) }, { waitForTrailers: true });
  }

  send(message: Buffer): Promise<void> | undefined {
    this.sendHead();
    if (!this.#isOpen()) return undefined;
    return writeMessage(this.#stream, message);
  }

  end(status: GrpcStatus = OK): void {
    if (!this.#isOpen()) return;
    this.#trailers = toStatusFields(status);
    if (this.#hasHead) this.#stream.end();
    else this.#endAtOnce(status);
    // The client may still be sending: nothing of it is read any more.
    this.#stream.resume();
  }

  /** A call that fails without a message has its status in the only head ("Trailers-Only"). */
  #endAtOnce(status: GrpcStatus): void {
    if (status.code === 0) {
      this.sendHead();
      this.#stream.end();
      return;
    }
    this.#hasHead = true;
    const fields = toOutgoingHeaders([...HEAD, ...toStatusFields(status)]);
    this.#stream.respond({ ":status": 200, ...fields }, { endStream: true });
    letGo(this.#stream);
  }

  #isOpen(): boolean {
    return !this.#stream.destroyed && !this.#stream.closed && !this.#stream.writableEnded;
  }
}

/** A client that may still be sending is told that nothing more is read, as grpc-go does it. */
function letGo(stream: ServerHttp2Stream): void {
  callInNextTurn(() => stream.close(NO_ERROR));
}
