import { joinMembers } from "../../base/join-members.ts";
import type { BuildHappening } from "../decode/build-happening.ts";
import type { ExchangeEvent, ExchangeHappening, RecordEvent } from "../decode/record-event.ts";

/** The exchange that a group's events belong to: a real one (`POST /build`), or one that stands for the builds. */
export interface GroupPlace {
  readonly connection: number;
  readonly exchange: number;
}

/** A build, or builds that share a session: one document. It counts what is still open. */
export class GroupInProgress {
  readonly place: GroupPlace;
  readonly isHttp: boolean;
  readonly #emit: (event: RecordEvent) => void;
  /** Sessions that the builds use. */
  readonly #sessions = new Set<string>();
  /** Those of them that serve several builds, and that a connection serves: another build may come on it. */
  readonly #openShared = new Set<string>();
  #buildCount = 0;
  #sessionCallCount = 0;
  /** Of the client, and transfers of the daemon. */
  #openCalls = 0;
  /** The answer of `POST /build` has ended while files were still on their way: that end waits for theirs. */
  #httpEnd: ExchangeEvent | undefined;
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
    return [...this.#sessions];
  }

  nextBuild(): number {
    this.#buildCount += 1;
    return this.#buildCount;
  }

  nextSessionCall(): number {
    this.#sessionCallCount += 1;
    return this.#sessionCallCount;
  }

  addSession(id: string): void {
    this.#sessions.add(id);
  }

  /** @param isOpen whether a connection serves it */
  noteShared(id: string, isOpen: boolean): void {
    if (isOpen) this.#openShared.add(id);
    else this.#openShared.delete(id);
  }

  beginCall(): void {
    this.#openCalls += 1;
  }

  endCall(): void {
    this.#openCalls -= 1;
  }

  tell(happening: BuildHappening, at: number): void {
    if (happening.kind === "session-call") this.#openCalls += 1;
    if (happening.kind === "session-end") this.#openCalls -= 1;
    this.#push({ kind: "build", happening }, at);
  }

  /** The exchange of `POST /build` ends. */
  endHttp(end: ExchangeEvent): void {
    this.#httpEnd = end;
    if (end.kind === "cut") this.#finishHttp(end);
    else this.closeIfDone(end.at);
  }

  /** Ends the document if nothing of the builds is open, nor a session on which another build may come. */
  closeIfDone(at: number): void {
    if (this.#openCalls > 0) return;
    if (this.#httpEnd !== undefined) this.#finishHttp({ ...this.#httpEnd, at });
    else if (!this.isHttp && this.#openShared.size === 0) this.#close("response-end", at);
  }

  /** Ends the document, though calls are open, if the recording stops. */
  stop(at: number): void {
    if (this.#httpEnd !== undefined) this.#finishHttp(this.#httpEnd);
    else if (!this.isHttp) this.#close(this.#openCalls === 0 ? "response-end" : "cut", at);
  }

  /** The builds cannot be recorded. */
  drop(problem: unknown, at: number): void {
    if (this.#isOver) return;
    this.#emit({ kind: "unreadable", connection: this.place.connection, at, problem });
    this.#isOver = true;
  }

  #close(kind: "response-end" | "cut", at: number): void {
    this.#push({ kind }, at);
    this.#isOver = true;
  }

  #finishHttp(end: ExchangeEvent): void {
    if (!this.#isOver) this.#emit(end);
    this.#isOver = true;
  }

  #push(happening: ExchangeHappening, at: number): void {
    if (!this.#isOver) this.#emit(joinMembers(happening, { ...this.place, at }));
  }
}
