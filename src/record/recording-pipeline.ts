/**
 * Events in, a cassette out, one way: the `BuildAssembler` makes builds of BuildKit's connections, the `CueTracker` says which document an event belongs to and what stands around
 * it, a `DocumentWriter` makes the document, the `Tape` stores it. Nothing calls back up.
 */
import { CassetteError } from "../base/errors.ts";
import type { CassetteHeader, SidecarRef } from "../cassette/model.ts";
import { finishDraft } from "../cassette/write/draft.ts";
import type { RuleInput } from "../match/rules/resolve-rules.ts";
import { spellRedaction } from "../secrets/redaction-rules.ts";
import { Redactor, type RedactorOptions } from "../secrets/redactor.ts";
import { RepeatedBodies } from "./bodies/repeated-bodies.ts";
import { BuildAssembler } from "./build/build-assembler.ts";
import type { ContextPolicy } from "./build/build-events.ts";
import { BuildRefs } from "./build/placeholders.ts";
import { createDocumentWriter, type DocumentWriterOptions } from "./create-document-writer.ts";
import { CueTracker } from "./cue-tracker.ts";
import type { ConversationSide, RecordEvent } from "./decode/record-event.ts";
import type { FinishedRecording, RecordedText, TimeSpan } from "./finished-recording.ts";
import { KnownValues } from "./redact/known-values.ts";
import { LastLook, type LookOptions } from "./redact/last-look.ts";
import { maskProblem } from "./redact/mask-problem.ts";
import type { RecordingStore } from "./store.ts";
import type { DocumentEvent } from "./write/document-event.ts";
import type { DocumentWriter, WrittenEvent } from "./write/document-writer.ts";
import { HeaderBuilder, type RecordingOrigin } from "./write/header-builder.ts";
import { RepeatedHeads } from "./write/repeated-heads.ts";
import { type RecordingReport, type StoredDocument, Tape } from "./write/tape.ts";
import { listTars } from "./write/tar-comments.ts";
import { UnflushedNames } from "./write/unflushed-names.ts";
import { watchSidecars } from "./write/watch-sidecars.ts";
import { withoutIdleName, withoutReferences } from "./write/without-references.ts";

export interface PipelineOptions {
  readonly store: RecordingStore;
  /** For `recorded` of the header. */
  readonly recorded: RecordingOrigin;
  /** The cassette that is added to or recorded anew: its rules, ports and names are kept. */
  readonly previous?: {
    readonly header: CassetteHeader;
    readonly names: readonly string[];
    /** The sidecars of documents that stay, which are searched at the end as all are. @default none */
    readonly listSidecars?: () => readonly SidecarRef[];
  };
  /** Waits are kept to the millisecond instead of being rounded. @default false */
  readonly exactTiming?: boolean;
  /**
   * What is kept of the files that a client sends for a build by BuildKit: all, or only their paths, modes, sizes and
   * digests, which still verify a replay. @default "files"
   */
  readonly contexts?: ContextPolicy;
  /** Rules for the header, beside those of the previous cassette. */
  readonly rules?: RuleInput;
  /** What is kept out of the cassette beside what always is, and what is not. @default none */
  readonly redaction?: RedactorOptions & LookOptions;
  /** Chooses the text of the cassette when it is put in place. @default all as recorded */
  readonly rerecord?: (recording: FinishedRecording) => Promise<RecordedText>;
  /** Chooses the header's text then. */
  readonly keepHeader?: (text: string) => string;
  /** Says why a recording must not replace the cassette. @default every recording may */
  readonly refuse?: (report: RecordingReport) => unknown;
  /** Called once, with the first thing that goes wrong; the recording goes on as far as it can. */
  readonly warn: (problem: unknown) => void;
}

