/** One stream out of those that frames multiplex, as its reader sees it. */
import { WireError } from "../../base/errors.ts";
import { canBeginFrame, FRAME_HEADER_SIZE, FrameDecoder, type FrameStream } from "./stdcopy.ts";

/** Whether bytes begin with the header of a frame, and go on behind it. */
export function isFrameStart(start: Buffer): boolean {
  return start.length > FRAME_HEADER_SIZE && canBeginFrame(start.subarray(0, FRAME_HEADER_SIZE));
}

/** The payloads of a stream, without their frames; as far as there are frames. */
export async function* readFrameLane(pieces: AsyncIterable<Buffer>, stream: FrameStream): AsyncGenerator<Buffer> {
  const decoder = new FrameDecoder();
  try {
    for await (const piece of pieces) {
      const payloads = decoder.push(piece).flatMap((frame) => (frame.stream === stream ? [frame.payload] : []));
      // The piece may be memory that the next one is read into.
      if (payloads.length > 0) yield Buffer.concat(payloads);
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
}
