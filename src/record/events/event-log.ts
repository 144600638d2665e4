/**
 * The events of one stream, written down while it runs. What the daemon sends without a pause is one batch: adjacent
 * frames of one stream become one event, and a batch that grows beyond the inline limit goes to a sidecar as it stood
 * on the wire. Text that grows long is spooled, so a stream of any length takes constant memory.
 */
import { INLINE_LIMIT } from "../../cassette/chunks.ts";
import type { StreamEvent } from "../../cassette/model.ts";
import { formatEvent } from "../../cassette/write.ts";
import { ClientInput } from "../bodies/client-input.ts";
import { SpooledText } from "../bodies/spooled-text.ts";
import type { WireUnit } from "../decode/wire-unit.ts";
import type { RecordingStore, SidecarWriter } from "../store.ts";
import { EventBatch } from "./event-batch.ts";
import { PauseMeter } from "./pause-meter.ts";

/** A pause this long ends a batch that has gone to a sidecar; shorter ones are lost in it. */
const SIDECAR_PAUSE_MS = 100;
/** Messages are worth reading one by one for longer than raw bytes are. */
const MESSAGE_LIMIT = 4 * 1024 * 1024;

export interface EventLogOptions {
  readonly store: RecordingStore;
  /** Names the sidecars of the stream. */
  readonly label: string;
  /** Waits are kept to the millisecond instead of being rounded. */
  readonly exactTiming: boolean;
  /** When the exchange was requested, in ms. */
  readonly at: number;
}

export class EventLog {
  readonly #store: RecordingStore;
  readonly #label: string;
  readonly #batch: EventBatch = new EventBatch();
  readonly #input: ClientInput;
  readonly #pauses: PauseMeter;
  readonly #text: SpooledText;
  /** Where a batch goes that has grown too large. */
  #file: SidecarWriter | undefined;

  constructor({ store, label, exactTiming, at }: EventLogOptions) {
    this.#store = store;
    this.#label = label;
    this.#input = new ClientInput(store, label);
    this.#pauses = new PauseMeter({ exactTiming, at });
    this.#text = new SpooledText(store);
  }

  /** The response's head has come: pauses count from here. */
  writeHead(at: number): void {
    this.#pauses.resume(at);
  }

  writeUnit(unit: WireUnit, at: number): void {
    const pauseMs = this.#pauses.measure(at);
    if (this.#file !== undefined && pauseMs < SIDECAR_PAUSE_MS) this.#file.write(unit.wire());
    else this.#addToBatch(unit, pauseMs);
  }

  writeClientBytes(bytes: Buffer, at: number): void {
    this.#endBatch();
    this.#pauses.resume(at);
    this.#input.push(bytes);
  }

  /** `at`: when what the stream waits for has come. */
  writeCue(event: Extract<StreamEvent, { kind: "cue" | "until" | "mark" }>, at: number): void {
    this.#settle();
    if (event.kind !== "mark") this.#pauses.restart(at);
    this.#write(event);
  }

  /** Something that the client does, such as its end. */
  writeClientEvent(event: StreamEvent, at: number): void {
    this.#settle();
    this.#write(event);
    this.#pauses.resume(at);
  }

  /** Something that the daemon does other than sending a unit. */
  writeDaemonEvent(event: StreamEvent, at: number): void {
    const pauseMs = this.#pauses.measure(at);
    this.#settle();
    this.#writePause(pauseMs);
    this.#write(event);
  }

  /** What came of a body that broke off: it came before now, at a time that is not known; the pause follows it. */
  writeRemains(event: StreamEvent): void {
    this.#settle();
    this.#write(event);
  }

  /** The recording stops here. */
  writeCut(): void {
    this.#settle();
    this.#write({ kind: "cut" });
  }

  /** The text of all events, in pieces; undefined where there were none. The log is over. */
  finish(): Iterable<string | Buffer> | undefined {
    this.#settle();
    return this.#text.finish();
  }

  discard(): void {
    this.#text.discard();
    this.#file?.discard();
    this.#input.discard();
  }

  #addToBatch(unit: WireUnit, pauseMs: number): void {
    if (pauseMs > 0) this.#endBatch();
    this.#writeInput();
    this.#writePause(pauseMs);
    this.#batch.push(unit);
    const limit = unit.isMessage ? MESSAGE_LIMIT : INLINE_LIMIT;
    if (this.#batch.size > limit) this.#spillBatch();
  }

  /** Writes down what has gathered of either side. */
  #settle(): void {
    this.#endBatch();
    this.#writeInput();
  }

  #endBatch(): void {
    if (this.#file !== undefined) {
      const file = this.#file.finish(this.#label, ".bin");
      this.#file = undefined;
      this.#write({ kind: "file", file });
    }
    for (const event of this.#batch.takeEvents()) this.#write(event);
  }

  #writeInput(): void {
    for (const event of this.#input.takeEvents()) this.#write(event);
  }

  #writePause(ms: number): void {
    if (ms > 0) this.#write({ kind: "wait", ms });
  }

  #spillBatch(): void {
    this.#file = this.#store.sidecar();
    for (const unit of this.#batch.takeUnits()) this.#file.write(unit.wire());
  }

  #write(event: StreamEvent): void {
    this.#text.write(formatEvent(event));
  }
}
