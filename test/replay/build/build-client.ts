/** A client that builds as buildx does: gRPC on /grpc, and a session on which it serves files. */
import { randomBytes } from "node:crypto";
import type { Connection, Daemon } from "../../../src/session/connection.ts";
import { GrpcClient, type GrpcClientCall } from "../../../src/session/grpc/grpc-client.ts";
import { type GrpcServerCall, serveGrpc } from "../../../src/session/grpc/serve-grpc.ts";
import { connectionPair } from "../../../src/session/pair.ts";
import { BUILDKIT_SCHEMA } from "../../../src/wire/buildkit/buildkit-schema.ts";
import { decodeBytesMessage, encodeBytesMessage } from "../../../src/wire/buildkit/files/bytes-message.ts";
import { decodeFilePacket, encodeFilePacket, isFilePacket } from "../../../src/wire/buildkit/files/file-packet.ts";
import { FileReceiver } from "../../../src/wire/buildkit/files/file-receiver.ts";
import { FileSender, toFilePackets } from "../../../src/wire/buildkit/files/file-sender.ts";
import type { FileStat } from "../../../src/wire/buildkit/files/file-stat.ts";
import { BUILDKIT_METHODS } from "../../../src/wire/buildkit/services.ts";
import type { GrpcStatus } from "../../../src/wire/grpc/status.ts";
import { findFieldValue, findFieldValues, type HeaderField } from "../../../src/wire/http/fields.ts";
import { encodeMessage } from "../../../src/wire/protobuf/encode-message.ts";
import type { ProtobufMessage } from "../../../src/wire/protobuf/protobuf-value.ts";

