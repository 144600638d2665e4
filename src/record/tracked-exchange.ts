import { INLINE_LIMIT } from "../cassette/chunks.ts";
import type { ResourceUse } from "../match/resources.ts";
import type { Operation } from "../wire/operations/operation.ts";
import type { ExchangeEvent } from "./decode/record-event.ts";

/** Of all that is requested while a stream is silent, so many are waited for: the latest. */
const CUE_LIMIT = 16;
const OUTPUTS: ReadonlySet<string> = new Set(["ContainerAttach", "ContainerAttachWebsocket", "ContainerLogs"]);
/** They tell of what a change does, before it is answered. */
const LISTENERS: ReadonlySet<string> = new Set(["SystemEvents"]);
/** They last until a container has ended, which another request may bring about. */
const ENDINGS: ReadonlySet<string> = new Set(["ContainerStop", "ContainerRestart"]);
/** Their responses show which name belongs to which id. */
const NAMING: ReadonlySet<string> = new Set(["ContainerCreate", "ContainerExec", "ContainerInspect"]);

interface PendingCue {
  readonly name: string;
  readonly request: string;
  readonly at: number;
}

interface PendingUntil {
  readonly name: string;
  readonly at: number;
}

export interface TrackedFacts {
  readonly document: number;
  readonly connection: number;
  readonly operation: Operation;
  readonly touch: ResourceUse;
  readonly name: string | undefined;
  /** How many events had been seen when it was requested. */
  readonly openedAt: number;
  /** Method and target, as sent. */
  readonly request: string;
  /** Changes that were requested before it and not answered then. */
  readonly concurrent: readonly Omit<PendingCue, "at">[];
}

/** What has to be known of an exchange, while it is open, to place others before or behind what happens in it. */
export class TrackedExchange {
  readonly facts: TrackedFacts;
  #isStream: boolean;
  #hasSpoken = false;
  /** How many events had been seen when it last said something. */
  #spokenAt = -1;
  /** The mark behind the last thing that it said. */
  #mark: string | undefined;
  #status: number | undefined;
  #answer: Buffer[] = [];
  #answerSize = 0;
  #cues: PendingCue[] = [];
  #untils: PendingUntil[] = [];

  constructor(facts: TrackedFacts) {
    this.facts = facts;
    this.#isStream = facts.touch.role === "long";
  }

  /** Whether what happens next in it may depend on changes of what it is about. */
  get isListening(): boolean {
    return this.#isStream && this.facts.touch.targets.length > 0;
  }

  /** Whether it is a change that lasts until something ends, and has not been answered. */
  get isEnding(): boolean {
    return ENDINGS.has(this.facts.operation.name) && !this.isAnswered;
  }

  /** Builds by BuildKit have documents of their own. */
  get isChange(): boolean {
    return this.facts.touch.role === "change" && !this.facts.request.startsWith("GRPC ");
  }

  get isStream(): boolean {
    return this.#isStream;
  }

  /** Whether its stream has had events since `other`, on another connection, was requested. */
  hasToldDuring({ facts }: TrackedExchange): boolean {
    const isElsewhere = facts.connection !== this.facts.connection;
    return isElsewhere && LISTENERS.has(this.facts.operation.name) && this.#spokenAt > facts.openedAt;
  }

  /** Whether it tells what a container puts out. */
  get isOutput(): boolean {
    return this.#isStream && OUTPUTS.has(this.facts.operation.name);
  }

  get isWait(): boolean {
    return this.facts.operation.name === "ContainerWait";
  }

  /** Whether anything was sent in its stream since the last mark. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  get isAnswered(): boolean {
    return this.#status !== undefined;
  }

  /** 500 where no response has come. */
  get status(): number {
    return this.#status ?? 500;
  }

  /** The response's body, as far as it is short enough to learn names from. */
  get answerText(): string {
    return this.#answerSize > INLINE_LIMIT ? "" : Buffer.concat(this.#answer).toString("utf8");
  }

  isAboutSame({ facts: { touch } }: TrackedExchange): boolean {
    return this.facts.touch.targets.some((resource) => touch.targets.includes(resource));
  }

  /** @param count how many events have been seen */
  note(event: ExchangeEvent, count: number): void {
    if (event.kind === "response-head") {
      this.#status = event.head.status;
      this.#isStream = event.content !== "body";
    } else if (event.kind === "response-bytes") this.#keepAnswer(event.bytes);
    else if (event.kind === "unit" || event.kind === "client-bytes" || event.kind === "websocket-frame") {
      this.#hasSpoken = true;
      this.#spokenAt = count;
    }
  }

  noteMark(name: string): void {
    this.#hasSpoken = false;
    this.#mark = name;
  }

  /** The mark behind all that it has said; undefined where it has said more since. */
  get currentMark(): string | undefined {
    return this.#hasSpoken ? undefined : this.#mark;
  }

  /**
   * Another exchange was requested while this stream is silent. False where the same request waits here already: how
   * often a signal is sent, and how many of them arrive, differs from run to run.
   */
  addCue(cue: PendingCue): boolean {
    if (this.#cues.some(({ request }) => request === cue.request)) return false;
    this.#cues = [...this.#cues.slice(1 - CUE_LIMIT), cue];
    return true;
  }

  /**
   * Two requests that are under way at once may come in another order next time. Behind the head, which no client has to
   * wait for, the stream waits for the other one.
   */
  addConcurrentCues(at: number): void {
    if (!this.isListening) return;
    for (const change of this.facts.concurrent) this.addCue({ ...change, at });
  }

  /** What the daemon sends next, it sends after another stream has come to its mark. */
  addUntil(until: PendingUntil): void {
    this.#untils.push(until);
  }

  /** The names of marks that its head waits for. */
  takeUntilNames(): readonly string[] {
    return this.takeUntils().map(({ name }) => name);
  }

  takeCues(): readonly PendingCue[] {
    const cues = this.#cues;
    this.#cues = [];
    return cues;
  }

  takeUntils(): readonly PendingUntil[] {
    const untils = this.#untils;
    this.#untils = [];
    return untils;
  }

  #keepAnswer(bytes: Buffer): void {
    if (!NAMING.has(this.facts.operation.name)) return;
    this.#answerSize += bytes.length;
    if (this.#answerSize > INLINE_LIMIT) this.#answer = [];
    else this.#answer.push(bytes);
  }
}
