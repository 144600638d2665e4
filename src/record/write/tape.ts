import { toErrorMessage } from "../../base/error-message.ts";
import { WhalesongError } from "../../base/errors.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import type { ConversationSide } from "../decode/record-event.ts";
import type { CassetteCheck, CassetteRefusal, InspectCassette, LostDocuments, RecordingStore } from "../store.ts";
import type { RecordedDocument } from "./document-writer.ts";

/** What a recording came to. */
export interface RecordingReport {
  /** Exchanges that were recorded; in `append`, those that were added. */
  readonly exchanges: number;
  /** Exchanges that had not ended when the recording stopped; what had come of them is recorded. */
  readonly truncated: number;
  /** Exchanges that are not recorded: no response had come, or they could not be read or stored. */
  readonly dropped: number;
  /** Those of `dropped` for which the daemon could not be reached. @default it always was */
  readonly unreachable?: UnreachableCount;
  /** Bytes that the clients sent and received. */
  readonly bytes: { readonly sent: number; readonly received: number };
  /** The first thing that went wrong; undefined where nothing did. */
  readonly problem: unknown;
  /** Whether the recording became the cassette. If not, the cassette is as it was before. */
  readonly isKept: boolean;
  /** The file beside the cassette that the recording became, since the command failed. @default none */
  readonly aside?: string;
  /** The file with what was recorded before something went wrong, such as a full disk. @default none */
  readonly unfinished?: string;
  /** In `append`: what the cassette had before, and how much of that was played. @default nothing was appended to */
  readonly previous?: PlayedCount;
}

/** How many requests the recorder refused since it did not reach the daemon, and why it refused the first. */
export interface UnreachableCount {
  readonly requests: number;
  readonly because: string;
}

/** How many of so many exchanges were played, each once. */
export interface PlayedCount {
  readonly exchanges: number;
  readonly played: number;
}

/** A document as it was stored; `number` is its place in the cassette. */
export interface StoredDocument {
  readonly number: number;
  readonly text: string;
}

/**
 * Where documents end up: it stores each one at once, so that a crash can no longer lose it, puts them in order in the
 * end, and counts. A store that fails is reported once, and nothing more is written to it.
 */
export class Tape {
  readonly #store: RecordingStore;
  readonly #warn: (problem: unknown) => void;
  /** Numbers of the documents in the order in which the store has them. */
  readonly #stored: number[] = [];
  /** By path: equal contents are one file. */
  readonly #tars = new Map<string, SidecarRef>();
  #truncated = 0;
  #dropped = 0;
  #unreachable: UnreachableCount | undefined;
  readonly #bytes: Record<ConversationSide, number> = { client: 0, daemon: 0 };
  #problem: unknown;
  #isBroken = false;
  #isKept = false;
  #unfinished: string | undefined;

  /** @param warn called once, with the first thing that goes wrong */
  constructor(store: RecordingStore, warn: (problem: unknown) => void) {
    this.#store = store;
    this.#warn = warn;
  }

  get isEmpty(): boolean {
    return this.#stored.length === 0;
  }

  /** Whether the store has failed: there is nothing more to write to. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** The tars among the sidecars of what is stored. */
  get tars(): readonly SidecarRef[] {
    return [...this.#tars.values()];
  }

  get report(): RecordingReport {
    return {
      exchanges: this.#stored.length,
      truncated: this.#truncated,
      dropped: this.#dropped,
      ...(this.#unreachable === undefined ? {} : { unreachable: this.#unreachable }),
      bytes: { sent: this.#bytes.client, received: this.#bytes.daemon },
      problem: this.#problem,
      isKept: this.#isKept,
      ...(this.#unfinished === undefined ? {} : { unfinished: this.#unfinished }),
    };
  }

  countBytes(side: ConversationSide, size: number): void {
    this.#bytes[side] += size;
  }

  countTruncated(): void {
    this.#truncated += 1;
  }

  countDropped(): void {
    this.#dropped += 1;
  }

  countUnreachable(error: unknown): void {
    this.countDropped();
    const { requests, because } = this.#unreachable ?? { requests: 0, because: toErrorMessage(error) };
    this.#unreachable = { requests: requests + 1, because };
  }

  begin(headerText: string): void {
    this.#write(() => this.#store.begin(headerText));
  }

  /** @param number the document's place in the cassette */
  append(number: number, { pieces, tars }: RecordedDocument): void {
    this.#write(() => {
      if (this.#store.hold === undefined) this.#store.append(pieces);
      else this.#store.hold(pieces);
      this.#stored.push(number);
      for (const tar of tars) this.#tars.set(tar.path, tar);
    });
  }

  /** Has the store write what it holds. Returns the numbers of the documents that it lost. */
  flush(): readonly number[] {
    const lost = this.#flushStore();
    if (lost === undefined) return [];
    this.#isBroken = true;
    this.reportProblem(lost.problem);
    return this.#stored.splice(this.#stored.length - lost.count);
  }

  #flushStore(): LostDocuments | undefined {
    try {
      return this.#store.flush?.();
    } catch (problem) {
      return { count: 0, problem };
    }
  }

  /** The documents in the order of the cassette; each is read when it is needed. */
  *readDocuments(): Generator<StoredDocument> {
    const order = this.#stored.map((number, at) => [number, at] as const).sort(([a], [b]) => a - b);
    for (const [number, at] of order) yield { number, text: this.#store.readDocument(at) };
  }

  /**
   * Puts the cassette in place: the header, then the documents, each with its last text. One that `inspect` refuses
   * leaves the old one as it was.
   */
  finish(headerText: string, documents: Iterable<string>, { inspect, maskText }: CassetteCheck): void {
    let refusal: CassetteRefusal | undefined;
    const inspectText: InspectCassette = (text, file) => {
      refusal = inspect(text, file);
      return refusal;
    };
    try {
      if (!this.#isBroken) this.#store.finish(headerText, documents, { inspect: inspectText, maskText });
      this.#isKept = !this.#isBroken;
    } catch (problem) {
      if (problem !== refusal?.problem) this.reportProblem(problem);
      this.#isBroken = true;
    }
    if (refusal !== undefined) this.discard(refusal.problem);
    else if (!this.#isKept) this.#unfinished = this.#store.release();
  }

  /**
   * Ends a recording that cannot become the cassette, because the disk fills up or a sidecar is gone: what was recorded
   * stays where it is. What is no such problem is thrown on.
   */
  abandon(problem: unknown): void {
    if (!(problem instanceof WhalesongError)) throw problem;
    this.#isBroken = true;
    this.reportProblem(problem);
    this.#unfinished = this.#store.release();
  }

  /** Leaves the cassette as it was. `reason` is the report's problem, if there is none yet. */
  discard(reason?: unknown): void {
    this.#problem ??= reason;
    try {
      this.#store.discard();
    } catch (problem) {
      this.reportProblem(problem);
    }
  }

  /** Notes that the recording is incomplete; the traffic goes on. */
  reportProblem(problem: unknown): void {
    if (this.#problem === undefined) this.#warn(problem);
    this.#problem ??= problem;
  }

  #write(write: () => void): void {
    if (this.#isBroken) return;
    try {
      write();
    } catch (problem) {
      this.#isBroken = true;
      this.reportProblem(problem);
    }
  }
}
