/**
 * The events of one stream, written down while it runs. What the daemon says without a pause is one stretch:
 * adjacent frames of one stream become one event, and a stretch that grows beyond the inline limit goes to a
 * sidecar as it stood on the wire. Text that grows long is spooled to disk, so a stream of any length takes
 * constant memory.
 */
import type { Clock } from "../base/clock.ts";
import { roundDown125 } from "../base/duration.ts";
import { INLINE_LIMIT } from "../cassette/chunks.ts";
import type { StreamEvent } from "../cassette/model.ts";
import { eventText } from "../cassette/write.ts";
import { Content } from "./content.ts";
import type { RecordingStore, SidecarWriter } from "./store.ts";
import { Stretch, type Unit } from "./stretch.ts";

/** A pause this long ends a stretch that has gone to a sidecar; shorter ones are lost in it. */
const SIDECAR_PAUSE_MS = 100;
/** Messages are worth reading one by one for longer than raw bytes are. */
const MESSAGE_LIMIT = 4 * 1024 * 1024;
/** Event text beyond this goes to the spool. */
const SPOOL_LIMIT = 256 * 1024;
/** What came closer together came in one read; what rounding left over from before must not part it. */
const BREATH_MS = 1;

/** Of all that was requested while a stream was silent, so many are waited for: the latest. */
const CUE_LIMIT = 16;

interface Cue {
  readonly name: string;
  readonly request: string;
}

export interface ScriptOptions {
  readonly clock: Clock;
  readonly store: RecordingStore;
  /** Names the sidecars of the stream. */
  readonly label: string;
  /** Keep waits to the millisecond instead of rounding them. */
  readonly exactTiming: boolean;
}

export class Script {
  readonly #options: ScriptOptions;
  readonly #stretch: Stretch = new Stretch();
  #text: string[] = [];
  #textSize = 0;
  #spool: SidecarWriter | undefined;
  #file: SidecarWriter | undefined;
  #stdin: Content | undefined;
  #redactedStdin = 0;
  #cues: Cue[] = [];
  #untils: string[] = [];
  #hasSpoken = false;
  #last: number;
  #carry = 0;

  constructor(options: ScriptOptions) {
    this.#options = options;
    this.#last = options.clock.now();
  }

  /** A unit of what the daemon says: a frame, a message, or raw bytes. */
  daemon(unit: Unit): void {
    const waitMs = this.#pauseBeforeDaemon();
    const goesOn = this.#file !== undefined && waitMs < SIDECAR_PAUSE_MS && this.#cues.length === 0;
    if (goesOn) this.#file?.write(unit.wire());
    else this.#tell(unit, waitMs);
  }