export class RecordingPipeline {
  readonly #options: PipelineOptions;
  readonly #builds: BuildAssembler = new BuildAssembler(() => this.nextConnection());
  readonly #refs: BuildRefs = new BuildRefs();
  readonly #tracker: CueTracker;
  readonly #header: HeaderBuilder;
  readonly #tape: Tape;
  readonly #redactor: Redactor;
  readonly #writerOptions: DocumentWriterOptions;
  /** All that were finished, those of dropped documents too, by their paths: equal ones are one file. */
  readonly #sidecars = new Map<string, SidecarRef>();
  /** The documents that have begun, by their number. */
  readonly #writers = new Map<number, DocumentWriter>();
  readonly #names = new UnflushedNames();
  readonly #known = new KnownValues();
  /** When each document began and ended, where `rerecord` needs it. */
  readonly #spans = new Map<number, TimeSpan>();
  #storedCount = 0;
  #connectionCount = 0;
  #lastAt = 0;

  constructor(options: PipelineOptions) {
    const { recorded, previous, rules, redaction, warn, exactTiming = false, contexts = "files" } = options;
    const store = watchSidecars(options.store, (sidecar) => this.#sidecars.set(sidecar.path, sidecar));
    this.#options = { ...options, store };
    this.#tracker = new CueTracker(previous?.names);
    const redact = (redaction?.rules ?? []).flatMap(spellRedaction);
    this.#header = new HeaderBuilder({ recorded, previous: previous?.header, rules, redact });
    const ofHeader = (previous?.header.redact ?? []).filter((word) => !redact.includes(word));
    this.#redactor = new Redactor({ ...redaction, rules: [...ofHeader, ...(redaction?.rules ?? [])] });
    const [redactor, matchedHeaders] = [this.#redactor, this.#header.rules.match];
    const shared = { store, exactTiming, contexts, refs: this.#refs, matchedHeaders, redactor };
    this.#writerOptions = { ...shared, bodies: new RepeatedBodies(redactor), heads: new RepeatedHeads(redactor) };
    this.#tape = new Tape(store, warn);
    this.#tape.begin(this.#header.toText("unfinished"));
  }

  /** A number for a connection whose events are recorded here. */
  nextConnection(): number {
    return this.#connectionCount++;
  }

  countUnreachable(error: unknown): void {
    this.#tape.countUnreachable(error);
  }

  countBytes(side: ConversationSide, size: number): void {
    this.#tape.countBytes(side, size);
  }

  /** How many documents have ended and been handed to the store. */
  get storedCount(): number {
    return this.#storedCount;
  }

  /** What was stored is on the disk from now on. */
  flush(): void {
    this.#names.flush(this.#tape.flush());
  }

  /**
   * Documents that end are handed to the store, which may hold them until `flush`. Never throws for what a store fails
   * to do: the exchange is dropped, and the problem reported.
   */
  record(events: readonly RecordEvent[]): void {
    for (const event of events) this.#record(this.#builds.apply(event));
  }

  #record(events: readonly RecordEvent[]): void {
    for (const event of events) {
      this.#lastAt = event.at;
      for (const placed of this.#tracker.apply(event)) this.#write(placed);
      if (event.kind === "unreadable") this.#tape.reportProblem(maskProblem(event.problem, this.#redactor));
    }
  }

  /** Puts the cassette in place. */
  async finish(): Promise<RecordingReport> {
    this.#record(this.#builds.stop(this.#lastAt));
    this.flush();
    const refusal = this.#options.refuse?.(this.#tape.report);
    if (refusal !== undefined) return this.discard(refusal);
    await this.#putInPlace().catch((problem) => this.#tape.abandon(problem));
    return this.#tape.report;
  }

  async #putInPlace(): Promise<void> {
    const { store, redaction = {}, previous } = this.#options;
    const sidecars = [...(previous?.listSidecars?.() ?? []), ...this.#sidecars.values()];
    const look = await LastLook.prepare(sidecars, store, { ...redaction, redactor: this.#redactor });
    const tars = this.#tape.tars.map((tar) => look.replaceSidecar(tar));
    const listings = await listTars(tars, store);
    const { headerText, documents } = await this.#chooseText(look, (text) => listings.insertInto(text));
    this.#tape.finish(this.#options.keepHeader?.(headerText) ?? headerText, documents, look);
  }

  /** A recording that cannot be laid beside the old one stands as it was recorded. */
  async #chooseText(look: LastLook, annotate: (text: string) => string): Promise<RecordedText> {
    const { rerecord, store } = this.#options;
    const headerText = this.#header.toText("finished");
    const lost = new Set(this.#names.list());
    const clean = ({ text, number }: StoredDocument): string =>
      look.maskDocument(
        withoutIdleName(withoutReferences(finishDraft(text), lost), (name) => this.#isReferenced(name)),
        this.#known.wereKnownTo(number, this.#redactor.size),
      );
    const asRecorded = { headerText, documents: mapEach(this.#tape.readDocuments(), (one) => annotate(clean(one))) };
    if (rerecord === undefined || this.#tape.isBroken) return asRecorded;
    try {
      const documents = Array.from(this.#tape.readDocuments(), (one) => ({
        text: clean(one),
        span: this.#spans.get(one.number) ?? { from: 0, to: 0 },
      }));
      const chosen = await rerecord({ headerText, documents, annotate, read: (sidecar) => store.read(sidecar) });
      // Documents that keep their old text have not been looked at.
      return { ...chosen, documents: mapEach(chosen.documents, (text) => look.maskText(text)) };
    } catch (problem) {
      // A sidecar of the old cassette may be missing.
      if (!(problem instanceof CassetteError)) this.#tape.reportProblem(problem);
      return asRecorded;
    }
  }

  /** Leaves the cassette as it was. `reason` is the report's problem, if there is none yet. */
  discard(reason?: unknown): RecordingReport {
    for (const document of [...this.#writers.keys()]) this.#drop(document);
    this.#tape.discard(reason);
    return this.#tape.report;
  }

  #write(event: DocumentEvent): void {
    try {
      if (event.kind === "request-head") this.#begin(event);
      else if (event.kind === "dropped") this.#drop(event.document);
      else this.#continue(event);
    } catch (problem) {
      this.#tape.reportProblem(problem);
      this.#drop(event.document);
    }
  }

  #begin(event: Extract<DocumentEvent, { kind: "request-head" }>): void {
    if (event.name !== undefined) this.#names.note(event.document, event.name);
    this.#header.noteRequest(event.head.fields);
    if (this.#options.rerecord !== undefined) this.#spans.set(event.document, { from: event.at, to: event.at });
    this.#writers.set(event.document, createDocumentWriter(event, this.#writerOptions));
    this.#known.noteBegin(event.document, this.#redactor.size);
  }

  #continue(event: WrittenEvent): void {
    const writer = this.#writers.get(event.document);
    if (writer === undefined) return;
    if (event.kind === "mark") this.#names.note(event.document, event.name);
    if (event.kind === "response-head") this.#noteResponse(event);
    writer.apply(event);
    if (event.kind === "cut" && !writer.isWorthKeeping) this.#drop(event.document);
    else if (writer.isOver) this.#finishDocument(event, writer);
  }

  /** Once there are documents the header says what they leave out. */
  #noteResponse({ head }: Extract<DocumentEvent, { kind: "response-head" }>): void {
    if (this.#tape.isEmpty && this.#header.noteResponse(head.fields)) {
      this.#tape.begin(this.#header.toText("unfinished"));
    }
  }

  #finishDocument({ document, kind, at }: DocumentEvent, writer: DocumentWriter): void {
    const span = this.#spans.get(document);
    if (span !== undefined) this.#spans.set(document, { ...span, to: at });
    if (this.#tape.isBroken) writer.discard();
    else this.#store(document, writer);
    if (kind === "cut") this.#tape.countTruncated();
    this.#writers.delete(document);
  }

  #store(document: number, writer: DocumentWriter): void {
    this.#tape.append(document, writer.finish(this.#header.everyResponse));
    this.#storedCount += 1;
    if (!this.#tape.isBroken) this.#names.noteStored(document);
  }

  #drop(document: number): void {
    const writer = this.#writers.get(document);
    if (writer === undefined) return;
    this.#writers.delete(document);
    this.#tracker.dropDocument(document);
    this.#tape.countDropped();
    try {
      writer.discard();
    } catch (problem) {
      this.#tape.reportProblem(problem);
    }
  }

  #isReferenced(name: string): boolean {
    return this.#tracker.isReferenced(name) || this.#refs.isReferenced(name);
  }
}

function* mapEach<T>(documents: Iterable<T>, change: (document: T) => string): Generator<string> {
  for (const document of documents) yield change(document);
}
