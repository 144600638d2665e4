import type { Clock } from "../base/clock.ts";
import { ConversationDecoder } from "./decode/conversation-decoder.ts";
import type { ClientEnd, ClosingKind, ConversationSide, RecordEvent } from "./decode/record-event.ts";
import type { RecordingPipeline } from "./recording-pipeline.ts";
import type { TurnEnd } from "./turn-end.ts";

/** One connection that is recorded while it runs: gives what passes a time, decodes it, and hands the events on. */
export class LiveConversation {
  readonly #pipeline: RecordingPipeline;
  readonly #clock: Clock;
  readonly #turnEnd: TurnEnd;
  readonly #decoder: ConversationDecoder;
  #resolveSettled: () => void = () => undefined;
  /** Resolves when the first exchange is answered to its end, has left HTTP, or is not followed any further. */
  readonly settled: Promise<void> = new Promise((resolve) => {
    this.#resolveSettled = resolve;
  });

  constructor(pipeline: RecordingPipeline, clock: Clock, turnEnd: TurnEnd) {
    this.#pipeline = pipeline;
    this.#clock = clock;
    this.#turnEnd = turnEnd;
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

  /**
   * Bytes that one side has sent. Returns whether an exchange ended with them: the recording has it on the disk at the
   * end of this turn of the event loop.
   */
  push(side: ConversationSide, bytes: Buffer): boolean {
    this.#pipeline.countBytes(side, bytes.length);
    return this.#record(this.#decoder.push(side, bytes, this.#clock.now()));
  }

  /** Calls `action` at the end of this turn, when all that has ended in it is on the disk. */
  awaitDisk(action: () => void): void {
    this.#turnEnd.await(action);
  }

  /** One side closed its half, broke off or vanished; or the recording stops (`cut`). */
  close(closing: ClientEnd | ClosingKind): void {
    this.#record(this.#decoder.close(closing, this.#clock.now()));
  }

  #record(events: readonly RecordEvent[]): boolean {
    const { storedCount } = this.#pipeline;
    this.#pipeline.record(events);
    if (this.isSettled || this.isHijacked || this.isUnfollowed) this.#resolveSettled();
    const hasStored = this.#pipeline.storedCount !== storedCount;
    if (hasStored) this.#turnEnd.schedule();
    return hasStored;
  }
}
