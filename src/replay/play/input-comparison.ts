/**
 * What a client sends into a stream, compared with the recording: its bytes or messages, then its end. The stream may
 * turn out to be another one by what its client sends (docs/decisions/0028-identity-stays-open.md).
 */
import type { EofEvent, StdinEvent, WebsocketEvent } from "../../cassette/model.ts";
import { encodeWebsocketFrame } from "../../wire/streams/websocket.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import { createSurplus, type StdinMismatch } from "../run/stdin-mismatch.ts";
import { substituteInMessage, substituteInStdin } from "../run/substitution.ts";
import type { ClientStream } from "./client-stream.ts";
import { compareStdin } from "./compare-stdin.ts";
import { encodeOutput } from "./encode.ts";
import type { PlaybackContext } from "./playback-context.ts";
import { waitAtBrokenUpload } from "./wait-at-cut.ts";
import { WebsocketReader } from "./websocket-reader.ts";

/** Bytes of a surplus that are read for the report. */
const SURPLUS_SIZE = 64 * 1024;

export class InputComparison {
  readonly #stream: ClientStream;
  readonly #live: LiveExchange;
  readonly #context: PlaybackContext;
  readonly #isWebsocket: boolean;
  readonly #websocketReader: WebsocketReader = new WebsocketReader();

  constructor(stream: ClientStream, live: LiveExchange, context: PlaybackContext) {
    this.#stream = stream;
    this.#live = live;
    this.#context = context;
    this.#isWebsocket = (live.exchange.stream ?? []).some(({ kind }) => kind === "ws");
  }

  /** Waits for the recorded message. Resolves with undefined if it comes. */
  compareMessage(event: WebsocketEvent): Promise<StdinMismatch | undefined> {
    const expected = substituteInMessage(event, this.#context.substitution);
    return this.#logWait("a websocket message", () => this.#websocketReader.compare(this.#stream, expected));
  }

  /** Waits for the recorded bytes. Resolves with undefined if they come. */
  async compareBytes(event: StdinEvent): Promise<StdinMismatch | undefined> {
    const expected = substituteInStdin(event.content, this.#context.substitution);
    const mismatch = await this.#logWait("the client's bytes", () =>
      compareStdin(this.#stream, expected, this.#context),
    );
    return this.#settle(event, mismatch);
  }

  /** Waits until the client has closed its half. Resolves with what it sends instead, which was not recorded. */
  async waitForEnd(event: EofEvent): Promise<StdinMismatch | undefined> {
    return this.#settle(event, await this.#logWait("the client to close", () => this.#readSurplus()));
  }

  /** The client reads it where the daemon's output would be. */
  encodeText(text: string): Buffer {
    const payload = Buffer.from(text);
    return this.#isWebsocket
      ? encodeWebsocketFrame("text", payload)
      : encodeOutput({ kind: "frames", stream: "systemerr", payload });
  }

  async #readSurplus(): Promise<StdinMismatch | undefined> {
    if (this.#live.exchange.request.isPartial === true) {
      await waitAtBrokenUpload(this.#stream, this.#live, this.#context);
      return undefined;
    }
    // Of what was redacted only the length is known, and today's may have another.
    if (this.#stream.hasRedactedInput) {
      await this.#stream.waitForClientEnd();
      return undefined;
    }
    const bytes = this.#isWebsocket
      ? await this.#websocketReader.readSurplus(this.#stream)
      : await this.#stream.read(SURPLUS_SIZE);
    return bytes && createSurplus(bytes);
  }

  async #settle(known: StdinEvent | EofEvent, mismatch: StdinMismatch | undefined): Promise<StdinMismatch | undefined> {
    const other = mismatch?.bytes && (await this.#findOtherInput(known, mismatch.bytes));
    return other === undefined ? mismatch : this.compareBytes(other);
  }

  /** The stream may turn out to be another one by what its client sends, or may have done so meanwhile. */
  async #findOtherInput(known: StdinEvent | EofEvent, got: Buffer): Promise<StdinEvent | undefined> {
    const isOther = this.#live.event !== known || (await this.#context.settleByInput(this.#live, got));
    const { event } = this.#live;
    if (!isOther || event?.kind !== "stdin") return undefined;
    this.#stream.putBack(got);
    return event;
  }

  #logWait<T>(what: string, wait: () => Promise<T>): Promise<T> {
    return this.#context.run.waits.during(this.#live.exchange, what, wait);
  }
}
