/**
 * Knows which builds there are, and to which document each belongs: builds that share a session are one group. What a
 * connection tells of a build or a session that is not known yet waits here.
 */
import { parseOperation } from "../../wire/operations/operation.ts";
import type { ExchangeEvent, RecordEvent } from "../decode/record-event.ts";
import { GroupInProgress, type GroupPlace } from "./group-in-progress.ts";

/** A build of a group; undefined calls wait for it. */
export interface KnownBuild {
  readonly group: GroupInProgress;
  readonly number: number;
}

/** Of a build that only asks what the daemon is able to nothing is recorded. */
export type BuildOwner = KnownBuild | "probe";

export interface SolveFacts {
  readonly ref: string;
  /** Its own. */
  readonly session: string;
  /** Those that it shares with other builds. */
  readonly shared: readonly string[];
}

const SOLVE_PATH = "/moby.buildkit.v1.Control/Solve";

type Waiting<T> = (value: T) => void;

export class BuildRegistry {
  readonly #nextConnection: () => number;
  readonly #emit: (event: RecordEvent) => void;
  readonly #builds = new Map<string, BuildOwner>();
  readonly #groups = new Map<string, GroupInProgress>();
  readonly #openSessions = new Set<string>();
  readonly #sharedSessions = new Set<string>();
  readonly #waitingForBuild = new Map<string, Waiting<BuildOwner>[]>();
  readonly #waitingForGroup = new Map<string, Waiting<GroupInProgress>[]>();

  constructor(options: { nextConnection(): number; emit(event: RecordEvent): void }) {
    this.#nextConnection = () => options.nextConnection();
    this.#emit = (event) => options.emit(event);
  }

  emit(event: RecordEvent): void {
    this.#emit(event);
  }

  findBuild(ref: string): BuildOwner | undefined {
    return this.#builds.get(ref);
  }

  findGroup(session: string): GroupInProgress | undefined {
    return this.#groups.get(session);
  }

  /** Calls back as soon as the build is known. */
  awaitBuild(ref: string, resolve: Waiting<BuildOwner>): void {
    this.#waitingForBuild.set(ref, [...(this.#waitingForBuild.get(ref) ?? []), resolve]);
  }

  awaitGroup(session: string, resolve: Waiting<GroupInProgress>): void {
    this.#waitingForGroup.set(session, [...(this.#waitingForGroup.get(session) ?? []), resolve]);
  }

  noteProbe({ ref }: SolveFacts): void {
    this.#claim(ref, "probe");
  }

  /** A build begins: in the open group that has one of its sessions, or in a new one. `tell` comes before what waits. */
  begin({ ref, session, shared }: SolveFacts, at: number, tell: (build: KnownBuild) => void): void {
    const known = [session, ...shared].map((id) => this.#groups.get(id));
    const group = known.find((one) => one !== undefined && !one.isOver) ?? this.#open(at);
    const build = { group, number: group.nextBuild() };
    tell(build);
    this.#claim(ref, build);
    for (const id of shared) this.#share(id, group);
    for (const id of [session, ...shared]) this.#join(id, group);
  }

  /** `POST /build` begins: its document is that of its own exchange. */
  beginHttp(session: string, place: GroupPlace): void {
    const group = new GroupInProgress({ place, isHttp: true, emit: this.#emit });
    group.nextBuild();
    this.#join(session, group);
  }

  /** Returns whether it took the end over: it is told when all files have come. */
  endHttp(session: string, end: ExchangeEvent): boolean {
    const group = this.#groups.get(session);
    if (group === undefined || group.isOver) return false;
    group.endHttp(end);
    return true;
  }

  openSession(id: string): void {
    this.#openSessions.add(id);
    const group = this.#groups.get(id);
    if (group !== undefined && this.#sharedSessions.has(id)) group.noteShared(id, true);
  }

  closeSession(id: string, at: number): void {
    this.#openSessions.delete(id);
    const group = this.#groups.get(id);
    group?.noteShared(id, false);
    if (group !== undefined) this.settle(group, at);
  }

  /** Something of the group has ended. */
  settle(group: GroupInProgress, at: number): void {
    group.closeIfDone(at);
    if (group.isOver) this.#forget(group);
  }

  drop(group: GroupInProgress, problem: unknown, at: number): void {
    group.drop(problem, at);
    this.#forget(group);
  }

  /** The recording stops. */
  stop(at: number): void {
    for (const group of new Set(this.#groups.values())) {
      group.stop(at);
      this.#forget(group);
    }
  }

  #open(at: number): GroupInProgress {
    const place = { connection: this.#nextConnection(), exchange: 0 };
    const head = { method: "GRPC", target: SOLVE_PATH, version: "HTTP/1.1", fields: [] } as const;
    this.#emit({ ...place, at, kind: "request-head", head, operation: parseOperation(head.method, head.target) });
    this.#emit({ ...place, at, kind: "request-end" });
    return new GroupInProgress({ place, isHttp: false, emit: this.#emit });
  }

  #claim(ref: string, owner: BuildOwner): void {
    this.#builds.set(ref, owner);
    const waiting = this.#waitingForBuild.get(ref) ?? [];
    this.#waitingForBuild.delete(ref);
    for (const resolve of waiting) resolve(owner);
  }

  #share(id: string, group: GroupInProgress): void {
    this.#sharedSessions.add(id);
    group.noteShared(id, this.#openSessions.has(id));
  }

  #join(session: string, group: GroupInProgress): void {
    if (this.#groups.get(session) === group) return;
    this.#groups.set(session, group);
    group.addSession(session);
    const waiting = this.#waitingForGroup.get(session) ?? [];
    this.#waitingForGroup.delete(session);
    for (const resolve of waiting) resolve(group);
  }

  /** Its builds stay known: calls of theirs may still come, and belong nowhere. */
  #forget(group: GroupInProgress): void {
    for (const id of group.sessions) if (this.#groups.get(id) === group) this.#groups.delete(id);
  }
}
