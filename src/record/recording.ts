import type { Clock } from "../base/clock.ts";
import { checkOptions } from "../base/options/check-options.ts";
import { LiveConversation } from "./live-conversation.ts";
import { recordingKind } from "./recording-kind.ts";
import { type PipelineOptions, RecordingPipeline } from "./recording-pipeline.ts";
import { TurnEnd } from "./turn-end.ts";
import type { RecordingReport } from "./write/tape.ts";

/** Options of `Recording`. */
export interface RecordingOptions extends PipelineOptions {
  /** Measures the waits. */
  readonly clock: Clock;
}

/** A recording of connections while they run. It never breaks the traffic: what goes wrong is reported once. */
export class Recording {
  readonly #clock: Clock;
  readonly #pipeline: RecordingPipeline;
  readonly #turnEnd: TurnEnd = new TurnEnd(() => this.#pipeline.flush());
  readonly #conversations = new Set<LiveConversation>();

  constructor(options: RecordingOptions) {
    checkOptions("Recording", options, recordingKind);
    this.#clock = options.clock;
    this.#pipeline = new RecordingPipeline(options);
  }

  /** Records one more connection. */
  open(): LiveConversation {
    const conversation = new LiveConversation(this.#pipeline, this.#clock, this.#turnEnd);
    this.#conversations.add(conversation);
    return conversation;
  }

  /** The conversation's connection is over. */
  release(conversation: LiveConversation): void {
    this.#conversations.delete(conversation);
  }

  /** Counts a request that came while the daemon could not be reached. */
  countUnreachable(error: unknown): void {
    this.#pipeline.countUnreachable(error);
  }

  /** Stops recording, though connections go on, and puts the cassette in place. */
  finish(): Promise<RecordingReport> {
    for (const conversation of this.#conversations) conversation.close("cut");
    return this.#pipeline.finish();
  }

  /** Stops recording, and leaves the cassette as it was before. */
  discard(): RecordingReport {
    for (const conversation of this.#conversations) conversation.close("cut");
    return this.#pipeline.discard();
  }
}
