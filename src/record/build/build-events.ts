/** Turns what happens in a build into the events of its document. */

import { findMethodShape } from "../../cassette/build/call-names.ts";
import { decodeBuildProgress, findFirstTime } from "../../cassette/build/progress-message.ts";
import type { BuildEvent, RecordedMessage } from "../../cassette/build-model.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import { GRPC_STATUS_NAMES } from "../../wire/grpc/status.ts";
import type { HeaderField } from "../../wire/http/fields.ts";
import type { BuildHappening } from "../decode/build-happening.ts";
import type { RecordingStore } from "../store.ts";
import type { Placeholders } from "./placeholders.ts";
import { sortMaps, toRecordedMessage, toRecordedStatus } from "./recorded-message.ts";
import { BytesRecorder, ExportRecorder, type RecordedTransfer, type TransferRecorder } from "./transfer-recorder.ts";
import { TreeRecorder } from "./tree-recorder.ts";

/** What of the files that a client sends is kept: all, or only paths, modes, sizes and digests. */
export type ContextPolicy = "files" | "digests";

export interface BuildEventsOptions {
  readonly store: RecordingStore;
  readonly ids: Placeholders;
  readonly contexts: ContextPolicy;
  readonly redactor: Redactor;
  /** Called with the ref of each build and its placeholder. */
  onBuild?(ref: string, placeholder: string): void;
}

/** An event, and the lines that stand above it. */
export interface CommentedEvent {
  readonly event: BuildEvent;
  readonly transfer?: RecordedTransfer;
}

type Happening<K extends BuildHappening["kind"]> = Extract<BuildHappening, { kind: K }>;

interface OpenTransfer {
  readonly kind: "sync" | "upload" | "export";
  readonly as: string;
  readonly recorder: TransferRecorder;
}

const TRANSFERS = { "FileSync/DiffCopy": "sync", "Upload/Pull": "upload", "FileSend/DiffCopy": "export" } as const;
/** What gRPC, tracing and containerd need says nothing of the build. */
const TECHNICAL = /^(?::|grpc-|content-type$|te$|user-agent$|trace|containerd-|baggage$)/;
/** Its answer is the build's definition, which its client sends back: not for people. */
const OPAQUE = "LLBBridge/Solve";
const SHARED_SESSION = /^local-sessionid:/;

export class BuildEvents {
  readonly #options: BuildEventsOptions;
  readonly #transfers = new Map<number, OpenTransfer>();
  readonly #names = new Map<string, number>();
  /** The first time in the daemon's messages; times count from it. */
  #base: bigint | undefined;

  constructor(options: BuildEventsOptions) {
    this.#options = options;
  }

