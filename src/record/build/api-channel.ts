/** One connection to BuildKit's API (`POST /grpc`): sorts the client's calls into builds, reads and tunnels. */
import { BUILDKIT_SCHEMA } from "../../wire/buildkit/buildkit-schema.ts";
import type { GrpcCallReset, GrpcEvent } from "../../wire/grpc/call-event.ts";
import { GrpcDecoder } from "../../wire/grpc/grpc-decoder.ts";
import type { GrpcStatus } from "../../wire/grpc/status.ts";
import type { Http2Side } from "../../wire/http2/http2-event.ts";
import { decodeMessage } from "../../wire/protobuf/decode-message.ts";
import { ApiCall } from "./api-call.ts";
import { BuildCall } from "./build-call.ts";
import type { BuildRegistry } from "./build-registry.ts";
import type { GroupInProgress } from "./group-in-progress.ts";
import { ReadCall, type ReadMemory } from "./read-call.ts";
import { SessionChannel } from "./session-channel.ts";

/** A session whose bytes travel in the messages of a call. */
interface Tunnel {
  readonly grpc: GrpcDecoder;
  readonly channel: SessionChannel;
}

/** `undecided` until its request is complete. */
type Role = "undecided" | "ignored" | BuildCall | ReadCall | Tunnel;

interface OpenCall {
  readonly call: ApiCall;
  role: Role;
}

export interface ChannelOptions {
  readonly registry: BuildRegistry;
  readonly memory: ReadMemory;
  nextConnection(): number;
}

/** Of RFC 9113: the client has lost interest. */
const CANCEL = 8;
const GRPC_CANCELLED = 1;
const GRPC_INTERNAL = 13;

export class ApiChannel {
  readonly #options: ChannelOptions;
  readonly #calls = new Map<number, OpenCall>();

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  /** The groups with open calls here. */
  get groups(): readonly GroupInProgress[] {
    const roles = [...this.#calls.values()].map(({ role }) => role);
    return roles.flatMap((role) => {
      if (role instanceof BuildCall) return role.build === undefined ? [] : [role.build.group];
      return typeof role === "object" && "channel" in role ? role.channel.groups : [];
    });
  }

  /** @throws WireError where a message or a tunnel cannot be read */
  push(event: GrpcEvent, at: number): void {
    if (event.kind === "goaway") return;
    if (event.kind === "call") this.#calls.set(event.stream, toOpenCall(new ApiCall(event), this.#options));
    const open = this.#calls.get(event.stream);
    if (open === undefined) return;
    if (event.kind === "message") this.#takeMessage(open, event.side, event.bytes, at);
    else if (event.kind === "half-close") this.#takeRequestEnd(open, at);
    else if (event.kind === "status") this.#endCall(event.stream, open, event.status, at);
    else if (event.kind === "reset") this.#resetCall(event.stream, open, event, at);
  }

  /** The connection is over: the client has given up what was open. `cut`: the recording stops. */
  close(kind: string, at: number): void {
    for (const { role } of this.#calls.values()) {
      if (role instanceof BuildCall && kind !== "cut") role.cancel(at);
      else if (typeof role === "object" && "channel" in role) role.channel.close(kind, at);
    }
    this.#calls.clear();
  }

  #takeMessage({ call, role }: OpenCall, side: Http2Side, bytes: Buffer, at: number): void {
    if (role === "ignored") return;
    if (isTunnel(role)) pushTunnel(role, side, bytes, at);
    else if (side === "client") call.keepRequest(bytes);
    else if (role instanceof BuildCall) role.answer(bytes, at);
    else if (role instanceof ReadCall) role.answer(bytes);
  }

  #takeRequestEnd(open: OpenCall, at: number): void {
    if (open.role !== "undecided") return;
    const { registry, memory } = this.#options;
    const { call } = open;
    const solve = call.readSolve();
    const ref = solve?.ref ?? call.readRef();
    if (ref === undefined || this.#looksBack(call, ref)) {
      open.role = new ReadCall(call, memory);
      return;
    }
    const buildCall = new BuildCall(call, registry);
    open.role = buildCall;
    if (solve?.isProbe === true) registry.noteProbe(solve);
    else if (solve !== undefined) {
      registry.begin(solve, at, (build) => {
        buildCall.own(build);
        buildCall.begin(at);
      });
      return;
    }
    buildCall.begin(at);
    const owner = registry.findBuild(ref);
    if (owner === undefined) registry.awaitBuild(ref, (found) => buildCall.own(found));
    else buildCall.own(owner);
  }

  /** A look at the log of a build that is over (`docker buildx history logs`) is no part of it. */
  #looksBack({ method }: ApiCall, ref: string): boolean {
    const owner = this.#options.registry.findBuild(ref);
    return method === "Control/Status" && typeof owner === "object" && owner.group.isOver;
  }

  #endCall(stream: number, { call, role }: OpenCall, status: GrpcStatus, at: number): void {
    this.#calls.delete(stream);
    if (isTunnel(role)) role.channel.close("daemon-eof", at);
    else if (role instanceof ReadCall) this.#endRead(role, status, at);
    else if (role instanceof BuildCall && role.isOwned) role.end(status, at);
    else if (role instanceof BuildCall)
      this.#endRead(role.toRead(new ReadCall(call, this.#options.memory)), status, at);
  }

  #endRead(read: ReadCall, status: GrpcStatus, at: number): void {
    for (const event of read.end(status, at, this.#options.nextConnection)) this.#options.registry.emit(event);
  }

  #resetCall(stream: number, open: OpenCall, { side, code }: GrpcCallReset, at: number): void {
    const { role } = open;
    if (side === "daemon") {
      const status = { code: code === CANCEL ? GRPC_CANCELLED : GRPC_INTERNAL, message: "" };
      this.#endCall(stream, open, status, at);
      return;
    }
    // buildx resets a read as soon as it has the bytes; the status that would follow tells nothing more.
    if (role instanceof ReadCall && role.hasAnswers) {
      this.#endCall(stream, open, { code: 0, message: "" }, at);
      return;
    }
    this.#calls.delete(stream);
    if (role instanceof BuildCall) role.cancel(at);
    else if (isTunnel(role)) role.channel.close("daemon-eof", at);
  }
}

function toOpenCall(call: ApiCall, { registry }: ChannelOptions): OpenCall {
  if (call.isTrace) return { call, role: "ignored" };
  if (!call.isTunnel) return { call, role: "undecided" };
  const channel = new SessionChannel(call.session, registry);
  channel.open();
  return { call, role: { grpc: new GrpcDecoder(), channel } };
}

function isTunnel(role: Role): role is Tunnel {
  return typeof role === "object" && "channel" in role;
}

function pushTunnel({ grpc, channel }: Tunnel, side: Http2Side, message: Buffer, at: number): void {
  const { data } = decodeMessage(BUILDKIT_SCHEMA, "moby.buildkit.v1.BytesMessage", message);
  if (!Buffer.isBuffer(data)) return;
  for (const event of grpc.push(side, data)) channel.push(event, at);
}
