import { createValueError, type YamlPlace } from "../../yaml/place.ts";
import { readText } from "../../yaml/values.ts";
import type { FaultEffect } from "../fault-effect.ts";

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1000, MB: 1_000_000 };
/** How often a piece is sent; a piece is as large as the rate allows in this time. */
const TICK_MS = 20;

/** The response trickles: `10KB/s`. */
export function readBandwidth(place: YamlPlace): FaultEffect {
  const perMs = readRate(place);
  const size = Math.max(1, Math.floor(perMs * TICK_MS));
  return {
    flow:
      (next, { clock, gone }) =>
      async (bytes) => {
        for (let at = 0; at < bytes.length; at += size) {
          const piece = bytes.subarray(at, at + size);
          await clock.sleep(piece.length / perMs, gone);
          await next(piece);
        }
      },
  };
}

function readRate(place: YamlPlace): number {
  const expected = "a rate like `10KB/s` (B, KB or MB)";
  const match = /^(\d+(?:\.\d+)?)(B|KB|MB)\/s$/.exec(readText(place, expected));
  const rate = match === null ? 0 : (Number(match[1]) * (UNITS[match[2] as string] as number)) / 1000;
  if (rate <= 0) throw createValueError(place, expected);
  return rate;
}
