/** Builds that were captured from docker CLI 28.5 (test/wire/buildkit/captures), as a replay plays them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { isBuildMethod, LLB_SOLVE, SESSION, SOLVE } from "../../../src/replay/build/build-methods.ts";
import type {
  BuilderRead,
  BuildGroup,
  BuildItem,
  BuildScript,
  ClientCall,
  DaemonAnswer,
  SessionTransfer,
  TransferContent,
} from "../../../src/replay/build/build-script.ts";
import { decodeRequest } from "../../../src/replay/build/grpc-request.ts";
import { isProbe } from "../../../src/replay/build/probe-build.ts";
import { toRecordedContent } from "../../../src/replay/build/recorded-content.ts";
import { decodeBytesMessage } from "../../../src/wire/buildkit/files/bytes-message.ts";
import { FileObserver } from "../../../src/wire/buildkit/files/file-observer.ts";
import { decodeFilePacket, isFilePacket } from "../../../src/wire/buildkit/files/file-packet.ts";
import { findFieldValue, type HeaderField } from "../../../src/wire/fields.ts";
import type { GrpcCallStart, GrpcEvent } from "../../../src/wire/grpc/call-event.ts";
import { GrpcDecoder } from "../../../src/wire/grpc/grpc-decoder.ts";
import type { Http2Side } from "../../../src/wire/http2/http2-event.ts";
import type { JsonMessageValue } from "../../../src/wire/protobuf/json-message.ts";
import type { CaptureName } from "../../wire/buildkit/captures.ts";

/** Connection, milliseconds, side, base64. */
type CapturedLine = readonly [number, number, Http2Side, string?];

const CAPTURES = join(import.meta.dirname, "../../wire/buildkit/captures");
const OWN_FIELDS = /^(?::.*|content-type|te|user-agent|grpc-.*|traceparent)$/;
const ID = /(?<![a-z0-9])[a-z0-9]{25}(?![a-z0-9])/g;

export function scriptOfCapture(name: CaptureName): BuildScript {
  const text = gunzipSync(readFileSync(join(CAPTURES, `${name}.jsonl.gz`))).toString("utf8");
  return scriptOfLines(
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as CapturedLine),
    name,
  );
}

export function scriptOfLines(lines: readonly CapturedLine[], name: string): BuildScript {
  const reading = new CaptureReading();
  for (const [connection, , side, base64 = ""] of lines) reading.push(connection, side, Buffer.from(base64, "base64"));
  return reading.toScript(name);
}

interface ReadCall {
  readonly start: GrpcCallStart;
  readonly session: string;
  request?: Buffer;
  client?: ClientCall;
  read?: BuilderRead & { readonly answers: DaemonAnswer[] };
  transfer?: { readonly observer: FileObserver; readonly contents: Map<number, Buffer[]>; readonly bytes: Buffer[] };
  recorded?: SessionTransfer & { content: TransferContent };
  hasEnded?: boolean;
}

class CaptureReading {
  readonly #heads = new Map<string, Buffer>();
  readonly #watches = new Map<number, (side: Http2Side, bytes: Buffer) => void>();
  readonly #items: { readonly item: BuildItem; readonly owner: string }[] = [];
  readonly #reads: BuilderRead[] = [];
  readonly #probes = new Set<string>();

