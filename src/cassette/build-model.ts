/**
 * What a cassette keeps of BuildKit: builds, and single calls of its API. A build's events stand in one order, the
 * order in which the recorder saw them pass, over all connections that the build used. Each event has its causes
 * before it, so a replayer can walk the list (docs/cassette-format.md, "Builds").
 */
import type { StatusDetail } from "../wire/buildkit/status-details.ts";
import type { HeaderField } from "../wire/http/fields.ts";
import type { JsonMessageValue } from "../wire/protobuf/json-message.ts";
import type { SidecarRef } from "./sidecar-ref.ts";

/**
 * A protobuf message: as JSON (`toJsonMessage`), if that encodes back to the recorded bytes; else as bytes; or beside
 * the cassette. In JSON the ids of a run are placeholders: `<ref>`, `<session>`, `<id:1>`.
 */
export type RecordedMessage =
  | { readonly json: { readonly [field: string]: JsonMessageValue } }
  | { readonly bytes: Buffer }
  | { readonly file: SidecarRef };

/** How a gRPC call ended, without the daemon's stack traces. */
export interface RecordedStatus {
  /** 0 is success; `GRPC_STATUS_NAMES` of wire/grpc has the names. */
  readonly code: number;
  readonly message: string;
  /** The details of `grpc-status-details-bin`; its code and message are those above. Empty where there were none. */
  readonly details: readonly StatusDetail[];
}

/** A call of BuildKit's API that belongs to no build: ListWorkers, Info, DiskUsage, the history. */
export interface BuildkitCall {
  readonly request: RecordedMessage;
  readonly answers: readonly RecordedMessage[];
  readonly status: RecordedStatus;
}

/** Which build of the document, counted from 1. */
interface OfBuild {
  readonly build: number;
}

/** A call as `<service>/<method>`, without the packages: `Control/Solve`, `LLBBridge/Return`. */
interface OfCall extends OfBuild {
  readonly method: string;
}

/** The client's call is complete: all that it says has been sent. */
export interface BuildCallEvent extends OfCall {
  readonly kind: "call";
  /** Undefined where the request says nothing of its own: Status (the ref), Return (an echo of the answer). */
  readonly message?: RecordedMessage;
}

/** The daemon sends one message of a call. */
export interface BuildAnswerEvent extends OfCall {
  readonly kind: "answer";
  readonly message: RecordedMessage;
  /** The call ends with success right behind it; so all unary calls do. */
  readonly isLast: boolean;
}

/** The daemon ends a call, with success or not. */
export interface BuildEndEvent extends OfCall {
  readonly kind: "end";
  readonly status: RecordedStatus;
}

/** The client gives a call up (Ctrl-C). */
export interface BuildCancelEvent extends OfCall {
  readonly kind: "cancel";
}

/** The daemon sends one StatusResponse: of Control/Status, or of `moby.buildkit.trace` in the answer of `POST /build`. */
export interface BuildProgressEvent extends OfBuild {
  readonly kind: "progress";
  readonly progress: ProgressMessage;
}

/** `POST /build?version=2` only: a JSON message that is no trace; CRLF ends it. */
export interface BuildLineEvent {
  readonly kind: "line";
  readonly json: Buffer;
}

/** `POST /build?version=2` only: its answer has ended. */
export interface BuildResponseEndEvent {
  readonly kind: "response-end";
}

/** What the daemon calls on a session to have files: `sync` and `upload` come from the client, `export` goes to it. */
export type TransferKind = "sync" | "upload" | "export";

/** The daemon calls FileSync/DiffCopy (`sync`), Upload/Pull (`upload`) or FileSend/DiffCopy (`export`). */
export interface TransferStartEvent {
  readonly kind: "transfer";
  readonly transfer: TransferKind;
  /** Names the transfer in its document: `dockerfile`, `context`, `context-2`. */
  readonly as: string;
  /** The number of the session, as in the placeholders: 1 is `<session>`, 2 is `<session:2>`. */
  readonly session: number;
  /**
   * Metadata of the call, sorted by name; values of one name in their order. Left out is what gRPC and tracing need.
   * Ids are placeholders.
   */
  readonly metadata: readonly HeaderField[];
}

