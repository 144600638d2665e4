/**
 * Cuts the daemon's stream into units: frames, messages, or bytes of unknown meaning. Inside of HTTP chunks a daemon
 * sends one frame or message a chunk. Units that share a chunk are marked, and a chunk that does not end where a unit
 * ends is kept as plain bytes: nothing is recorded in a prettier way than the replayer can undo.
 */
import { JsonStreamDecoder } from "../../wire/streams/json-stream.ts";
import { canBeginFrame, FrameDecoder } from "../../wire/streams/stdcopy.ts";
import { frameUnit, joinedUnit, messageUnit, pieceUnit, rawUnit, type WireUnit } from "./wire-unit.ts";

/** What a stream may hold: `frames` may turn out to be a terminal's raw bytes. */
export type StreamFormat = "frames" | "messages" | "bytes";

/** How the stream's bytes travel: in HTTP chunks, in a body without chunks, or in a connection that has left HTTP. */
export type StreamTransport = "chunked" | "unchunked" | "hijack";

/** A chunk larger than this is not held back until its end. */
const CHUNK_LIMIT = 1024 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);

interface UnitDecoder {
  push(bytes: Buffer): WireUnit[];
  readonly pending: Buffer;
}

export class StreamDecoder {
  readonly #transport: StreamTransport;
  #format: StreamFormat;
  #decoder: UnitDecoder | undefined;
  #units: WireUnit[] = [];
  #chunk: Buffer[] = [];
  #chunkSize = 0;

  constructor(format: StreamFormat, transport: StreamTransport) {
    this.#format = format;
    this.#transport = transport;
  }

  push(bytes: Buffer): WireUnit[] {
    if (bytes.length === 0) return [];
    return this.#isChunked ? this.#holdChunk(bytes) : this.#decode(bytes);
  }

  endChunk(): WireUnit[] {
    const isWhole = this.#decoder?.pending.length === 0 && this.#units.length > 0;
    return isWhole ? this.#takeUnits() : this.#takeRawChunk();
  }

  /** The stream is over: what is left of an incomplete unit comes as it is. */
  end(): WireUnit[] {
    if (this.#isChunked) return this.#takeRawChunk();
    const rest = this.#decoder?.pending ?? NOTHING;
    return rest.length > 0 ? [pieceUnit(Buffer.from(rest))] : [];
  }

  get #isChunked(): boolean {
    return this.#transport === "chunked";
  }

  #holdChunk(bytes: Buffer): WireUnit[] {
    this.#chunk.push(bytes);
    this.#chunkSize += bytes.length;
    if (this.#chunkSize > CHUNK_LIMIT) return this.#takeRawChunk();
    this.#units.push(...this.#decode(bytes));
    return [];
  }

  #takeUnits(): WireUnit[] {
    const units = this.#units;
    this.#forgetChunk();
    return units.map((unit, at) => (at < units.length - 1 ? joinedUnit(unit) : unit));
  }

  #takeRawChunk(): WireUnit[] {
    const chunk = Buffer.concat(this.#chunk);
    this.#forgetChunk();
    this.#decoder = undefined;
    return chunk.length > 0 ? [pieceUnit(chunk)] : [];
  }

  #forgetChunk(): void {
    this.#units = [];
    this.#chunk = [];
    this.#chunkSize = 0;
  }

  #decode(bytes: Buffer): WireUnit[] {
    this.#decoder ??= this.#createDecoder(bytes);
    try {
      return this.#decoder.push(bytes);
    } catch {
      return this.#fallBackToBytes(Buffer.from(this.#decoder.pending));
    }
  }

  /** These are no frames after all (a terminal, or a log cut in the middle): from here on bytes are bytes. */
  #fallBackToBytes(rest: Buffer): WireUnit[] {
    this.#format = "bytes";
    this.#decoder = this.#createRawDecoder();
    if (!this.#isChunked) return [rawUnit(rest, this.#transport === "hijack" ? "tty" : "bytes")];
    // Half a chunk in frames is no chunk in frames: it is kept as the bytes that it was.
    this.#units = [];
    return [];
  }

  #createDecoder(first: Buffer): UnitDecoder {
    if (this.#format === "messages") return createUnitDecoder(new JsonStreamDecoder(), messageUnit);
    const isFramed = this.#format === "frames" && canBeginFrame(first);
    return isFramed ? createUnitDecoder(new FrameDecoder(), frameUnit) : this.#createRawDecoder();
  }

  /** Bytes in chunks are held as chunks; the decoder has nothing to add. */
  #createRawDecoder(): UnitDecoder {
    const source = this.#transport === "hijack" && this.#format !== "bytes" ? "tty" : "bytes";
    return { push: (bytes) => (this.#isChunked ? [] : [rawUnit(bytes, source)]), pending: NOTHING };
  }
}

function createUnitDecoder<T>(
  decoder: { push(bytes: Buffer): T[]; readonly pending: Buffer },
  toUnit: (item: T) => WireUnit,
): UnitDecoder {
  return {
    push: (bytes) => decoder.push(bytes).map(toUnit),
    get pending(): Buffer {
      return decoder.pending;
    },
  };
}
