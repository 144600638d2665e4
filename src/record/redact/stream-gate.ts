/**
 * Holds the latest of a stream back until it is known whether a secret goes on in it, and hands it to the log without
 * its secrets. All keep their times, so a stream without secrets is written as if nothing had been held. Nothing is
 * lost by that: a document is written when its exchange has ended.
 */
import type { RedactedBytes, WebsocketEvent } from "../../cassette/model.ts";
import { redactBody } from "../../secrets/redact-http.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import type { SecretSpan } from "../../secrets/secret-span.ts";
import type { EventLog } from "../event-log.ts";
import { readPayload, type WireUnit, withPayload } from "../wire-unit.ts";
import { cutClientSecrets } from "./client-secrets.ts";
import { groupByLane, redactLane } from "./lanes.ts";
import { findTypedSecrets, type SessionPiece } from "./typed-secrets.ts";

/** A secret is no longer than this: an RSA key of 16,384 bits takes 13 KiB. */
const WINDOW = 16 * 1024;
/** Of the client's side. */
const CLIENT = "client";

/** What a piece of output becomes; not called where nothing is left of it. */
type WritePayload = (log: EventLog, payload: Buffer) => void;

interface HeldOutput extends SessionPiece {
  readonly kind: "output";
  readonly lane: string;
  readonly original: Buffer;
  readonly write: WritePayload;
  text: string;
}

interface HeldInput extends SessionPiece {
  readonly kind: "input";
  readonly lane: string;
  readonly at: number;
  pieces: readonly (Buffer | RedactedBytes)[];
  text: string;
}

interface HeldCall {
  readonly kind: "call";
  readonly write: (log: EventLog) => void;
}

type Held = HeldOutput | HeldInput | HeldCall;

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
    const text = bytes.toString("latin1");
    this.#hold({ kind: "input", from: CLIENT, isTty: false, lane: CLIENT, at, pieces: [bytes], text });
  }

  /** Anything that has no secrets, in its order. */
  write(write: (log: EventLog) => void): void {
    if (this.#held.length === 0) write(this.#log);
    else this.#held.push({ kind: "call", write });
  }

  /** The text of all events, in pieces; undefined where there were none. */
  finish(): Iterable<string | Buffer> | undefined {
    this.#redact();
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

  #holdOutput(output: Pick<HeldOutput, "lane" | "isTty" | "original" | "write">): void {
    this.#hold({ kind: "output", from: "daemon", text: output.original.toString("latin1"), ...output });
  }

  #hold(piece: HeldOutput | HeldInput): void {
    this.#held.push(piece);
    this.#size += piece.text.length;
    if (this.#size <= 2 * WINDOW) return;
    this.#redact();
    this.#release(WINDOW);
  }

  #redact(): void {
    const pieces = this.#held.filter((one) => one.kind !== "call");
    const inputs = pieces.filter((one) => one.kind === "input");
    const typed = this.#redactor.rules.isOn("typed") ? findTypedSecrets(pieces) : [];
    const input = joinTexts(inputs);
    // What was typed at a prompt and is echoed nevertheless is a secret in the output, too.
    for (const { start, end } of typed) this.#redactor.expect(input.slice(start, end));
    for (const lane of groupByLane(pieces.filter((one) => one.kind === "output")).values()) this.#redactOutput(lane);
    this.#redactInput(inputs, [...typed, ...this.#redactor.findInText(input)]);
  }

  #redactOutput(lane: readonly HeldOutput[]): void {
    const texts = redactLane(
      lane.map(({ text }) => text),
      this.#redactor,
    );
    for (const [at, held] of lane.entries()) held.text = texts?.[at] ?? held.text;
  }

  #redactInput(inputs: readonly HeldInput[], spans: readonly SecretSpan[]): void {
    if (spans.length === 0) return;
    const cut = cutClientSecrets(
      inputs.map(({ text }) => text),
      spans,
    );
    for (const [at, input] of inputs.entries()) {
      input.pieces = [...input.pieces.filter((piece) => !Buffer.isBuffer(piece)), ...(cut[at] ?? [])];
      // A line that was cut out is over: it is not looked at again.
      input.text = input.pieces.map((piece) => (Buffer.isBuffer(piece) ? piece.toString("latin1") : "")).join("");
    }
  }

  /** Hands on all but the last `kept` bytes. */
  #release(kept: number): void {
    let at = 0;
    for (const held of this.#held) {
      if (held.kind !== "call") {
        if (this.#size <= kept && kept > 0) break;
        this.#size -= held.text.length;
      }
      this.#writeHeld(held);
      at += 1;
    }
    this.#held = this.#held.slice(at);
    if (kept > 0) this.#size = this.#held.reduce((sum, one) => sum + (one.kind === "call" ? 0 : one.text.length), 0);
  }

  #writeHeld(held: Held): void {
    if (held.kind === "call") held.write(this.#log);
    else if (held.kind === "output") this.#writeOutput(held);
    else for (const piece of held.pieces) this.#writeInput(piece, held.at);
  }

  #writeOutput({ text, original, write }: HeldOutput): void {
    const bytes = Buffer.from(text, "latin1");
    if (bytes.length > 0 || original.length === 0) write(this.#log, bytes.equals(original) ? original : bytes);
  }

  #writeInput(piece: Buffer | RedactedBytes, at: number): void {
    if (Buffer.isBuffer(piece)) this.#log.writeClientBytes(piece, at);
    else this.#log.writeClientEvent({ kind: "stdin", content: piece }, at);
  }
}

function joinTexts(pieces: readonly { readonly text: string }[]): string {
  return pieces.map(({ text }) => text).join("");
}
