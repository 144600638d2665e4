/** The kinds of faults by their words, which are toxiproxy's where it has one. A new one is a file and a line here. */
import type { ReadEffect } from "../effect.ts";
import { answer } from "./answer.ts";
import { badFrame } from "./bad-frame.ts";
import { bandwidth } from "./bandwidth.ts";
import { latency } from "./latency.ts";
import { limitData } from "./limit-data.ts";
import { resetPeer } from "./reset-peer.ts";
import { slicer } from "./slicer.ts";
import { slowClose } from "./slow-close.ts";
import { timeout } from "./timeout.ts";

export const KINDS: ReadonlyMap<string, ReadEffect> = new Map([
  ["answer", answer],
  ["latency", latency],
  ["timeout", timeout],
  ["reset_peer", resetPeer],
  ["slow_close", slowClose],
  ["limit_data", limitData],
  ["bad_frame", badFrame],
  ["bandwidth", bandwidth],
  ["slicer", slicer],
]);
