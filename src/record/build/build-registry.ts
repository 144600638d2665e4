/**
 * Knows which builds there are, and to which document each belongs: builds that share a session are one group. What a
 * connection tells of a build or a session that is not known yet waits here.
 */
import { parseOperation } from "../../wire/operation.ts";
import type { RecordEvent } from "../record-event.ts";
import { BuildGroup, type GroupPlace } from "./build-group.ts";

/** A build of a group; undefined calls wait for it. */
export interface KnownBuild {
  readonly group: BuildGroup;
  readonly number: number;
}

/** Of a build that only asks what the daemon is able to nothing is recorded. */
export type BuildOwner = KnownBuild | "probe";

export interface SolveFacts {
  readonly ref: string;
  /** Its own session first. */
  readonly sessions: readonly string[];
}

const SOLVE_PATH = "/moby.buildkit.v1.Control/Solve";

type Waiting<T> = (value: T) => void;

export class BuildRegistry {
  readonly #nextConnection: () => number;
  readonly #emit: (event: RecordEvent) => void;
  readonly #builds = new Map<string, BuildOwner>();
  readonly #groups = new Map<string, BuildGroup>();
  readonly #openSessions = new Set<string>();
  readonly #waitingForBuild = new Map<string, Waiting<BuildOwner>[]>();
  readonly #waitingForGroup = new Map<string, Waiting<BuildGroup>[]>();

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

  findGroup(session: string): BuildGroup | undefined {
    return this.#groups.get(session);
  }

  /** Calls back as soon as the build is known. */
  awaitBuild(ref: string, resolve: Waiting<BuildOwner>): void {
    this.#waitingForBuild.set(ref, [...(this.#waitingForBuild.get(ref) ?? []), resolve]);
  }

  awaitGroup(session: string, resolve: Waiting<BuildGroup>): void {
    this.#waitingForGroup.set(session, [...(this.#waitingForGroup.get(session) ?? []), resolve]);
  }

  noteProbe({ ref }: SolveFacts): void {
    this.#claim(ref, "probe");
  }

  /** A build begins: in the open group that has one of its sessions, or in a new one. `tell` comes before what waits. */
  begin({ ref, sessions }: SolveFacts, at: number, tell: (build: KnownBuild) => void): void {
    const shared = sessions.map((id) => this.#groups.get(id)).find((group) => group !== undefined && !group.isOver);
    const group = shared ?? this.#open(at);
    const build = { group, number: group.nextBuild() };
    tell(build);
    this.#claim(ref, build);
    for (const id of sessions) this.#join(id, group);
  }

  /** `POST /build` begins: its document is that of its own exchange. */
  beginHttp(session: string, place: GroupPlace): void {
    const group = new BuildGroup({ place, isHttp: true, emit: this.#emit });
    group.nextBuild();
    this.#join(session, group);
  }

  endHttp(session: string, at: number): void {
    this.#groups.get(session)?.close({ kind: "response-end" }, at);
  }

  openSession(id: string): void {
    this.#openSessions.add(id);
    this.#groups.get(id)?.noteSession(id, true);
  }

  closeSession(id: string, at: number): void {
    this.#openSessions.delete(id);
    const group = this.#groups.get(id);
    group?.noteSession(id, false);
    if (group !== undefined) this.settle(group, at);
  }

  /** Something of the group has ended. */
  settle(group: BuildGroup, at: number): void {
    group.closeIfDone(at);
    if (group.isOver) this.#forget(group);
  }

  drop(group: BuildGroup, problem: unknown, at: number): void {
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

  #open(at: number): BuildGroup {
    const place = { connection: this.#nextConnection(), exchange: 0 };
    const head = { method: "GRPC", target: SOLVE_PATH, version: "HTTP/1.1", fields: [] } as const;
    this.#emit({ ...place, at, kind: "request-head", head, operation: parseOperation(head.method, head.target) });
    this.#emit({ ...place, at, kind: "request-end" });
    return new BuildGroup({ place, isHttp: false, emit: this.#emit });
  }

  #claim(ref: string, owner: BuildOwner): void {
    this.#builds.set(ref, owner);
    const waiting = this.#waitingForBuild.get(ref) ?? [];
    this.#waitingForBuild.delete(ref);
    for (const resolve of waiting) resolve(owner);
  }

  #join(session: string, group: BuildGroup): void {
    if (this.#groups.get(session) === group) return;
    this.#groups.set(session, group);
    group.noteSession(session, this.#openSessions.has(session));
    const waiting = this.#waitingForGroup.get(session) ?? [];
    this.#waitingForGroup.delete(session);
    for (const resolve of waiting) resolve(group);
  }

  /** Its builds stay known: calls of theirs may still come, and belong nowhere. */
  #forget(group: BuildGroup): void {
    for (const id of group.sessions) if (this.#groups.get(id) === group) this.#groups.delete(id);
  }
}