/** That call has ended. */
export interface TransferEndEvent {
  readonly kind: "transferred";
  readonly transfer: TransferKind;
  readonly as: string;
  readonly content: BuildTransferContent;
  /** Why it failed, in the words of the side that gave up. */
  readonly problem?: string;
}

export type BuildTransferContent =
  /** fsutil's tree: a tar of all whose content passed, and of directories and links. */
  | { readonly kind: "tree"; readonly tar?: SidecarRef; readonly entries: readonly UntarredEntry[] }
  /** Bytes as they are: a tar from stdin, or for `--output type=tar`. */
  | { readonly kind: "bytes"; readonly file: SidecarRef };

/** An entry of a tree that is not in its tar: not asked for by the receiver, or kept as a digest only. */
export interface UntarredEntry {
  readonly path: string;
  readonly type: "file" | "directory" | "symlink" | "device" | "character-device" | "fifo" | "socket" | "other";
  /** The twelve bits of `chmod`. */
  readonly mode: number;
  readonly size: number;
  /** Of a symbolic link its target; of a file the path that it is a hard link of. */
  readonly link?: string;
  /** Of the content; undefined where it was not sent. */
  readonly sha256?: string;
}

/** The daemon asks a session for something that no cassette keeps; a replayer does not ask. */
export interface SecretRequestEvent {
  readonly kind: "secret";
  /** `secret`: its id. `ssh`: the agent's id. `login`: the registry's host. */
  readonly of: "secret" | "ssh" | "login";
  readonly id: string;
}

/** `wait`: a pause before what the daemon does next. `cut`: the recording stopped before the build had ended. */
export type BuildPauseEvent = { readonly kind: "wait"; readonly ms: number } | { readonly kind: "cut" };

export type BuildEvent =
  | BuildCallEvent
  | BuildAnswerEvent
  | BuildEndEvent
  | BuildCancelEvent
  | BuildProgressEvent
  | BuildLineEvent
  | BuildResponseEndEvent
  | TransferStartEvent
  | TransferEndEvent
  | SecretRequestEvent
  | BuildPauseEvent;

/**
 * A StatusResponse; each list in the order of the wire. Times are nanoseconds since the first one that the daemon told
 * in this document. What was not on the wire is undefined.
 */
export interface ProgressMessage {
  readonly steps: readonly StepUpdate[];
  readonly statuses: readonly StepStatus[];
  readonly logs: readonly StepLog[];
  readonly warnings: readonly StepWarning[];
}

/** BuildKit calls it a vertex. */
export interface StepUpdate {
  readonly digest: string;
  /** The digests of the steps that this one needs. */
  readonly inputs: readonly string[];
  readonly name?: string;
  readonly isCached: boolean;
  readonly started?: number;
  readonly completed?: number;
  readonly error?: string;
  /** `pb.ProgressGroup`. */
  readonly group?: JsonMessageValue;
}

/** A part of a step with a progress of its own, e.g. `transferring context:`. */
export interface StepStatus {
  readonly id: string;
  readonly digest: string;
  readonly name?: string;
  readonly current?: number;
  readonly total?: number;
  readonly timestamp?: number;
  readonly started?: number;
  readonly completed?: number;
}

export interface StepLog {
  readonly digest: string;
  readonly timestamp?: number;
  /** 1 is stdout, 2 is stderr. */
  readonly stream?: number;
  readonly bytes: Buffer;
}

export interface StepWarning {
  readonly digest: string;
  /** The other fields of a VertexWarning. */
  readonly message: { readonly [field: string]: JsonMessageValue };
}