  push(connection: number, side: Http2Side, bytes: Buffer): void {
    const key = `${connection} ${side}`;
    const head = this.#heads.get(key);
    if (head?.includes("\r\n\r\n")) {
      this.#watches.get(connection)?.(side, bytes);
      return;
    }
    const joined = Buffer.concat([head ?? Buffer.alloc(0), bytes]);
    this.#heads.set(key, joined);
    const end = joined.indexOf("\r\n\r\n");
    if (end === -1) return;
    const text = joined.subarray(0, end).toString("latin1");
    if (side === "client" && /^upgrade: h2c/im.test(text)) {
      this.#watches.set(connection, this.#watch(/^x-docker-expose-session-uuid: (.*)$/im.exec(text)?.[1] ?? ""));
    }
    if (!this.#watches.has(connection)) this.#heads.delete(key);
    else if (joined.length > end + 4) this.#watches.get(connection)?.(side, joined.subarray(end + 4));
  }

  /** Builds that name the same session are one group. */
  toScript(name: string): BuildScript {
    const groups: { owners: Set<string>; items: BuildItem[] }[] = [];
    for (const { item } of this.#items) {
      if (item.kind !== "call") continue;
      const ids = [item.call.build, ...(JSON.stringify(item.call.request).match(ID) ?? [])];
      const shared = groups.filter(({ owners }) => ids.some((id) => owners.has(id)));
      const group = { owners: new Set([...ids, ...shared.flatMap(({ owners }) => [...owners])]), items: [] };
      groups.splice(0, groups.length, ...groups.filter((one) => !shared.includes(one)), group);
    }
    for (const { item, owner } of this.#items) groups.find(({ owners }) => owners.has(owner))?.items.push(item);
    return {
      groups: groups.map(
        ({ items }, at): BuildGroup => ({ index: at, place: `${name}.yaml:${at + 1}`, title: "POST /grpc", items }),
      ),
      reads: this.#reads,
    };
  }

  #watch(session: string): (side: Http2Side, bytes: Buffer) => void {
    const decoder = new GrpcDecoder();
    const calls = new Map<number, ReadCall>();
    const tunnels = new Map<number, (side: Http2Side, bytes: Buffer) => void>();
    return (side, bytes) => {
      for (const event of decoder.push(side, bytes)) {
        if (event.kind === "goaway") continue;
        if (event.kind === "call") {
          calls.set(event.stream, { start: event, session });
          if (event.path === SESSION) {
            tunnels.set(event.stream, this.#watch(findFieldValue(event.fields, "x-docker-expose-session-uuid") ?? ""));
          }
        }
        const call = calls.get(event.stream);
        const tunnel = tunnels.get(event.stream);
        if (tunnel !== undefined) {
          if (event.kind === "message") tunnel(event.side, decodeBytesMessage(event.bytes));
        } else if (call !== undefined) this.#note(call, event);
      }
    };
  }

  #note(call: ReadCall, event: Exclude<GrpcEvent, { kind: "goaway" }>): void {
    if (call.start.caller === "daemon") {
      this.#noteTransfer(call, event);
      return;
    }
    if (event.kind === "message" && event.side === "client") call.request ??= event.bytes;
    if (event.kind === "half-close") this.#noteRequest(call);
    if (event.kind === "head") this.#noteAnswer(call, { kind: "head" });
    if (event.kind === "message" && event.side === "daemon")
      this.#noteAnswer(call, { kind: "message", bytes: event.bytes });
    if (event.kind === "status") this.#noteAnswer(call, { kind: "status", status: event.status });
    if (event.kind === "status") call.hasEnded = true;
    if (event.kind === "reset" && event.side === "client" && call.client !== undefined && call.hasEnded !== true) {
      this.#items.push({ item: { kind: "cancel", call: call.client }, owner: call.client.build });
    }
  }

  #noteRequest(call: ReadCall): void {
    const { path, fields } = call.start;
    const request = decodeRequest(path, call.request ?? Buffer.alloc(0));
    if (request === undefined) return;
    if (!isBuildMethod(path)) {
      const eras = this.#items.filter(({ item }) => item.kind === "call" && item.call.method === SOLVE).length;
      call.read = { method: path, request, answers: [], era: eras, index: this.#reads.length };
      this.#reads.push(call.read);
      return;
    }
    const { Ref = "" } = request as { readonly Ref?: string };
    const build = Ref || (findFieldValue(fields, "buildkit-controlapi-buildid") ?? "");
    if (path === SOLVE && isProbe(request)) this.#probes.add(build);
    const isCompared = path === SOLVE || path === LLB_SOLVE;
    call.client = { method: path, build, request: isCompared ? request : ({} as JsonMessageValue) };
    this.#items.push({ item: { kind: "call", call: call.client }, owner: build });
    if (!this.#probes.has(build)) return;
    for (let at = this.#items.length - 1; at >= 0; at -= 1)
      if (this.#items[at]?.owner === build) this.#items.splice(at, 1);
  }

  #noteAnswer({ client, read }: ReadCall, answer: DaemonAnswer): void {
    read?.answers.push(answer);
    if (client === undefined || this.#probes.has(client.build)) return;
    this.#items.push({ item: { kind: "answer", call: client, answer }, owner: client.build });
  }

  #noteTransfer(call: ReadCall, event: Exclude<GrpcEvent, { kind: "goaway" }>): void {
    const { path, fields } = call.start;
    if (!/FileSync|FileSend|Upload/.test(path)) return;
    if (event.kind === "call") this.#beginTransfer(call, path, fields);
    if (event.kind === "message") watchTransfer(call, event.side, event.bytes);
    if ((event.kind === "status" || event.kind === "reset") && call.recorded !== undefined && call.hasEnded !== true) {
      call.hasEnded = true;
      call.recorded.content = contentOf(call);
      this.#items.push({ item: { kind: "transferred", transfer: call.recorded }, owner: call.session });
    }
  }

  #beginTransfer(call: ReadCall, method: string, fields: readonly HeaderField[]): void {
    call.transfer = { observer: new FileObserver(), contents: new Map(), bytes: [] };
    const metadata = fields.filter(([name]) => !OWN_FIELDS.test(name));
    const content: TransferContent = { kind: "take-files", loadFiles: async () => [] };
    call.recorded = { session: call.session, method, metadata, content };
    this.#items.push({ item: { kind: "transfer", transfer: call.recorded }, owner: call.session });
  }
}

function watchTransfer({ start: { path }, transfer }: ReadCall, side: Http2Side, message: Buffer): void {
  const sender = path.includes("FileSend") ? "daemon" : "client";
  if (transfer === undefined) return;
  if (path.includes("Upload") || (side === sender && sender === "daemon" && !isFilePacket(message))) {
    if (side === sender) transfer.bytes.push(decodeBytesMessage(message));
    return;
  }
  for (const event of transfer.observer.push(side === sender ? "sender" : "receiver", decodeFilePacket(message))) {
    if (event.kind !== "data") continue;
    transfer.contents.set(event.id, [...(transfer.contents.get(event.id) ?? []), event.bytes]);
  }
}

function contentOf({ start: { path }, transfer }: ReadCall): TransferContent {
  const { observer, contents, bytes } = transfer as NonNullable<ReadCall["transfer"]>;
  const whole = toRecordedContent(Buffer.concat(bytes));
  if (path.includes("Upload")) return { kind: "take-tar", tar: whole };
  if (bytes.length > 0) return { kind: "give-bytes", bytes: whole };
  const complete = new Set(observer.transfer.files.filter(({ isComplete }) => isComplete).map(({ id }) => id));
  const files = observer.transfer.stats.map((stat, id) =>
    complete.has(id) ? { stat, content: toRecordedContent(Buffer.concat(contents.get(id) ?? [])) } : { stat },
  );
  return { kind: path.includes("FileSend") ? "give-files" : "take-files", loadFiles: async () => files };
}
