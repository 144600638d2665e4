import type { Clock } from "../base/clock.ts";
import { ConversationDecoder } from "./conversation-decoder.ts";
import type { ClientEnd, ClosingKind, ConversationSide, RecordEvent } from "./record-event.ts";
import type { RecordingPipeline } from "./recording-pipeline.ts";

/** One connection that is recorded while it runs: gives what passes a time, decodes it, and hands the events on. */
export class LiveConversation {
  readonly #pipeline: RecordingPipeline;
  readonly #clock: Clock;
  readonly #decoder: ConversationDecoder;
  #resolveSettled: () => void = () => undefined;
  /** Resolves when the first exchange is answered to its end, has left HTTP, or is not followed any further. */
  readonly settled: Promise<void> = new Promise((resolve) => {
    this.#resolveSettled = resolve;
  });

  constructor(pipeline: RecordingPipeline, clock: Clock) {
    this.#pipeline = pipeline;
    this.#clock = clock;
    this.#decoder = new ConversationDecoder(pipeline.nextConnection());
  }

  /** Whether everything requested so far is answered to its end, and something was. */
  get isSettled(): boolean {
    return this.#decoder.isSettled;
  }

  get isHijacked(): boolean {
    return this.#decoder.isHijacked;
  }

  /** Whether the client has closed its half. */
  get hasClientEnded(): boolean {
    return this.#decoder.hasClientEnded;
  }

  /** Whether it is not followed any further, so that it is unknown where an exchange ends. */
  get isUnfollowed(): boolean {
    return this.#decoder.isUnfollowed;
  }

  /** Bytes that one side has sent, and that were passed on. */
  push(side: ConversationSide, bytes: Buffer): void {
    this.#record(this.#decoder.push(side, bytes, this.#clock.now()));
    this.#pipeline.countBytes(side, bytes.length);
  }

  /** One side closed its half, broke off or vanished; or the recording stops (`cut`). */
  close(closing: ClientEnd | ClosingKind): void {
    this.#record(this.#decoder.close(closing, this.#clock.now()));
  }

  #record(events: readonly RecordEvent[]): void {
    this.#pipeline.record(events);
    if (this.isSettled || this.isHijacked || this.isUnfollowed) this.#resolveSettled();
  }
}
