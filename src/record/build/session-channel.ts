/** A session, on a connection of its own (`POST /session`) or in a tunnel: the daemon calls, the client answers. */
import { findMethodShape, toShortMethod } from "../../cassette/build/call-names.ts";
import { BUILDKIT_SCHEMA } from "../../wire/buildkit/buildkit-schema.ts";
import type { GrpcCallStart, GrpcEvent } from "../../wire/grpc/call-event.ts";
import type { GrpcStatus } from "../../wire/grpc/status.ts";
import { decodeMessage } from "../../wire/protobuf/decode-message.ts";
import type { BuildHappening } from "../decode/build-happening.ts";
import type { BuildRegistry } from "./build-registry.ts";
import type { GroupInProgress } from "./group-in-progress.ts";

/** Calls that move files. Of all others nothing that the client answers is kept. */
const TRANSFERS: ReadonlySet<string> = new Set(["FileSync/DiffCopy", "Upload/Pull", "FileSend/DiffCopy"]);
/** What the daemon asks for, and the field of its request that says of what. */
const SECRETS: ReadonlyMap<string, readonly [of: "secret" | "ssh" | "login", field: string]> = new Map([
  ["Secrets/GetSecret", ["secret", "ID"]],
  ["SSH/CheckAgent", ["ssh", "ID"]],
  ["Auth/GetTokenAuthority", ["login", "Host"]],
  ["Auth/FetchToken", ["login", "Host"]],
  ["Auth/Credentials", ["login", "Host"]],
]);
/** The field of the client's answer that is secret. */
const SECRET_FIELDS: ReadonlyMap<string, string> = new Map([
  ["Secrets/GetSecret", "data"],
  ["Auth/FetchToken", "Token"],
  ["Auth/Credentials", "Secret"],
]);
/** Longer secrets are files that nothing repeats. */
const LONGEST_SECRET = 64 * 1024;
/** More is not kept for a build that never comes. */
const DELAYED_LIMIT = 1000;

interface Delayed {
  readonly create: (group: GroupInProgress) => BuildHappening;
  readonly at: number;
}

interface SessionCall {
  readonly method: string;
  /** Of a transfer, as soon as its group is known. */
  number: number | undefined;
}

export class SessionChannel {
  readonly #id: string;
  readonly #registry: BuildRegistry;
  readonly #calls = new Map<number, SessionCall>();
  /** Registries that were asked for a login: once is enough to read. */
  readonly #logins = new Set<string>();
  #group: GroupInProgress | undefined;
  #delayed: Delayed[] = [];

  constructor(id: string, registry: BuildRegistry) {
    this.#id = id;
    this.#registry = registry;
  }

  get groups(): readonly GroupInProgress[] {
    return this.#group === undefined ? [] : [this.#group];
  }

  open(): void {
    this.#registry.openSession(this.#id);
    const group = this.#registry.findGroup(this.#id);
    if (group === undefined) this.#registry.awaitGroup(this.#id, (found) => this.#own(found));
    else this.#own(group);
  }

  /** @throws WireError where a message of the daemon cannot be read */
  push(event: GrpcEvent, at: number): void {
    if (event.kind === "goaway") return;
    if (event.kind === "call") this.#beginCall(event, at);
    const call = this.#calls.get(event.stream);
    if (call === undefined) return;
    if (event.kind === "message") this.#takeMessage(call, event, at);
    else if (event.kind === "status") this.#endCall(event.stream, call, event.status, at);
    else if (event.kind === "reset") this.#endCall(event.stream, call, undefined, at);
  }

  /** The connection is over, and with it all calls. `cut`: the recording stops. */
  close(kind: string, at: number): void {
    if (kind !== "cut") for (const [stream, call] of this.#calls) this.#endCall(stream, call, undefined, at);
    this.#registry.closeSession(this.#id, at);
  }

  #beginCall({ stream, path, fields }: GrpcCallStart, at: number): void {
    const method = toShortMethod(path);
    const call: SessionCall = { method, number: undefined };
    this.#calls.set(stream, call);
    if (!TRANSFERS.has(method)) return;
    this.#tell((group) => {
      call.number = group.nextSessionCall();
      return { kind: "session-call", call: call.number, session: this.#id, method, fields };
    }, at);
  }

  #takeMessage(call: SessionCall, { side, bytes }: { side: "client" | "daemon"; bytes: Buffer }, at: number): void {
    if (TRANSFERS.has(call.method)) {
      this.#tell(() => ({ kind: "session-message", call: call.number ?? 0, side, bytes }), at);
    } else if (side === "daemon") this.#takeQuestion(call.method, bytes, at);
    else this.#takeSecret(call.method, bytes, at);
  }

  /** A build may print it. */
  #takeSecret(method: string, bytes: Buffer, at: number): void {
    const field = SECRET_FIELDS.get(method);
    const name = findMethodShape(method)?.response;
    if (field === undefined || name === undefined || bytes.length > LONGEST_SECRET) return;
    const secret = decodeMessage(BUILDKIT_SCHEMA, name, bytes)[field];
    const value = Buffer.isBuffer(secret) ? secret : Buffer.from(typeof secret === "string" ? secret : "");
    if (value.length > 0) this.#tell(() => ({ kind: "secret-value", value }), at);
  }

  #takeQuestion(method: string, bytes: Buffer, at: number): void {
    const [of, field] = SECRETS.get(method) ?? [];
    const name = findMethodShape(method)?.request;
    if (of === undefined || field === undefined || name === undefined) return;
    const id = String(decodeMessage(BUILDKIT_SCHEMA, name, bytes)[field] ?? "");
    if (of === "login" && this.#logins.has(id)) return;
    if (of === "login") this.#logins.add(id);
    this.#tell(() => ({ kind: "secret", of, id }), at);
  }

  #endCall(stream: number, call: SessionCall, status: GrpcStatus | undefined, at: number): void {
    this.#calls.delete(stream);
    if (!TRANSFERS.has(call.method)) return;
    this.#tell(() => ({ kind: "session-end", call: call.number ?? 0, status }), at);
    if (this.#group !== undefined) this.#registry.settle(this.#group, at);
  }

  #own(group: GroupInProgress): void {
    this.#group = group;
    const delayed = this.#delayed;
    this.#delayed = [];
    for (const { create, at } of delayed) group.tell(create(group), at);
  }

  #tell(create: Delayed["create"], at: number): void {
    if (this.#group !== undefined) this.#group.tell(create(this.#group), at);
    else if (this.#delayed.length < DELAYED_LIMIT) this.#delayed.push({ create, at });
  }
}
