import type { FrameCut, FramesEvent, StreamEvent } from "../../cassette/model.ts";
import { isJoinedUnit, type WireUnit } from "../decode/wire-unit.ts";

const LF = 0x0a;

/** What the daemon sends between two pauses. */
export class EventBatch {
  #units: WireUnit[] = [];
  #size = 0;

  /** Bytes on the wire. */
  get size(): number {
    return this.#size;
  }

  push(unit: WireUnit): void {
    this.#units.push(unit);
    this.#size += unit.size;
  }

  takeUnits(): readonly WireUnit[] {
    const units = this.#units;
    this.#units = [];
    this.#size = 0;
    return units;
  }

  /** Empties the batch into events; neighbours of one kind are gathered into one event. */
  *takeEvents(): Generator<StreamEvent> {
    let run: WireUnit[] = [];
    let isBehindJoined = false;
    for (const unit of this.takeUnits()) {
      // The last unit of a shared chunk stays alone: what is gathered with it would end up in that chunk.
      if (run.length > 0 && (isBehindJoined || !areGatherable(run[0] as WireUnit, unit))) {
        yield gatherUnits(run);
        isBehindJoined = isJoinedUnit(run[0] as WireUnit);
        run = [];
      }
      run.push(unit);
    }
    if (run.length > 0) yield gatherUnits(run);
  }
}

function areGatherable(first: WireUnit, next: WireUnit): boolean {
  if (!first.isGatherable || !next.isGatherable) return false;
  const [a, b] = [first.event, next.event];
  return a.kind === "frames" ? b.kind === "frames" && a.stream === b.stream : b.kind === a.kind;
}

function gatherUnits(run: readonly WireUnit[]): StreamEvent {
  const first = (run[0] as WireUnit).event;
  if (run.length === 1) return first;
  if (first.kind === "bytes") return { ...first, bytes: Buffer.concat(run.map((unit) => unit.wire())) };
  const frames = run.map((unit) => unit.event as FramesEvent);
  const payload = Buffer.concat(frames.map((frame) => frame.payload));
  return { kind: "frames", stream: (first as FramesEvent).stream, payload, cut: describeCut(frames) };
}

/** `lines` where each frame is exactly one line, as logs have them; else the sizes. */
function describeCut(frames: readonly FramesEvent[]): FrameCut {
  const isOneLine = ({ payload }: FramesEvent): boolean =>
    payload.indexOf(LF) === payload.length - 1 && payload.length > 0;
  return frames.every(isOneLine) ? "lines" : frames.map(({ payload }) => payload.length);
}