  /** Nothing for what only passes. */
  convert(happening: BuildHappening): CommentedEvent | undefined {
    switch (happening.kind) {
      case "call":
        return { event: this.#toCall(happening) };
      case "answer":
        return { event: this.#toAnswer(happening) };
      case "end":
        return { event: { ...happening, status: this.#toStatus(happening) } };
      case "cancel":
        return { event: happening };
      case "session-call":
        return { event: this.#beginTransfer(happening) };
      case "session-message":
        this.#transfers.get(happening.call)?.recorder.push(happening.side, happening.bytes);
        return undefined;
      case "session-end":
        return this.#endTransfer(happening);
      case "secret":
        return { event: { ...happening, id: this.#substitute(happening.id) } };
      case "secret-value":
        return undefined;
    }
  }

  /** One StatusResponse; undefined where lines cannot express it. */
  convertProgress(build: number, message: Buffer): BuildEvent | undefined {
    this.#base ??= findFirstTime(message);
    const progress = decodeBuildProgress(message, this.#base ?? 0n);
    return progress === undefined ? undefined : { kind: "progress", build, progress };
  }

  discard(): void {
    for (const { recorder } of this.#transfers.values()) recorder.discard();
    this.#transfers.clear();
  }

  #substitute(text: string): string {
    return this.#options.ids.substitute(text);
  }

  #toCall({ build, method, message: bytes }: Happening<"call">): BuildEvent {
    const name = findMethodShape(method)?.request;
    if (method === "Control/Status" || method === "LLBBridge/Return") return { kind: "call", build, method };
    if (method === "Control/Solve") this.#noteIds(bytes, name);
    const message = toRecordedMessage(bytes, name, (text) => this.#substitute(text));
    const isJson = "json" in message && name !== undefined;
    return { kind: "call", build, method, message: isJson ? { json: sortMaps(message.json, name) } : message };
  }

  /** The ids that have a meaning: those of the build, and those of sessions. */
  #noteIds(bytes: Buffer, name: string | undefined): void {
    const message = toRecordedMessage(bytes, name, (text) => text);
    if (!("json" in message)) return;
    const { Ref = "", Session = "", FrontendAttrs = {} } = message.json;
    this.#options.onBuild?.(String(Ref), this.#options.ids.nameRef(String(Ref)));
    this.#options.ids.numberSession(String(Session));
    const shared = Object.entries(FrontendAttrs).filter(([key]) => SHARED_SESSION.test(key));
    for (const [, id] of shared.sort()) this.#options.ids.numberSession(String(id));
  }

  #toAnswer({ build, method, message, isLast }: Happening<"answer">): BuildEvent {
    const progress = method === "Control/Status" ? this.convertProgress(build, message) : undefined;
    if (progress !== undefined) return progress;
    return { kind: "answer", build, method, message: this.#toMessage(method, message), isLast };
  }

  #toMessage(method: string, message: Buffer): RecordedMessage {
    if (method === "Control/Status") return { bytes: message };
    if (method !== OPAQUE) {
      return toRecordedMessage(message, findMethodShape(method)?.response, (text) => this.#substitute(text));
    }
    const sidecar = this.#options.store.sidecar();
    sidecar.write(this.#options.redactor.maskBytes(message));
    return { file: sidecar.finish("llb", ".bin") };
  }

  #toStatus({ status }: Happening<"end">): ReturnType<typeof toRecordedStatus> {
    return toRecordedStatus(status);
  }

  #beginTransfer({ call, method, session, fields }: Happening<"session-call">): BuildEvent {
    const kind = TRANSFERS[method as keyof typeof TRANSFERS];
    const metadata = this.#toMetadata(fields);
    const as = this.#nameTransfer(
      kind === "sync" ? (metadata.find(([name]) => name === "dir-name")?.[1] ?? kind) : kind,
    );
    this.#transfers.set(call, { kind, as, recorder: this.#createRecorder(kind) });
    return { kind: "transfer", transfer: kind, as, session: this.#options.ids.numberSession(session), metadata };
  }

  #createRecorder(kind: OpenTransfer["kind"]): TransferRecorder {
    const { store, contexts } = this.#options;
    if (kind === "upload") return new BytesRecorder(store, "client");
    if (kind === "sync") return new TreeRecorder({ store, sender: "client", digestsOnly: contexts === "digests" });
    return new ExportRecorder({
      createTree: () => new TreeRecorder({ store, sender: "daemon", digestsOnly: false }),
      createBytes: () => new BytesRecorder(store, "daemon"),
    });
  }

  /** gRPC's metadata is a map of lists: only the order within a name means something. */
  #toMetadata(fields: readonly HeaderField[]): readonly HeaderField[] {
    const own = fields.filter(([name]) => !TECHNICAL.test(name));
    const sorted = own.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
    return sorted.map(([name, value]): HeaderField => [name, this.#substitute(value)]);
  }

  /** `context`, then `context-2`. */
  #nameTransfer(label: string): string {
    const count = (this.#names.get(label) ?? 0) + 1;
    this.#names.set(label, count);
    return count === 1 ? label : `${label}-${count}`;
  }

  #endTransfer({ call, status }: Happening<"session-end">): CommentedEvent | undefined {
    const open = this.#transfers.get(call);
    if (open === undefined) return undefined;
    this.#transfers.delete(call);
    const transfer = open.recorder.finish(open.as.replace(/[^\w.-]+/g, "-"));
    const refusal =
      status === undefined || status.code === 0 ? undefined : status.message || `${GRPC_STATUS_NAMES[status.code]}`;
    const problem = refusal ?? transfer.problem;
    const { kind, as } = open;
    const event = { kind: "transferred", transfer: kind, as, content: transfer.content } as const;
    return { event: problem === undefined ? event : { ...event, problem }, transfer };
  }
}
