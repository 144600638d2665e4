import type { BuildHappening } from "../build-happening.ts";
import type { ExchangeHappening, RecordEvent } from "../record-event.ts";

/** The exchange that a group's events belong to: a real one (`POST /build`), or one that stands for the builds. */
export interface GroupPlace {
  readonly connection: number;
  readonly exchange: number;
}

/** A build, or builds that share a session: one document. It counts what is still open. */
export class BuildGroup {
  readonly place: GroupPlace;
  readonly isHttp: boolean;
  readonly #emit: (event: RecordEvent) => void;
  /** Sessions that the builds use, by their id; true while a connection serves it. */
  readonly #sessions = new Map<string, boolean>();
  #buildCount = 0;
  #sessionCallCount = 0;
  #openCalls = 0;
  #isOver = false;

  constructor(options: { readonly place: GroupPlace; readonly isHttp: boolean; emit(event: RecordEvent): void }) {
    this.place = options.place;
    this.isHttp = options.isHttp;
    this.#emit = (event) => options.emit(event);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get sessions(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  nextBuild(): number {
    this.#buildCount += 1;
    return this.#buildCount;
  }

  nextSessionCall(): number {
    this.#sessionCallCount += 1;
    return this.#sessionCallCount;
  }

  noteSession(id: string, isOpen: boolean): void {
    this.#sessions.set(id, isOpen);
  }

  beginCall(): void {
    this.#openCalls += 1;
  }

  endCall(): void {
    this.#openCalls -= 1;
  }

  tell(happening: BuildHappening, at: number): void {
    this.#push({ kind: "build", happening }, at);
  }

  /** Ends the document if nothing of the builds is open, nor a session on which another build may come. */
  closeIfDone(at: number): void {
    const isIdle = this.#openCalls === 0 && ![...this.#sessions.values()].includes(true);
    if (isIdle && !this.isHttp) this.close({ kind: "response-end" }, at);
  }

  /** Ends the document, though calls are open, if the recording stops. */
  stop(at: number): void {
    this.close(this.#openCalls === 0 ? { kind: "response-end" } : { kind: "cut" }, at);
  }

  close(ending: { readonly kind: "response-end" } | { readonly kind: "cut" }, at: number): void {
    if (!this.isHttp) this.#push(ending, at);
    this.#isOver = true;
  }

  /** The builds cannot be recorded. */
  drop(problem: unknown, at: number): void {
    if (this.#isOver) return;
    this.#emit({ kind: "unreadable", connection: this.place.connection, at, problem });
    this.#isOver = true;
  }

  #push(happening: ExchangeHappening, at: number): void {
    if (!this.#isOver) this.#emit({ ...this.place, ...happening, at });
  }
}