const CONTROL = "/moby.buildkit.v1.Control/";
const BRIDGE = "/moby.buildkit.v1.frontend.LLBBridge/";
const UPGRADED = Buffer.from("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

export interface ClientFile {
  readonly path: string;
  /** Go's mode bits. @default 0o644 */
  readonly mode?: number;
  /** @default "" */
  readonly content?: string;
  readonly linkname?: string;
  readonly modTime?: bigint;
}

export interface BuildRequest {
  /** Besides Ref and Session; `<session>` in its texts becomes the session's id. */
  readonly solve: ProtobufMessage;
  readonly frontend: ProtobufMessage;
  /** By `dir-name`; those that `followpaths` names are sent, all where it names none. */
  readonly files: Readonly<Record<string, readonly ClientFile[]>>;
  /** The tar that is uploaded. */
  readonly upload?: Buffer;
}

export interface BuiltResult {
  readonly solve: GrpcStatus;
  readonly frontend: GrpcStatus | undefined;
  readonly status: GrpcStatus;
  /** The answer of Solve. */
  readonly answer: Buffer | undefined;
  readonly progress: readonly Buffer[];
  readonly exported: ReadonlyMap<string, { readonly stat: FileStat; readonly content: string }>;
  readonly bytes: Buffer;
}

/** 25 characters of base36, as BuildKit's clients make them. */
export function makeId(): string {
  return [...randomBytes(25)].map((byte) => DIGITS[byte % 36]).join("");
}

export class BuildClient {
  readonly #daemon: Daemon;
  /** What the daemon called on the sessions of this client. */
  readonly called: string[] = [];
  readonly uploads: string[] = [];
  readonly connections: Connection[] = [];
  readonly exported = new Map<string, { stat: FileStat; content: string }>();
  bytes: Buffer = Buffer.alloc(0);

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** A connection for gRPC: `upgraded` from HTTP/1.1, or with HTTP/2 from its first byte. */
  async connect(way: "upgraded" | "direct" = "upgraded"): Promise<GrpcClient> {
    return new GrpcClient(way === "direct" ? this.open() : await this.#upgrade("/grpc", []));
  }

  /** Serves a session of this id. */
  async openSession(id: string, request: Pick<BuildRequest, "files" | "upload">): Promise<Connection> {
    const connection = await this.#upgrade("/session", [["X-Docker-Expose-Session-Uuid", id]]);
    void serveGrpc(connection, (call) => this.serve(call, request));
    return connection;
  }

  /** Serves a session inside of a call on the control connection. */
  openTunnel(control: GrpcClient, id: string, request: Pick<BuildRequest, "files" | "upload">): GrpcClientCall {
    const tunnel = control.call(`${CONTROL}Session`, [["x-docker-expose-session-uuid", id]]);
    void serveGrpc(toConnection(tunnel), (call) => this.serve(call, request));
    return tunnel;
  }

  /** Builds as buildx does. Its calls go out at once, as goroutines' do. */
  async build(control: GrpcClient, request: BuildRequest, id: string = makeId()): Promise<BuiltResult> {
    const session = makeId();
    const solve = call(control, `${CONTROL}Solve`, { Ref: id, ...fill(request.solve, session), Session: session });
    const status = call(control, `${CONTROL}Status`, { Ref: id });
    const progress = collect(status);
    const answer = collect(solve);
    await this.openSession(session, request);
    const frontend = await this.runFrontend(control, request.frontend, id, session);
    return {
      solve: await solve.status,
      frontend,
      status: await status.status,
      answer: (await answer)[0],
      progress: await progress,
      exported: this.exported,
      bytes: this.bytes,
    };
  }

  /** LLBBridge/Solve, and Return with what it answered. */
  async runFrontend(control: GrpcClient, frontend: ProtobufMessage, id: string, session: string): Promise<GrpcStatus> {
    const solving = call(control, `${BRIDGE}Solve`, fill(frontend, session), id);
    const [result] = await collect(solving);
    const status = await solving.status;
    const returned = control.call(`${BRIDGE}Return`, [["buildkit-controlapi-buildid", id]]);
    returned.send(result ?? Buffer.alloc(0));
    returned.halfClose();
    await collect(returned);
    return status;
  }

  /** The probe that comes before each build. */
  async probe(control: GrpcClient): Promise<readonly GrpcStatus[]> {
    const id = makeId();
    const calls = [
      call(control, `${CONTROL}Status`, { Ref: id }),
      call(control, `${CONTROL}Solve`, { Ref: id, Session: makeId(), Cache: {}, Internal: true }),
      call(control, `${BRIDGE}Ping`, {}, id),
      call(control, `${BRIDGE}Return`, { result: { ref: {} } }, id),
    ];
    await Promise.all(calls.map(collect));
    return Promise.all(calls.map(({ status }) => status));
  }

  /** Answers a call of the daemon, as a client's session does. */
  async serve(call: GrpcServerCall, { files, upload }: Pick<BuildRequest, "files" | "upload">): Promise<void> {
    this.called.push(call.method);
    if (call.method.endsWith("FileSync/DiffCopy")) return sendFiles(call, selectFiles(call, files));
    if (call.method.endsWith("FileSend/DiffCopy")) return this.#receive(call);
    if (!call.method.endsWith("Upload/Pull") || upload === undefined) return call.end({ code: 12, message: "no" });
    this.uploads.push(findFieldValue(call.metadata, "urlpath") ?? "");
    for (let at = 0; at < upload.length; at += 4096)
      await call.send(encodeBytesMessage(upload.subarray(at, at + 4096)));
    call.end();
  }

  async #receive(call: GrpcServerCall): Promise<void> {
    const receiver = new FileReceiver(() => true);
    const contents = new Map<number, string>();
    let isTree: boolean | undefined;
    for await (const message of call.messages) {
      isTree ??= isFilePacket(message);
      if (!isTree) {
        this.bytes = Buffer.concat([this.bytes, decodeBytesMessage(message)]);
        continue;
      }
      const { events, replies } = receiver.push(decodeFilePacket(message));
      for (const event of events) {
        if (event.kind === "data")
          contents.set(event.id, (contents.get(event.id) ?? "") + event.bytes.toString("latin1"));
      }
      for (const reply of replies) await call.send(encodeFilePacket(reply));
    }
    for (const [id, stat] of receiver.stats.entries()) {
      this.exported.set(stat.path, { stat, content: contents.get(id) ?? "" });
    }
    call.end();
  }

  /** A connection to the daemon. */
  open(): Connection {
    const [near, far] = connectionPair();
    void this.#daemon(far).catch(() => undefined);
    this.connections.push(near);
    return near;
  }

  async #upgrade(path: string, fields: readonly HeaderField[]): Promise<Connection> {
    const connection = this.open();
    const own = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    void connection.write(
      Buffer.from(`POST ${path} HTTP/1.1\r\nHost: \r\nConnection: Upgrade\r\nUpgrade: h2c\r\n${own}\r\n`),
    );
    const first = (await connection.read()) ?? Buffer.alloc(0);
    if (!first.subarray(0, UPGRADED.length).equals(UPGRADED)) throw new Error(`no upgrade: ${first}`);
    return withFirst(connection, first.subarray(UPGRADED.length));
  }
}