  #tell(unit: Unit, waitMs: number): void {
    if (waitMs > 0 || this.#cues.length > 0 || this.#untils.length > 0) this.#settle(waitMs);
    this.#flushStdin();
    this.#stretch.push(unit);
    const limit = unit.isMessage ? MESSAGE_LIMIT : INLINE_LIMIT;
    if (this.#stretch.size > limit) this.#spill();
  }

  /** Bytes the client sent into a hijack. Their cut and timing mean nothing, so they gather until the daemon speaks. */
  client(bytes: Buffer): void {
    this.#settle(0);
    this.#last = this.#options.clock.now();
    this.#stdin ??= new Content(this.#options.store, this.#stdinPlan());
    this.#stdin.push(bytes);
  }

  /** Client bytes that may hold secrets: counted, never kept. */
  redactedClient(count: number): void {
    this.#settle(0);
    this.#redactedStdin += count;
  }

  /**
   * Another exchange, which this stream may depend on, was requested just now. False where it is the same request
   * again: how often a signal is sent, and how many of them arrive, differs from run to run.
   */
  cue(name: string, request: string): boolean {
    if (this.#cues.some((cue) => cue.request === request)) return false;
    this.#cues = [...this.#cues.slice(1 - CUE_LIMIT), { name, request }];
    this.#last = this.#options.clock.now();
    this.#carry = 0;
    return true;
  }

  /** Names this point of the stream, for another one to wait for. */
  mark(name: string): void {
    this.#settle(0, false);
    this.#flushStdin();
    this.#write({ kind: "mark", name });
  }

  /** What the daemon says next, it said after another stream had come to its mark. */
  until(name: string): void {
    this.#untils.push(name);
    this.#last = this.#options.clock.now();
    this.#carry = 0;
  }

  /** Whether anything was said in this stream since the last mark. */
  get hasSpoken(): boolean {
    return this.#stretch.size > 0 || this.#file !== undefined || this.#stdin !== undefined || this.#hasSpoken;
  }

  /** The cues since the daemon last spoke, for a head that had to wait for them. */
  takeCues(): readonly string[] {
    const cues = this.#cues.map(({ name }) => name);
    this.#cues = [];
    this.#last = this.#options.clock.now();
    return cues;
  }

  /** Everything else: endings, websocket messages. */
  event(event: StreamEvent): void {
    const isDaemons =
      !(event.kind === "eof" && event.side === "client") && !(event.kind === "ws" && event.from === "client");
    const waitMs = isDaemons && event.kind !== "cut" ? this.#pauseBeforeDaemon() : 0;
    this.#settle(waitMs);
    this.#flushStdin();
    this.#write(event);
    if (!isDaemons) this.#last = this.#options.clock.now();
  }

  /** What came of a body that broke off. It came before now, nobody noted when: the pause is what follows it. */
  remains(event: StreamEvent): void {
    this.#settle(0);
    this.#write(event);
  }

  /** The text of all events; undefined where there were none. The script is over. */
  finish(): Iterable<string | Buffer> | undefined {
    this.#settle(0);
    this.#flushStdin();
    if (this.#spool === undefined) return this.#text.length === 0 ? undefined : this.#text;
    this.#unloadText(this.#spool);
    return this.#spooled(this.#spool);
  }

  discard(): void {
    this.#spool?.discard();
    this.#file?.discard();
    this.#stdin?.discard();
  }

  *#spooled(spool: SidecarWriter): Generator<Buffer> {
    yield* spool.pieces();
    spool.discard();
  }

  #stdinPlan(): { label: string; extension: string; alwaysSidecar: boolean } {
    return { label: `${this.#options.label}-stdin`, extension: ".bin", alwaysSidecar: false };
  }

  /** How long the daemon was silent, as it will be written down; what rounding takes away is carried forward. */
  #pauseBeforeDaemon(): number {
    const now = this.#options.clock.now();
    const gap = now - this.#last + this.#carry;
    const isOneBreath = now - this.#last < BREATH_MS;
    const waitMs = isOneBreath ? 0 : this.#options.exactTiming ? Math.floor(gap) : roundDown125(gap);
    this.#carry = gap - waitMs;
    this.#last = now;
    return waitMs;
  }

  /** Ends the stretch; then the cues and the wait, which the next event stands behind. */
  #settle(waitMs: number, withCues = true): void {
    this.#endStretch();
    if (!withCues) return;
    if (this.#cues.length > 0 || waitMs > 0) this.#flushStdin();
    for (const { name } of this.#cues) this.#write({ kind: "cue", name });
    for (const name of this.#untils) this.#write({ kind: "until", name });
    this.#cues = [];
    this.#untils = [];
    if (waitMs > 0) this.#write({ kind: "wait", ms: waitMs });
  }

  #endStretch(): void {
    if (this.#file !== undefined) {
      const file = this.#file.finish(this.#options.label, ".bin");
      this.#file = undefined;
      this.#write({ kind: "file", file });
    }
    for (const event of this.#stretch.take()) this.#write(event);
  }

  #flushStdin(): void {
    const content = this.#stdin?.finish();
    this.#stdin = undefined;
    if (content !== undefined) this.#write({ kind: "stdin", content });
    if (this.#redactedStdin > 0) this.#write({ kind: "stdin", content: { redactedSize: this.#redactedStdin } });
    this.#redactedStdin = 0;
  }

  #spill(): void {
    this.#file = this.#options.store.sidecar();
    for (const unit of this.#stretch.takeUnits()) this.#file.write(unit.wire());
  }

  #write(event: StreamEvent): void {
    this.#hasSpoken = event.kind !== "mark" && (this.#hasSpoken || isSpeech(event));
    const text = eventText(event);
    this.#text.push(text);
    this.#textSize += text.length;
    if (this.#textSize <= SPOOL_LIMIT) return;
    this.#spool ??= this.#options.store.sidecar();
    this.#unloadText(this.#spool);
  }

  #unloadText(spool: SidecarWriter): void {
    for (const text of this.#text) spool.write(Buffer.from(text));
    this.#text = [];
    this.#textSize = 0;
  }
}

function isSpeech({ kind }: StreamEvent): boolean {
  return (
    kind === "frames" || kind === "bytes" || kind === "file" || kind === "message" || kind === "stdin" || kind === "ws"
  );
}
