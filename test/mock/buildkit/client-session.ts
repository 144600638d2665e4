/** The client's side of a build's session: what the daemon calls, answered from memory. */
import type { GrpcHandler, GrpcServerCall } from "../../../src/session/grpc/serve-grpc.ts";
import { BUILDKIT_SCHEMA } from "../../../src/wire/buildkit/buildkit-schema.ts";
import { decodeBytesMessage, encodeBytesMessage } from "../../../src/wire/buildkit/files/bytes-message.ts";
import { decodeFilePacket, encodeFilePacket, isFilePacket } from "../../../src/wire/buildkit/files/file-packet.ts";
import { FileReceiver } from "../../../src/wire/buildkit/files/file-receiver.ts";
import { FileSender, toFilePackets } from "../../../src/wire/buildkit/files/file-sender.ts";
import { type FileStat, toGoMode, toUnixMode } from "../../../src/wire/buildkit/files/file-stat.ts";
import { findFieldValue } from "../../../src/wire/http/fields.ts";
import { decodeMessage } from "../../../src/wire/protobuf/decode-message.ts";
import { encodeMessage } from "../../../src/wire/protobuf/encode-message.ts";

const SECRETS = "moby.buildkit.secrets.v1";
const NOT_FOUND = 5;

/** As docker's client answers without `--ssh`. */
const NO_AGENT = { code: 2, message: "unset ssh forward key default" };

interface SessionParts {
  readonly secrets?: Readonly<Record<string, string>>;
  /** The tar of `docker build -`. */
  readonly upload?: Buffer;
  /** Whether there is an agent for `RUN --mount=type=ssh`. */
  readonly hasAgent?: boolean;
}

export class ClientSession {
  /** What the daemon has called: the method's last two words, and the fields that choose files. */
  readonly calls: string[] = [];
  /** What the build has exported: mode and content by path, or a tar. */
  readonly exported = new Map<string, string>();
  tar: Buffer = Buffer.alloc(0);
  readonly #files: Readonly<Record<string, string>>;
  readonly #secrets: Readonly<Record<string, string>>;
  readonly #upload: Buffer;
  readonly #hasAgent: boolean;

  constructor(
    files: Readonly<Record<string, string>>,
    { secrets = {}, upload = Buffer.alloc(0), hasAgent = false }: SessionParts = {},
  ) {
    this.#files = files;
    this.#secrets = secrets;
    this.#upload = upload;
    this.#hasAgent = hasAgent;
  }

  readonly answer: GrpcHandler = async (call) => {
    const fields = call.metadata.filter(([name]) => /^(?:dir-name|followpaths|exclude-patterns|url)/.test(name));
    const method = call.method.slice(call.method.lastIndexOf(".") + 1);
    this.calls.push([method, ...fields.map(([name, value]) => `${name}=${value}`)].join(" "));
    if (method === "FileSync/DiffCopy") return this.#sendFiles(call);
    if (method === "FileSend/DiffCopy") return this.#takeExport(call);
    if (method === "Secrets/GetSecret") return this.#giveSecret(call);
    if (method === "SSH/CheckAgent") return call.end(this.#hasAgent ? undefined : NO_AGENT);
    if (method === "Upload/Pull") {
      await call.send(encodeBytesMessage(this.#upload));
      return call.end();
    }
    call.end({ code: 12, message: `unknown ${method}` });
  };

  async #sendFiles(call: GrpcServerCall): Promise<void> {
    const followed = call.metadata.flatMap(([name, value]) => (name === "followpaths" ? [value] : []));
    const excluded = findFieldValue(call.metadata, "exclude-patterns");
    const isSent = (path: string): boolean =>
      path !== excluded &&
      (followed.length === 0 || followed.some((one) => path === one || path.startsWith(`${one}/`)));
    const paths = Object.keys(this.#files).filter(isSent).sort();
    const entries = listEntries(paths, this.#files);
    const sender = new FileSender(entries);
    for (const packet of sender.list()) await call.send(encodeFilePacket(packet));
    for await (const message of call.messages) {
      const { events, replies } = sender.push(decodeFilePacket(message));
      for (const event of events) {
        if (event.kind !== "request") continue;
        const content = Buffer.from(this.#files[event.stat.path] as string);
        for (const packet of toFilePackets(event.id, content)) await call.send(encodeFilePacket(packet));
      }
      for (const reply of replies) await call.send(encodeFilePacket(reply));
    }
    call.end();
  }

  async #takeExport(call: GrpcServerCall): Promise<void> {
    const receiver = new FileReceiver(() => true);
    const pieces: Buffer[] = [];
    for await (const message of call.messages) {
      if (pieces.length > 0 || !isFilePacket(message)) {
        pieces.push(decodeBytesMessage(message));
        continue;
      }
      const { events, replies } = receiver.push(decodeFilePacket(message));
      for (const event of events) this.#noteExport(event, receiver.stats);
      for (const reply of replies) await call.send(encodeFilePacket(reply));
    }
    this.tar = Buffer.concat(pieces);
    call.end();
  }

  #noteExport(event: ReturnType<FileReceiver["push"]>["events"][number], stats: readonly FileStat[]): void {
    if (event.kind === "stat") {
      const { path, mode, linkname } = event.stat;
      this.exported.set(path, `${toUnixMode(mode).toString(8)}${linkname === "" ? "" : ` -> ${linkname}`}`);
    }
    if (event.kind !== "data") return;
    const { path } = stats[event.id] as FileStat;
    this.exported.set(path, `${this.exported.get(path)} ${event.bytes}`);
  }

  async #giveSecret(call: GrpcServerCall): Promise<void> {
    for await (const message of call.messages) {
      const { ID = "" } = decodeMessage(BUILDKIT_SCHEMA, `${SECRETS}.GetSecretRequest`, message);
      const secret = this.#secrets[String(ID)];
      if (secret === undefined) return call.end({ code: NOT_FOUND, message: "not found" });
      await call.send(encodeMessage(BUILDKIT_SCHEMA, `${SECRETS}.GetSecretResponse`, { data: Buffer.from(secret) }));
    }
    call.end();
  }
}

function listEntries(paths: readonly string[], files: Readonly<Record<string, string>>): FileStat[] {
  const folders = paths.flatMap((path) =>
    path
      .split("/")
      .slice(0, -1)
      .map((_, at, all) => all.slice(0, at + 1).join("/")),
  );
  const all = [...new Set([...folders, ...paths])].sort();
  return all.map((path) => {
    const content = files[path];
    const mode = content === undefined ? toGoMode("directory", 0o755) : toGoMode("file", 0o644);
    const size = Buffer.byteLength(content ?? "");
    return { path, mode, uid: 0, gid: 0, size, modTime: 0n, linkname: "", devmajor: 0, devminor: 0, xattrs: {} };
  });
}
