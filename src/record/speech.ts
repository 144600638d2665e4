/**
 * Tells what the daemon's bytes are: frames, messages, or bytes that mean nothing to us. Where HTTP chunks are
 * there, one chunk per frame or message is what a daemon sends; units that share a chunk are marked, and a chunk
 * that does not end where a unit ends is kept as plain bytes: nothing is ever told in a prettier way than the
 * replayer can undo.
 */
import { JsonStreamDecoder } from "../wire/json-stream.ts";
import { FrameDecoder, looksFramed } from "../wire/stdcopy.ts";
import { bytesUnit, frameUnit, messageUnit, rawUnit, type Unit } from "./stretch.ts";

/** What a stream may hold: `frames` may turn out to be a terminal's raw bytes. */
export type Tongue = "frames" | "messages" | "bytes";

/** A chunk larger than this is not held back to see where it ends. */
const CHUNK_LIMIT = 1024 * 1024;

type MakeUnit = (joined: boolean) => Unit;

interface UnitDecoder {
  push(bytes: Buffer): MakeUnit[];
  readonly pending: Buffer;
}

export class Speech {
  readonly #isHijack: boolean;
  readonly #isChunked: boolean;
  readonly #say: (unit: Unit) => void;
  #tongue: Tongue;
  #decoder: UnitDecoder | undefined;
  #units: MakeUnit[] = [];
  #chunk: Buffer[] = [];
  #chunkSize = 0;

  constructor(options: { tongue: Tongue; isHijack: boolean; isChunked: boolean }, say: (unit: Unit) => void) {
    this.#tongue = options.tongue;
    this.#isHijack = options.isHijack;
    this.#isChunked = options.isChunked;
    this.#say = say;
  }

  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#isChunked) this.#holdChunk(bytes);
    else this.#decode(bytes, (make) => this.#say(make(false)));
  }

  chunkEnded(): void {
    const decoder = this.#decoder;
    const isWhole = decoder !== undefined && decoder.pending.length === 0 && this.#units.length > 0;
    if (isWhole) this.#sayUnits();
    else this.#sayRaw();
  }

  /** The stream is over: what was no whole unit is said as it is. */
  end(): void {
    const rest = this.#decoder?.pending;
    if (this.#isChunked) this.#sayRaw();
    else if (rest !== undefined && rest.length > 0) this.#say(bytesUnit(Buffer.from(rest), false));
  }

  #holdChunk(bytes: Buffer): void {
    this.#chunk.push(bytes);
    this.#chunkSize += bytes.length;
    if (this.#chunkSize > CHUNK_LIMIT) this.#sayRaw();
    else this.#decode(bytes, (make) => this.#units.push(make));
  }

  #sayUnits(): void {
    const units = this.#units;
    this.#forgetChunk();
    units.forEach((make, at) => {
      this.#say(make(at < units.length - 1));
    });
  }

  #sayRaw(): void {
    const chunk = Buffer.concat(this.#chunk);
    this.#forgetChunk();
    this.#decoder = undefined;
    if (chunk.length > 0) this.#say(bytesUnit(chunk, false));
  }

  #forgetChunk(): void {
    this.#units = [];
    this.#chunk = [];
    this.#chunkSize = 0;
  }

  #decode(bytes: Buffer, take: (make: MakeUnit) => void): void {
    this.#decoder ??= this.#decoderFor(bytes);
    const decoder = this.#decoder;
    try {
      for (const make of decoder.push(bytes)) take(make);
    } catch {
      // No frames after all (a terminal, or a log cut in the middle): from here on bytes are bytes.
      const rest = Buffer.from(decoder.pending);
      this.#tongue = "bytes";
      this.#decoder = this.#rawDecoder();
      if (!this.#isChunked) take(() => rawUnit(rest, this.#isHijack));
      // Half a chunk in frames is no chunk in frames: it is said as the bytes it was.
      else this.#units = [];
    }
  }

  #decoderFor(first: Buffer): UnitDecoder {
    if (this.#tongue === "messages") return messageDecoder();
    return this.#tongue === "frames" && looksFramed(first) ? frameDecoder() : this.#rawDecoder();
  }

  #rawDecoder(): UnitDecoder {
    const isTty = this.#isHijack && this.#tongue !== "bytes";
    return { push: (bytes) => (this.#isChunked ? [] : [() => rawUnit(bytes, isTty)]), pending: Buffer.alloc(0) };
  }
}

function frameDecoder(): UnitDecoder {
  const decoder = new FrameDecoder();
  return {
    push: (bytes) => decoder.push(bytes).map((frame) => (joined) => frameUnit(frame, joined)),
    get pending(): Buffer {
      return decoder.pending;
    },
  };
}

function messageDecoder(): UnitDecoder {
  const decoder = new JsonStreamDecoder();
  return {
    push: (bytes) => decoder.push(bytes).map((message) => (joined) => messageUnit(message, joined)),
    get pending(): Buffer {
      return decoder.pending;
    },
  };
}
