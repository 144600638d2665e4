import { WireError } from "../base/errors.ts";
import { canBeginFrame, encodeFrame, FrameDecoder } from "../wire/streams/stdcopy.ts";
import type { ByteFlow } from "./fault-effect.ts";

/** Hands whole frames to `passFrame`, one by one. What turns out to be no frames goes to `passPlain` as it is. */
export function splitFrames(passFrame: ByteFlow, passPlain: ByteFlow): ByteFlow {
  const decoder = new FrameDecoder();
  let isPlain = false;
  return async (bytes) => {
    // A terminal's few letters must not be held back until they fill a header.
    isPlain ||= decoder.pendingSize === 0 && !canBeginFrame(bytes.subarray(0, 8));
    if (isPlain) return passPlain(bytes);
    try {
      for (const { stream, payload } of decoder.push(bytes)) await passFrame(encodeFrame(stream, payload));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      isPlain = true;
      await passPlain(decoder.pending);
    }
  };
}
