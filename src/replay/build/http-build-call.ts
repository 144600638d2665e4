/** `POST /build?version=2` as a call of a build: its messages are JSON lines, and a refusal is one more of them. */
import type { Call } from "../../session/call.ts";
import type { GrpcStatus } from "../../wire/grpc/status.ts";
import { encodeChunk, encodeLastChunk } from "../../wire/http/body.ts";
import type { HeaderField } from "../../wire/http/fields.ts";
import type { HttpBuild } from "./build-script.ts";
import type { LiveCall } from "./live-call.ts";

const FRAMING = /^(?:transfer-encoding|content-length|connection|date)$/i;

export class HttpBuildCall implements LiveCall {
  /** Resolves when the response has been written, or the client has gone. */
  readonly over: Promise<void>;
  readonly #call: Call;
  readonly #head: HttpBuild["head"];
  readonly #ending = new AbortController();
  #hasHead = false;

  constructor(call: Call, head: HttpBuild["head"]) {
    this.#call = call;
    this.#head = head;
    this.over = new Promise((resolve) => this.signal.addEventListener("abort", () => resolve(), { once: true }));
    void call.connection.closed.then(() => this.#ending.abort());
    // Within HTTP, a client that closes its half has left.
    void call.reader.ended.then(() => this.#ending.abort());
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  sendHead(): void {
    if (this.#hasHead || this.signal.aborted) return;
    this.#hasHead = true;
    const fields = this.#head.fields.filter(([name]) => !FRAMING.test(name));
    const framing: HeaderField[] = this.#isChunked ? [["Transfer-Encoding", "chunked"]] : [["Connection", "close"]];
    if (!this.#isChunked) this.#call.connectionFate = "close";
    void this.#call.connection.write(
      this.#call.encodeHead(this.#head.status, this.#head.reason, [...fields, ...framing]),
    );
  }

  send(message: Buffer): Promise<void> | undefined {
    this.sendHead();
    if (this.signal.aborted) return undefined;
    return this.#call.connection.write(this.#isChunked ? encodeChunk(message) : message);
  }

  /** The client prints the message of a status, and ends with exit status 1 (moby pkg/jsonmessage). */
  end(status?: GrpcStatus): void {
    if (this.signal.aborted) return;
    this.sendHead();
    if (status !== undefined && status.code !== 0) void this.send(encodeError(status.message));
    if (this.#isChunked) void this.#call.connection.write(encodeLastChunk([]));
    this.#ending.abort();
  }

  get #isChunked(): boolean {
    return this.#call.head.version !== "HTTP/1.0";
  }
}

function encodeError(message: string): Buffer {
  return Buffer.from(`${JSON.stringify({ errorDetail: { message }, error: message })}\r\n`);
}
