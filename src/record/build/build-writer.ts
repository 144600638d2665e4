import type { BuildEvent } from "../../cassette/build-model.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import { formatExchange, formatExchangeLead } from "../../cassette/write.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import type { BuildHappening } from "../decode/build-happening.ts";
import { isExchangeEnd } from "../decode/record-event.ts";
import { PauseMeter } from "../events/pause-meter.ts";
import { redactBuildEvent } from "../redact/redact-build-event.ts";
import type { RecordingStore } from "../store.ts";
import { type OpenedDocument, toReferences } from "../write/document-event.ts";
import type { DocumentWriter, RecordedDocument, WrittenEvent } from "../write/document-writer.ts";
import { BuildEvents, type CommentedEvent, type ContextPolicy } from "./build-events.ts";
import { BuildText } from "./build-text.ts";
import { type BuildRefs, Placeholders } from "./placeholders.ts";

export interface BuildWriterOptions {
  readonly store: RecordingStore;
  /** Waits are kept to the millisecond instead of being rounded. */
  readonly exactTiming: boolean;
  readonly contexts: ContextPolicy;
  /** Knows the secrets of the recording. */
  readonly redactor: Redactor;
  /** Learns which document has which build. */
  readonly refs: BuildRefs;
}

/** A shorter pause is not worth a line: the steps have times of their own. */
const SHORTEST_PAUSE_MS = 100;
/** What the daemon does; before it there may be a pause. All else the client does. */
const DAEMONS: ReadonlySet<string> = new Set([
  "answer",
  "end",
  "progress",
  "line",
  "response-end",
  "transfer",
  "secret",
]);

/** The events of a build as they come. */
export class BuildLog {
  readonly ids: Placeholders = new Placeholders();
  readonly #text: BuildText;
  readonly #events: BuildEvents;
  readonly #pauses: PauseMeter;
  readonly #exactTiming: boolean;
  readonly #tars: SidecarRef[] = [];
  readonly #redactor: Redactor;

  constructor(at: number, options: BuildWriterOptions, name: string | undefined) {
    const { store, exactTiming, contexts, refs, redactor } = options;
    this.#text = new BuildText(store);
    this.#redactor = redactor;
    this.#exactTiming = exactTiming;
    this.#pauses = new PauseMeter({ exactTiming, at });
    this.#events = new BuildEvents({
      store,
      contexts,
      redactor,
      ids: this.ids,
      onBuild: (ref, placeholder) => {
        if (name !== undefined) refs.note(ref, placeholder, name);
      },
    });
  }

  /** The tars whose contents are to be listed. */
  get tars(): readonly SidecarRef[] {
    return this.#tars;
  }

  write(happening: BuildHappening, at: number): void {
    if (happening.kind === "secret-value") this.#redactor.expectContent(happening.value.toString("latin1"));
    const converted = this.#events.convert(happening);
    if (converted !== undefined) this.writeEvent(converted, at);
  }

  /** A StatusResponse of `POST /build`. Returns whether lines can express it. */
  writeProgress(message: Buffer, at: number): boolean {
    const event = this.#events.convertProgress(1, message);
    if (event !== undefined) this.writeEvent({ event }, at);
    return event !== undefined;
  }

  writeEvent({ event, transfer }: CommentedEvent, at: number): void {
    this.#writePause(event, at);
    if (transfer?.tar !== undefined) this.#tars.push(transfer.tar);
    this.#text.write(redactBuildEvent(event, this.#redactor), transfer?.comments);
  }

  finish(): Iterable<string | Buffer> | undefined {
    this.#events.discard();
    return this.#text.finish();
  }

  discard(): void {
    this.#events.discard();
    this.#text.discard();
  }

  #writePause({ kind }: BuildEvent, at: number): void {
    if (!DAEMONS.has(kind)) {
      this.#pauses.resume(at);
      return;
    }
    const ms = this.#pauses.measure(at);
    if (ms >= (this.#exactTiming ? 1 : SHORTEST_PAUSE_MS)) this.#text.write({ kind: "wait", ms });
  }
}

/** Makes the document of builds by Control/Solve. */
export class BuildWriter implements DocumentWriter {
  readonly #opened: OpenedDocument;
  readonly #log: BuildLog;
  #isOver = false;

  constructor(opened: OpenedDocument & { readonly at: number }, options: BuildWriterOptions) {
    this.#opened = opened;
    this.#log = new BuildLog(opened.at, options, opened.name);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isWorthKeeping(): boolean {
    return true;
  }

  apply(event: WrittenEvent): void {
    this.#isOver ||= isExchangeEnd(event);
    if (event.kind === "build") this.#log.write(event.happening, event.at);
    else if (event.kind === "cut") this.#log.writeEvent({ event: { kind: "cut" } }, event.at);
  }

  finish(): RecordedDocument {
    const { head } = this.#opened;
    const exchange = {
      ...toReferences(this.#opened),
      request: { method: head.method, target: head.target, headers: [] },
      response: undefined,
      build: [],
    };
    return { pieces: joinPieces(exchange, this.#log.finish()), tars: this.#log.tars };
  }

  discard(): void {
    this.#log.discard();
  }
}

/** The lead of a document, and its events. */
export function* joinPieces(
  exchange: Parameters<typeof formatExchange>[0],
  events: Iterable<string | Buffer> | undefined,
): Generator<string | Buffer> {
  if (events === undefined) yield formatExchange(exchange);
  else {
    yield formatExchangeLead(exchange);
    yield* events;
  }
}
