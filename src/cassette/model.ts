/**
 * The model of a cassette, independent of the spelling in its text. Bodies are bytes here: the writer chooses the
 * readable forms (json, text, base64, block literals), and the reader decodes them.
 * The format itself is described in docs/cassette-format.md.
 */
import type { HeaderField } from "../wire/http/head.ts";
import type { BuildEvent, BuildkitCall } from "./build-model.ts";
import type { Allowance, PresetName } from "./rule-names.ts";
import type { SidecarRef } from "./sidecar-ref.ts";

export type { SidecarRef } from "./sidecar-ref.ts";

/** A complete body: its bytes, or the sidecar with its bytes. */
export type RecordedBody = Buffer | SidecarRef;

export interface RecordedRequest {
  readonly method: string;
  /** The target of the request line, e.g. `/v1.41/containers/create?name=web`. */
  readonly target: string;
  /** The few headers that are kept (docs/cassette-format.md, "Request headers"). */
  readonly headers: readonly HeaderField[];
  readonly body?: RecordedBody;
  /** The daemon answered, or the client left, before the whole body was sent; then it is not compared. */
  readonly isPartial?: boolean;
}

/** How a body was delimited on the wire. */
export type BodyFraming = "none" | "length" | "chunked" | "close";

export interface RecordedResponse {
  readonly status: number;
  readonly reason: string;
  /**
   * The response's own headers, beside those of every response and the implied ones. Ignored if `exactHead` is set.
   */
  readonly headers: readonly HeaderField[];
  /** All header fields exactly as sent; set if the implied head would differ. */
  readonly exactHead?: readonly HeaderField[];
  /** Set if it is not the implied one (cassette/response-head.ts). */
  readonly framing?: BodyFraming;
  /** Chunk sizes in order; set if they are not the usual ones. */
  readonly chunks?: readonly number[];
  /** A hijack with status 200 (no Upgrade in the request): the bytes after the head are raw. */
  readonly isHijack?: boolean;
  /** How long the daemon took to answer, in ms; 0 if it is not significant. */
  readonly waitMs?: number;
  /** Names of exchanges that must be requested before the head is sent (a `wait` of API 1.29 and below, a slow stop). */
  readonly cues?: readonly string[];
  /** Names of marks of other streams that come before the head is sent. */
  readonly untils?: readonly string[];
  /** The client left before this response came: a time limit of its own was shorter. */
  readonly isLeft?: boolean;
  readonly trailers?: readonly HeaderField[];
  readonly body?: RecordedBody;
}

/** The frames of one event: each line a frame, or the sizes of their payloads. @default one frame */
export type FrameCut = "lines" | readonly number[];

/** Client bytes that are secret: a cassette has only their number. */
export interface RedactedBytes {
  readonly redactedSize: number;
  /** The last of them end a line: today's end where that line ends, however many they are. */
  readonly isLine?: boolean;
}

/** Daemon bytes may share their HTTP chunk with the event that follows. */
interface MayShareChunk {
  readonly joined?: boolean;
}

export interface FramesEvent extends MayShareChunk {
  readonly kind: "frames";
  readonly stream: "stdin" | "stdout" | "stderr" | "systemerr";
  readonly payload: Buffer;
  readonly cut?: FrameCut;
}

/** One message of a JSON stream: `progress` ends with CRLF, `jsonl` with LF, `json-seq` is led by RS and ends with LF. */
export interface MessageEvent extends MayShareChunk {
  readonly kind: "message";
  readonly dialect: "progress" | "jsonl" | "json-seq";
  /** The JSON text without the marks around it. */
  readonly json: Buffer;
}

/** A piece of any other body or hijack; `isTty` for a terminal's output. */
export interface BytesEvent extends MayShareChunk {
  readonly kind: "bytes";
  readonly isTty: boolean;
  readonly bytes: Buffer;
}

/** Many bytes of the daemon as they were on the wire (chunk framing removed). */
export interface FileEvent {
  readonly kind: "file";
  readonly file: SidecarRef;
}

/** What the client sent into a hijack; the replayer waits for it. */
export interface StdinEvent {
  readonly kind: "stdin";
  readonly content: Buffer | SidecarRef | RedactedBytes;
}

