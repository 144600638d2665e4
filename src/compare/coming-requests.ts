import type { ResolvedRules } from "../match/rules/resolve-rules.ts";
import { type ComparedRecording, toComparedRequest } from "../match/suggest/compared-request.ts";
import { digestKey } from "../match/suggest/pairing.ts";

/**
 * The requests of a recording that are still to come. They are read when the first one is looked for, which most
 * recordings of one session need not.
 */
export class ComingRequests {
  readonly #recording: ComparedRecording;
  readonly #rules: ResolvedRules;
  /** For each digest of a request, the number of the last exchange that has it. */
  #last: ReadonlyMap<string, number> | undefined;

  constructor(recording: ComparedRecording, rules: ResolvedRules) {
    this.#recording = recording;
    this.#rules = rules;
  }

  /** Whether a request with this digest comes after exchange number `index`. */
  async has(digest: string, index: number): Promise<boolean> {
    this.#last ??= await this.#collect();
    return (this.#last.get(digest) ?? -1) > index;
  }

  async #collect(): Promise<ReadonlyMap<string, number>> {
    const last = new Map<string, number>();
    for (const entry of this.#recording.cassette.entries)
      last.set(digestKey(await toComparedRequest(entry, this.#recording, { rules: this.#rules })), entry.index);
    return last;
  }
}
