/**
 * What a cassette has of builds by BuildKit, as a replay plays it: calls of the client, answers of the daemon, and calls
 * of the daemon on the client's session, in one order. The words of the cassette's format end here.
 */

import type { FileStat } from "../../wire/buildkit/files/file-stat.ts";
import type { GrpcStatus } from "../../wire/grpc/status.ts";
import type { HeaderField } from "../../wire/http/fields.ts";
import type { JsonMessageValue } from "../../wire/protobuf/json-message.ts";

export interface BuildScript {
  readonly groups: readonly BuildGroup[];
  readonly reads: readonly BuilderRead[];
}

/** A build, or several builds that share a session. It is played once. */
export interface BuildGroup {
  /** The number of its exchange in the cassette. */
  readonly index: number;
  /** `cassettes/run.yaml:14` */
  readonly place: string;
  /** How reports name it: `POST /grpc`. */
  readonly title: string;
  /** `/build?version=2` of an older client; undefined where the builds are made by Control/Solve. */
  readonly http?: HttpBuild;
  /** In the order in which the recorder saw them. */
  readonly items: readonly BuildItem[];
}

/** `POST /build?version=2`: its response is a stream of JSON lines. */
export interface HttpBuild {
  readonly call: ClientCall;
  /** The id of its session, as recorded. */
  readonly session: string;
  readonly head: { readonly status: number; readonly reason: string; readonly fields: readonly HeaderField[] };
}

/** A call that the client makes for one build. */
export interface ClientCall {
  /** The full name, e.g. `/moby.buildkit.v1.Control/Solve`; `POST /build` for an `HttpBuild`. */
  readonly method: string;
  /** The Ref of the build, an id of 25 characters. */
  readonly build: string;
  /** The request, decoded; ids as recorded. Of an `HttpBuild`: `{ Session }`. */
  readonly request: JsonMessageValue;
}

/** One step of the daemon's answer to a call. */
export type DaemonAnswer =
  | { readonly kind: "head" }
  /** A gRPC message, or a piece of an HTTP body. */
  | { readonly kind: "message"; readonly bytes: Buffer | RecordedContent }
  | { readonly kind: "status"; readonly status: GrpcStatus };

export type BuildItem =
  /** The client has made the call. */
  | { readonly kind: "call"; readonly call: ClientCall }
  | { readonly kind: "answer"; readonly call: ClientCall; readonly answer: DaemonAnswer }
  /** The client has given the call up. */
  | { readonly kind: "cancel"; readonly call: ClientCall }
  /** The daemon begins a transfer with its client. */
  | { readonly kind: "transfer"; readonly transfer: SessionTransfer }
  /** The transfer is over. */
  | { readonly kind: "transferred"; readonly transfer: SessionTransfer }
  /** Nothing happened for so long. */
  | { readonly kind: "wait"; readonly ms: number };

/** A call of the daemon on the client's session. Secrets, tokens, agents and health checks are none: no replay asks for them. */
export interface SessionTransfer {
  /** The session's id, 25 characters, as recorded. */
  readonly session: string;
  /** The full name, e.g. `/moby.filesync.v1.FileSync/DiffCopy`. */
  readonly method: string;
  /** The request's own fields, e.g. `dir-name` and `followpaths`. */
  readonly metadata: readonly HeaderField[];
  readonly content: TransferContent;
  /** The client ended it with an error, and will do so again. */
  readonly hasFailed?: boolean;
}

export type TransferContent =
  /** The client sends a tree: the build's context. */
  | ({ readonly kind: "take-files" } & RecordedTree)
  /** The client sends a tar: a context from stdin. */
  | { readonly kind: "take-tar"; readonly tar: RecordedContent }
  /** The daemon sends a tree: `--output type=local`. */
  | ({ readonly kind: "give-files" } & RecordedTree)
  /** The daemon sends bytes: `--output type=tar`. */
  | { readonly kind: "give-bytes"; readonly bytes: RecordedContent };

export interface RecordedTree {
  /** In the order in which fsutil lists them. */
  loadFiles(): Promise<readonly RecordedFile[]>;
}

export interface RecordedFile {
  readonly stat: FileStat;
  /** Undefined where there is none, and where the recording lacks it: the daemon had it from an earlier build. */
  readonly content?: RecordedContent;
}

export interface RecordedContent {
  readonly size: number;
  /** Sha256, in hexadecimal. */
  digest(): Promise<string>;
  read(): AsyncIterable<Buffer>;
}

/** A call that changes nothing and belongs to no build: ListWorkers, Info, DiskUsage, a build's history. */
export interface BuilderRead {
  /** The number of its exchange in the cassette. */
  readonly index: number;
  readonly method: string;
  /** The request, decoded; ids as recorded. */
  readonly request: JsonMessageValue;
  readonly answers: readonly DaemonAnswer[];
  /** How many groups had begun when it was answered. */
  readonly era: number;
}
