/** The daemon's side of one exchange being recorded: a body that is collected, or a stream that is written down. */
import { ChunkSizes } from "../cassette/chunks.ts";
import { describeHead } from "../cassette/implied.ts";
import type { Body, BodyFraming, RecordedResponse, WebsocketEvent } from "../cassette/model.ts";
import type { HeaderField, ResponseHead } from "../wire/head.ts";
import type { Operation } from "../wire/operation.ts";
import { WebsocketDecoder, type WebsocketFrame } from "../wire/websocket.ts";
import { Content } from "./content.ts";
import { doesHijack, responsePlan, tongueOf } from "./plans.ts";
import type { Script } from "./script.ts";
import { Speech } from "./speech.ts";
import type { RecordingStore } from "./store.ts";

/** The request that is being answered, as far as its answer's description depends on it. */
export interface Asked {
  readonly method: string;
  readonly operation: Operation;
  readonly asksClose: boolean;
  readonly everyResponse: readonly HeaderField[];
}

export class Answer {
  readonly head: ResponseHead;
  readonly isHijack: boolean;
  readonly isStream: boolean;
  readonly #framing: BodyFraming;
  readonly #content: Content;
  readonly #chunks: ChunkSizes = new ChunkSizes();
  readonly #speech: Speech | undefined;
  readonly #frames: { client: WebsocketDecoder; daemon: WebsocketDecoder } | undefined;
  readonly #script: Script;
  #trailers: readonly HeaderField[] | undefined;

  constructor(head: ResponseHead, framing: BodyFraming, operation: Operation, script: Script, store: RecordingStore) {
    this.head = head;
    this.#framing = framing;
    this.#script = script;
    this.isHijack = doesHijack(head, operation);
    const isWebsocket = this.isHijack && operation.name === "ContainerAttachWebsocket";
    if (isWebsocket) this.#frames = { client: new WebsocketDecoder(), daemon: new WebsocketDecoder() };
    this.#speech = isWebsocket ? undefined : this.#listen(operation);
    this.isStream = isWebsocket || this.#speech !== undefined;
    this.#content = new Content(store, responsePlan(operation, head));
  }

  get isWebsocket(): boolean {
    return this.#frames !== undefined;
  }

  daemonBytes(bytes: Buffer): void {
    this.#chunks.bytes(bytes.length);
    if (this.#frames !== undefined) this.#websocket("daemon", this.#frames.daemon.push(bytes));
    else if (this.#speech !== undefined) this.#speech.push(bytes);
    else this.#content.push(bytes);
  }

  /** Websocket bytes of the client. */
  clientBytes(bytes: Buffer): void {
    if (this.#frames !== undefined) this.#websocket("client", this.#frames.client.push(bytes));
  }

  chunkEnded(): void {
    this.#chunks.chunkEnded();
    this.#speech?.chunkEnded();
  }

  trailers(fields: readonly HeaderField[]): void {
    this.#trailers = fields;
  }

  /** Nothing more will come: a unit left incomplete is said as it is. */
  ended(): void {
    this.#speech?.end();
  }

  /** Hands what came of a body to the script. */
  breakOff(): void {
    const body = this.#content.finish();
    if (body === undefined) return;
    this.#script.remains(
      Buffer.isBuffer(body) ? { kind: "bytes", isTty: false, bytes: body } : { kind: "file", file: body },
    );
  }

  get text(): string {
    return this.#content.text;
  }

  discard(): void {
    this.#content.discard();
  }

  /** The response as the cassette will tell it. */
  describe(asked: Asked, isTold: "as-body" | "as-stream"): RecordedResponse {
    const bodySize = isTold === "as-body" ? this.#content.size : undefined;
    const { status, reason, fields } = this.head;
    const seen = { status, reason, fields, framing: this.#framing, isHijack: this.isHijack };
    const described = describeHead(seen, { ...asked, operation: asked.operation.name, bodySize });
    const body = isTold === "as-body" ? this.#content.finish() : undefined;
    const fitting = this.#content.isRedacted && Buffer.isBuffer(body) ? withLength(described, body.length) : described;
    return { ...fitting, ...this.#details(isTold), ...(body === undefined ? {} : { body: body satisfies Body }) };
  }

  #details(isTold: "as-body" | "as-stream"): Pick<RecordedResponse, "chunks" | "trailers"> {
    const isCut = isTold === "as-body" && this.#framing === "chunked" && !this.#content.isRedacted;
    const chunks = isCut ? this.#chunks.unusual() : undefined;
    return {
      ...(chunks === undefined ? {} : { chunks }),
      ...(this.#trailers === undefined ? {} : { trailers: this.#trailers }),
    };
  }

  #listen(operation: Operation): Speech | undefined {
    const tongue = this.isHijack ? hijackTongue(operation) : tongueOf(operation, this.head);
    if (tongue === undefined) return undefined;
    const options = { tongue, isHijack: this.isHijack, isChunked: this.#framing === "chunked" && !this.isHijack };
    return new Speech(options, (unit) => this.#script.daemon(unit));
  }

  #websocket(from: WebsocketEvent["from"], frames: readonly WebsocketFrame[]): void {
    for (const { opcode, payload } of frames) {
      this.#script.event({ kind: "ws", from, opcode: opcode === "continuation" ? "binary" : opcode, payload });
    }
  }
}

function hijackTongue({ name }: Operation): "frames" | "bytes" {
  return name === "ContainerAttach" || name === "ExecStart" ? "frames" : "bytes";
}

/** A head that is kept exactly still has to fit a body from which secrets were taken. */
function withLength<T extends Pick<RecordedResponse, "exactHead">>(described: T, size: number): T {
  if (described.exactHead === undefined) return described;
  const isLength = (name: string): boolean => name.toLowerCase() === "content-length";
  return {
    ...described,
    exactHead: described.exactHead.map(([name, value]) => [name, isLength(name) ? `${size}` : value]),
  };
}