/** The same connection, on which these bytes have come with the head. */
function withFirst(connection: Connection, first: Buffer): Connection {
  let rest: Buffer | undefined = first.length === 0 ? undefined : first;
  const read = async (): Promise<Buffer | undefined> => {
    const bytes = rest ?? (await connection.read());
    rest = undefined;
    return bytes;
  };
  return new Proxy(connection, {
    get: (target, key) => {
      if (key === "read") return read;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Makes a call with one message, which is not cut short by its answer. */
export function call(client: GrpcClient, method: string, message: ProtobufMessage, build?: string): GrpcClientCall {
  const type = BUILDKIT_METHODS.get(method)?.request ?? "moby.buildkit.v1.InfoRequest";
  const made = client.call(method, build === undefined ? [] : [["buildkit-controlapi-buildid", build]]);
  made.send(encodeMessage(BUILDKIT_SCHEMA, type, message));
  made.halfClose();
  return made;
}

export async function collect({ messages }: GrpcClientCall): Promise<Buffer[]> {
  const collected: Buffer[] = [];
  for await (const message of messages) collected.push(message);
  return collected;
}

function fill(message: ProtobufMessage, session: string): ProtobufMessage {
  return JSON.parse(JSON.stringify(message).replaceAll("<session>", session)) as ProtobufMessage;
}

function toConnection(tunnel: GrpcClientCall): Connection {
  const messages = tunnel.messages[Symbol.asyncIterator]();
  return {
    read: async () => {
      const next = await messages.next();
      return next.done === true ? undefined : decodeBytesMessage(next.value);
    },
    write: (bytes) => tunnel.send(encodeBytesMessage(bytes)),
    end: () => tunnel.halfClose(),
    reset: () => tunnel.cancel(),
    closed: tunnel.status.then(() => undefined),
    isGone: false,
    isBroken: false,
  };
}

function selectFiles(
  { metadata }: GrpcServerCall,
  files: Readonly<Record<string, readonly ClientFile[]>>,
): readonly ClientFile[] {
  const all = files[findFieldValue(metadata, "dir-name") ?? ""] ?? [];
  const followed = findFieldValues(metadata, "followpaths");
  const excluded = findFieldValues(metadata, "exclude-patterns").map((pattern) => pattern.replace("*", ""));
  return all
    .filter(({ path }) => followed.length === 0 || followed.some((one) => path === one || path.startsWith(`${one}/`)))
    .filter(({ path }) => !excluded.some((end) => path.endsWith(end)));
}

async function sendFiles(call: GrpcServerCall, files: readonly ClientFile[]): Promise<void> {
  const sender = new FileSender(files.map(toStat));
  for (const packet of sender.list()) await call.send(encodeFilePacket(packet));
  for await (const message of call.messages) {
    const { events, replies } = sender.push(decodeFilePacket(message));
    for (const event of events) {
      if (event.kind !== "request") continue;
      const content = Buffer.from(files[event.id]?.content ?? "");
      for (const packet of toFilePackets(event.id, content)) await call.send(encodeFilePacket(packet));
    }
    for (const reply of replies) await call.send(encodeFilePacket(reply));
  }
  call.end();
}

function toStat({ path, mode = 0o644, content = "", linkname = "", modTime = 1n }: ClientFile): FileStat {
  const size = linkname === "" ? Buffer.byteLength(content) : linkname.length;
  return { path, mode, uid: 0, gid: 0, size, modTime, linkname, devmajor: 0, devminor: 0, xattrs: {} };
}