export interface WebsocketEvent {
  readonly kind: "ws";
  readonly from: "client" | "daemon";
  readonly opcode: "text" | "binary" | "close" | "ping" | "pong";
  /** The unmasked payload; of a close, the two bytes of its code and its reason. */
  readonly payload: Buffer;
}

export interface WaitEvent {
  readonly kind: "wait";
  readonly ms: number;
}

export interface CueEvent {
  readonly kind: "cue";
  /** The name of the exchange that must have been requested. */
  readonly name: string;
}

/** A point of a stream that another stream waits for: `mark` sets it, `until` waits for it. */
export interface MarkEvent {
  readonly kind: "mark" | "until";
  readonly name: string;
}

export interface EofEvent {
  readonly kind: "eof";
  readonly side: "client" | "daemon";
}

/**
 * `reset`: the daemon's side broke off. `cut`: the recording stopped before the daemon ended. `hold`: the stream stays
 * silent until the client leaves; written by hand.
 */
export interface BreakEvent {
  readonly kind: "reset" | "cut" | "hold";
}

/** The daemon's output up to here is repeated until the client leaves, with a pause of `ms` before each time. */
export interface RepeatEvent {
  readonly kind: "repeat";
  readonly ms: number;
}

export type StreamEvent =
  | FramesEvent
  | MessageEvent
  | BytesEvent
  | FileEvent
  | StdinEvent
  | WebsocketEvent
  | WaitEvent
  | CueEvent
  | MarkEvent
  | EofEvent
  | BreakEvent
  | RepeatEvent;

export interface Exchange {
  /** Set if another exchange refers to this one, or a person named it. Unique in its cassette. */
  readonly name?: string;
  /** Names of state-changing exchanges that were requested but not answered when this one was requested. */
  readonly during?: readonly string[];
  /** A state-changing exchange that may be played any number of times. */
  readonly repeat?: boolean;
  readonly request: RecordedRequest;
  /** Undefined: the client left before the daemon answered. */
  readonly response: RecordedResponse | undefined;
  /** Events after the heads; undefined where the response has a plain body or none. */
  readonly stream?: readonly StreamEvent[];
  /**
   * The events of a build, or of builds that share a session, instead of a stream. `request` is
   * `GRPC /moby.buildkit.v1.Control/Solve` (then there is no response), or `POST /build?...version=2`.
   */
  readonly build?: readonly BuildEvent[];
  /** A single call of BuildKit's API: `request` is `GRPC` and the call's `:path`; there is no response beside it. */
  readonly call?: BuildkitCall;
}

/** What may differ between a recording and today (docs/cassette-format.md, "Rules"). */
export interface Rules {
  /** Parts of a request that are not compared: `query.t`, `json.HostConfig.Memory`. */
  readonly ignore: readonly string[];
  /** Parts of a request whose recorded value stands for today's: `query.name`, keyed by the name of the binding. */
  readonly bind: Readonly<Record<string, string>>;
  /** Further headers that are compared. */
  readonly match: readonly string[];
  /** Allowances that are switched off: what they let pass is compared literally. */
  readonly exact: readonly Allowance[];
  /** The clients whose allowances apply; undefined: those of the detected clients. */
  readonly presets?: readonly PresetName[];
}

/** The bytes sent on a port that a replayed container publishes; written by hand. */
export interface PortVoice {
  /** Sent to each client that connects. */
  readonly greets?: Buffer;
  /** Sent after each piece that is received. */
  readonly answers?: Buffer;
}

export interface CassetteHeader {
  /** The format's version: 1. */
  readonly version: number;
  readonly recorded?: Readonly<Partial<Record<"at" | "by" | "from" | "client", string>>>;
  readonly everyResponse: readonly HeaderField[];
  readonly rules: Rules;
  /** Rules of redaction for the next recording: `ACME_ID`, `/acme-\\d+/`, `no-env` (docs/secrets.md). */
  readonly redact?: readonly string[];
  /** By the container's port: `80/tcp`. */
  readonly ports?: Readonly<Record<string, PortVoice>>;
  /** True while the recorder has not finished the file, or if it died before. */
  readonly isUnfinished: boolean;
}
