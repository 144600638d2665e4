/** The kinds of faults by name; the names are toxiproxy's where it has one. A new kind is a file and a line here. */
import type { EffectReader } from "../fault-effect.ts";
import { readAnswer } from "./answer.ts";
import { readBadFrame } from "./bad-frame.ts";
import { readBandwidth } from "./bandwidth.ts";
import { readLatency } from "./latency.ts";
import { readDataLimit } from "./limit-data.ts";
import { readPeerReset } from "./reset-peer.ts";
import { readSlicer } from "./slicer.ts";
import { readSlowClose } from "./slow-close.ts";
import { readTimeout } from "./timeout.ts";

export const FAULT_KINDS: ReadonlyMap<string, EffectReader> = new Map([
  ["answer", readAnswer],
  ["latency", readLatency],
  ["timeout", readTimeout],
  ["reset_peer", readPeerReset],
  ["slow_close", readSlowClose],
  ["limit_data", readDataLimit],
  ["bad_frame", readBadFrame],
  ["bandwidth", readBandwidth],
  ["slicer", readSlicer],
]);
