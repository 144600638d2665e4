import type { FrameCut, FramesEvent, StreamEvent } from "../cassette/model.ts";
import { encodeMessage, type JsonMessage } from "../wire/json-stream.ts";
import { encodeFrame, type Frame } from "../wire/stdcopy.ts";

const LF = 0x0a;

/** The smallest thing a daemon says at once. */
export interface Unit {
  readonly isMessage: boolean;
  readonly size: number;
  /** Its bytes on the wire, HTTP chunks set aside. */
  wire(): Buffer;
  /** The event that says it; frames of one stream may be gathered into one event instead. */
  readonly event: StreamEvent;
  readonly isGatherable?: boolean;
}

export function frameUnit({ stream, payload }: Frame, joined: boolean): Unit {
  const event: FramesEvent = { kind: "frames", stream, payload, ...(joined ? { joined } : {}) };
  return {
    isMessage: false,
    size: payload.length + 8,
    wire: () => encodeFrame(stream, payload),
    event,
    isGatherable: !joined,
  };
}

export function messageUnit({ dialect, json }: JsonMessage, joined: boolean): Unit {
  const event: StreamEvent = { kind: "message", dialect, json, ...(joined ? { joined } : {}) };
  return { isMessage: true, size: json.length + 2, wire: () => encodeMessage(dialect, json), event };
}

export function bytesUnit(bytes: Buffer, isTty: boolean): Unit {
  return { isMessage: false, size: bytes.length, wire: () => bytes, event: { kind: "bytes", isTty, bytes } };
}

/** Bytes of a hijack: how they were cut into reads means nothing, so they may be gathered. */
export function rawUnit(bytes: Buffer, isTty: boolean): Unit {
  return { ...bytesUnit(bytes, isTty), isGatherable: true };
}

/** What the daemon says between two pauses. */
export class Stretch {
  #units: Unit[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(unit: Unit): void {
    this.#units.push(unit);
    this.#size += unit.size;
  }

  takeUnits(): readonly Unit[] {
    const units = this.#units;
    this.#units = [];
    this.#size = 0;
    return units;
  }

  /** The stretch as events, what belongs together gathered. */
  *take(): Generator<StreamEvent> {
    let run: Unit[] = [];
    let closesChunk = false;
    for (const unit of this.takeUnits()) {
      // The last unit of a shared chunk stays alone: what is gathered with it would end up in that chunk.
      if (run.length > 0 && (closesChunk || !belongs(run[0] as Unit, unit))) {
        yield gathered(run);
        closesChunk = isJoined(run[0] as Unit);
        run = [];
      }
      run.push(unit);
    }
    if (run.length > 0) yield gathered(run);
  }
}

function isJoined({ event }: Unit): boolean {
  return "joined" in event && event.joined === true;
}

function belongs(first: Unit, next: Unit): boolean {
  if (first.isGatherable !== true || next.isGatherable !== true) return false;
  const [a, b] = [first.event, next.event];
  return a.kind === "frames" ? b.kind === "frames" && a.stream === b.stream : b.kind === a.kind;
}

function gathered(run: readonly Unit[]): StreamEvent {
  const first = (run[0] as Unit).event;
  if (run.length === 1) return first;
  if (first.kind === "bytes") return { ...first, bytes: Buffer.concat(run.map((unit) => unit.wire())) };
  const frames = run.map((unit) => unit.event as FramesEvent);
  const payload = Buffer.concat(frames.map((frame) => frame.payload));
  return { kind: "frames", stream: (first as FramesEvent).stream, payload, cut: cutOf(frames) };
}

/** `lines` where each frame is exactly one line, as logs have them; else the sizes. */
function cutOf(frames: readonly FramesEvent[]): FrameCut {
  const isOneLine = ({ payload }: FramesEvent): boolean =>
    payload.indexOf(LF) === payload.length - 1 && payload.length > 0;
  return frames.every(isOneLine) ? "lines" : frames.map(({ payload }) => payload.length);
}
