/**
 * Holds the latest of a stream back until it is known whether a secret goes on in it, and hands it to the log without
 * its secrets. All keep their times, so a stream without secrets is written as if nothing had been held. Nothing is
 * lost by that: a document is written when its exchange has ended.
 */
import type { WebsocketEvent } from "../../cassette/model.ts";
import { LONGEST_SECRET } from "../../secrets/longest-secret.ts";
import { redactBody } from "../../secrets/redact-http.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import type { SecretSpan } from "../../secrets/secret-span.ts";
import { readPayload, type WireUnit, withPayload } from "../decode/wire-unit.ts";
import type { EventLog } from "../events/event-log.ts";
import { type ClientPiece, cutClientSecrets, readClientText } from "./client-secrets.ts";
import { groupByLane, redactPieces } from "./lanes.ts";
import { findTypedSecrets } from "./typed-secrets.ts";

/** So much is held before it is searched, so that each byte is searched little more than once. */
const HELD_LIMIT = 4 * LONGEST_SECRET;

/** What a piece of output becomes; not called where nothing is left of it. */
type WritePayload = (log: EventLog, payload: Buffer) => void;

interface HeldOutput {
  readonly kind: "output";
  readonly lane: string;
  readonly isTty: boolean;
  readonly original: Buffer;
  readonly write: WritePayload;
  bytes: Buffer;
}

interface HeldInput {
  readonly kind: "input";
  readonly at: number;
  pieces: readonly ClientPiece[];
}

interface HeldCall {
  readonly kind: "call";
  readonly write: (log: EventLog) => void;
}

type HeldPiece = HeldOutput | HeldInput;
type Held = HeldPiece | HeldCall;

export class StreamGate {
  readonly #log: EventLog;
  readonly #redactor: Redactor;
  readonly #operation: string;
  #held: Held[] = [];
  #size = 0;

  constructor(log: EventLog, { redactor, operation }: { readonly redactor: Redactor; readonly operation: string }) {
    this.#log = log;
    this.#redactor = redactor;
    this.#operation = operation;
  }

  writeUnit(unit: WireUnit, at: number): void {
    const payload = readPayload(unit);
    const { event } = unit;
    if (payload === undefined) this.#writeMessage(unit, at);
    else {
      const lane = event.kind === "frames" ? event.stream : "output";
      const isTty = event.kind === "bytes" && event.isTty;
      const write: WritePayload = (log, bytes) =>
        log.writeUnit(bytes === payload ? unit : withPayload(unit, bytes), at);
      this.#holdOutput({ lane, isTty, original: payload, write });
    }
  }

  writeWebsocketFrame(frame: Omit<WebsocketEvent, "kind">, at: number): void {
    const lane = `websocket-${frame.from}`;
    const write: WritePayload = (log, payload) => {
      const event = { kind: "ws", ...frame, payload } as const;
      if (frame.from === "client") log.writeClientEvent(event, at);
      else log.writeDaemonEvent(event, at);
    };
    this.#holdOutput({ lane, isTty: false, original: frame.payload, write });
  }

  writeClientBytes(bytes: Buffer, at: number): void {
    this.#hold({ kind: "input", at, pieces: [bytes] });
  }

  /** Anything that has no secrets, in its order. */
  write(write: (log: EventLog) => void): void {
    if (this.#held.length === 0) write(this.#log);
    else this.#held.push({ kind: "call", write });
  }

  /** The text of all events, in pieces; undefined where there were none. */
  finish(): Iterable<string | Buffer> | undefined {
    this.#redact(true);
    this.#release(0);
    return this.#log.finish();
  }

  discard(): void {
    this.#held = [];
    this.#log.discard();
  }

  /** A message is whole: its secrets are looked for at once. */
  #writeMessage(unit: WireUnit, at: number): void {
    const { event } = unit;
    const json = event.kind === "message" ? this.#redactJson(event.json) : undefined;
    const isClean = event.kind !== "message" || json === event.json;
    const redacted = isClean || json === undefined ? unit : withPayload(unit, json);
    this.write((log) => log.writeUnit(redacted, at));
  }

