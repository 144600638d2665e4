import type { StreamFormat } from "../record/decode/stream-decoder.ts";
import { canBeginFrame } from "../wire/streams/stdcopy.ts";

const FRAME_HEADER = 8;
const LF = 0x0a;

/** The sizes of the frames or messages that a stream consists of: daemons send each in a chunk of its own. */
export function unitSizes(format: StreamFormat, stream: Buffer): readonly number[] {
  if (format === "messages") return measureUnits(stream, (at) => stream.indexOf(LF, at) + 1);
  const isFramed = format === "frames" && canBeginFrame(stream.subarray(0, FRAME_HEADER));
  return isFramed ? measureUnits(stream, (at) => findFrameEnd(stream, at)) : [];
}

/** `endOf` gives where the unit at `at` ends, or 0 where it does not. */
function measureUnits(stream: Buffer, endOf: (at: number) => number): readonly number[] {
  const sizes: number[] = [];
  for (let at = 0; at < stream.length; ) {
    const end = endOf(at);
    if (end === 0 || end > stream.length) break;
    sizes.push(end - at);
    at = end;
  }
  return sizes;
}

function findFrameEnd(stream: Buffer, at: number): number {
  return at + FRAME_HEADER > stream.length ? 0 : at + FRAME_HEADER + stream.readUInt32BE(at + 4);
}
