/**
 * What a cassette says, apart from how its text spells it. Bytes are what count here; the pretty forms
 * (json, text, base64, block literals) are chosen by the writer and undone by the reader.
 * The format itself is described in docs/cassette-format.md.
 */
import type { HeaderField } from "../wire/head.ts";
import type { Allowance, PresetName } from "./rule-names.ts";

/** A file beside the cassette; `path` is relative to the cassette's folder and never leaves it. */
export interface SidecarRef {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** A body whose end is known: its bytes, or the sidecar that holds them. */
export type RecordedBody = Buffer | SidecarRef;

export interface RecordedRequest {
  readonly method: string;
  /** The request target as it stood in the request line, e.g. `/v1.41/containers/create?name=web`. */
  readonly target: string;
  /** The few headers that are kept (docs/cassette-format.md, "Request headers"). */
  readonly headers: readonly HeaderField[];
  readonly body?: RecordedBody;
  /** The daemon answered, or the client left, before the whole body was sent; it is not compared. */
  readonly isPartial?: boolean;
}

/** How a body was delimited on the wire. */
export type BodyFraming = "none" | "length" | "chunked" | "close";

export interface RecordedResponse {
  readonly status: number;
  readonly reason: string;
  /**
   * The response's own headers, beside those of every response and those that are implied. Ignored where
   * `exactHead` stands.
   */
  readonly headers: readonly HeaderField[];
  /** All header fields exactly as sent, where the implied head would not give the same bytes. */
  readonly exactHead?: readonly HeaderField[];
  /** Set where it is not what any daemon would do (see wire knowledge in cassette/implied.ts). */
  readonly framing?: BodyFraming;
  /** Set where the chunks of a chunked body are not the usual ones: sizes in order. */
  readonly chunks?: readonly number[];
  /** A hijack that was answered 200 (no Upgrade in the request): what follows the head is raw. */
  readonly isHijack?: boolean;
  /** How long the daemon took to answer, in ms; 0 if not worth telling. */
  readonly waitMs?: number;
  /** Names of exchanges that must have been requested before the head is sent (a `wait` of API 1.29 and below). */
  readonly cues?: readonly string[];
  readonly trailers?: readonly HeaderField[];
  readonly body?: RecordedBody;
}

/** How the frames of one event were cut: each line its own frame, or the sizes of their payloads. Default: one frame. */
export type FrameCut = "lines" | readonly number[];

/** Client bytes that never reach a cassette: only how many there were is known. */
export interface RedactedBytes {
  readonly redactedSize: number;
}

/** Daemon bytes that share their HTTP chunk with the event that follows say so. */
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
  /** The JSON text, without what leads or ends it. */
  readonly json: Buffer;
}

/** A piece of any other body or hijack; `tty` where a terminal speaks. */
export interface BytesEvent extends MayShareChunk {
  readonly kind: "bytes";
  readonly isTty: boolean;
  readonly bytes: Buffer;
}

/** A long stretch of the daemon's bytes as they stood on the wire (chunk framing removed). */
export interface FileEvent {
  readonly kind: "file";
  readonly file: SidecarRef;
}

/** What the client sent into a hijack: a line that the replayer waits for. */
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

/** A point of this stream that another one waits for: `mark` sets it, `until` waits for it. */
export interface MarkEvent {
  readonly kind: "mark" | "until";
  readonly name: string;
}

export interface EofEvent {
  readonly kind: "eof";
  readonly side: "client" | "daemon";
}

/**
 * `reset`: the daemon's side broke off. `cut`: the recording was stopped here, the daemon had not ended. `hold`: nothing
 * more is said until the client leaves; written by hand.
 */
export interface BreakEvent {
  readonly kind: "reset" | "cut" | "hold";
}

/** What the daemon said so far is said again and again until the client leaves, with a pause before each time. */
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
  /** Set where something refers to the exchange, or a person named it. Unique in its cassette. */
  readonly name?: string;
  /** Names of state-changing exchanges that had been requested but not answered when this one was requested. */
  readonly during?: readonly string[];
  /** A state-changing exchange that may be played again and again. */
  readonly repeat?: boolean;
  readonly request: RecordedRequest;
  /** Undefined: the client left before the daemon answered. */
  readonly response: RecordedResponse | undefined;
  /** Events after the heads; undefined where the response has a plain body or none. */
  readonly stream?: readonly StreamEvent[];
}

/** What may differ between a recording and today (docs/cassette-format.md, "Rules"). */
export interface Rules {
  /** Parts of a request that are not compared: `query.t`, `json.HostConfig.Memory`. */
  readonly ignore: readonly string[];
  /** Parts of a request whose recorded value stands for today's: `query.name`, by the name the rule gives it. */
  readonly bind: Readonly<Record<string, string>>;
  /** Headers that are compared as well. */
  readonly match: readonly string[];
  /** Meanings that do not hold: what they let pass is compared as it is spelled. */
  readonly exact: readonly Allowance[];
  /** The clients whose meanings hold; undefined: those that are detected. */
  readonly presets?: readonly PresetName[];
}

/** What is said on a port that a replayed container publishes; written by hand. */
export interface PortVoice {
  /** Said to whoever connects. */
  readonly greets?: Buffer;
  /** Said each time that something was heard. */
  readonly answers?: Buffer;
}

export interface CassetteHeader {
  /** The format's version: 1. */
  readonly version: number;
  readonly recorded?: Readonly<Partial<Record<"at" | "by" | "from" | "client", string>>>;
  readonly everyResponse: readonly HeaderField[];
  readonly rules: Rules;
  /** By the container's port: `80/tcp`. */
  readonly ports?: Readonly<Record<string, PortVoice>>;
  /** True while the recorder has not finished the file (or died before it could). */
  readonly isUnfinished: boolean;
}