  #redactJson(json: Buffer): Buffer {
    return redactBody(json, { operation: this.#operation, side: "answer" }, this.#redactor);
  }

  #holdOutput(output: Omit<HeldOutput, "kind" | "bytes">): void {
    this.#hold({ kind: "output", bytes: output.original, ...output });
  }

  #hold(piece: HeldPiece): void {
    this.#held.push(piece);
    this.#size += measureHeld(piece);
    if (this.#size <= HELD_LIMIT) return;
    this.#redact(false);
    this.#release(LONGEST_SECRET);
  }

  #redact(isOver: boolean): void {
    const pieces = this.#held.filter((one) => one.kind !== "call");
    const inputs = pieces.filter((one) => one.kind === "input");
    const typed = inputs.length > 0 ? this.#learnTypedSecrets(pieces, isOver) : [];
    for (const lane of groupByLane(pieces.filter((one) => one.kind === "output")).values()) this.#redactOutput(lane);
    if (inputs.length > 0) this.#redactInput(inputs, typed);
  }

  /** What was typed at a prompt and is echoed nevertheless is a secret in the output, too. */
  #learnTypedSecrets(pieces: readonly HeldPiece[], isOver: boolean): readonly SecretSpan[] {
    if (!this.#redactor.rules.isOn("typed")) return [];
    const session = pieces.map((piece) => ({
      from: piece.kind === "input" ? ("client" as const) : ("daemon" as const),
      isTty: piece.kind === "output" && piece.isTty,
      text: piece.kind === "input" ? readClientText(piece.pieces) : piece.bytes.toString("latin1"),
    }));
    const typed = findTypedSecrets(session, isOver);
    const input = session.map(({ from, text }) => (from === "client" ? text : "")).join("");
    for (const { start, end } of typed) this.#redactor.expect(input.slice(start, end));
    return typed;
  }

  #redactOutput(lane: readonly HeldOutput[]): void {
    const redacted = redactPieces(lane, this.#redactor);
    if (redacted !== undefined) for (const [at, held] of lane.entries()) held.bytes = redacted[at] as Buffer;
  }

  #redactInput(inputs: readonly HeldInput[], typed: readonly SecretSpan[]): void {
    const text = readClientText(inputs.flatMap(({ pieces }) => pieces));
    const spans = [...typed, ...this.#redactor.findInText(text)];
    if (spans.length === 0) return;
    const cut = cutClientSecrets(
      inputs.map(({ pieces }) => pieces),
      spans,
    );
    for (const [at, input] of inputs.entries()) input.pieces = cut[at] ?? [];
  }

  /** Hands on all but the last `kept` bytes. */
  #release(kept: number): void {
    let at = 0;
    for (const held of this.#held) {
      if (held.kind !== "call") {
        if (this.#size <= kept && kept > 0) break;
        this.#size -= measureHeld(held);
      }
      this.#writeHeld(held);
      at += 1;
    }
    this.#held = this.#held.slice(at);
    if (kept > 0) this.#size = this.#held.reduce((sum, one) => sum + measureHeld(one), 0);
  }

  #writeHeld(held: Held): void {
    if (held.kind === "call") held.write(this.#log);
    else if (held.kind === "output") this.#writeOutput(held);
    else for (const piece of held.pieces) this.#writeInput(piece, held.at);
  }

  #writeOutput({ bytes, original, write }: HeldOutput): void {
    if (bytes.length > 0 || original.length === 0) write(this.#log, bytes);
  }

  #writeInput(piece: ClientPiece, at: number): void {
    if (Buffer.isBuffer(piece)) this.#log.writeClientBytes(piece, at);
    else this.#log.writeClientEvent({ kind: "stdin", content: piece }, at);
  }
}

/** Of an input, what is left of it to search. */
function measureHeld(held: Held): number {
  if (held.kind === "call") return 0;
  if (held.kind === "output") return held.bytes.length;
  return held.pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : 0), 0);
}
