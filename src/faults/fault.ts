import type { FaultEffect } from "./fault-effect.ts";
import type { FaultSelector } from "./fault-selector.ts";

/** Which calls it applies to, and what it does to them. */
export interface Fault {
  readonly selector: FaultSelector;
  /** In the order of the text. */
  readonly effects: readonly FaultEffect[];
  /** As it was written, for listing. */
  readonly literal: FaultLiteral;
  /** Where it is written: `faults.yaml:4`, or `faults[1]` for the second of those in code. */
  readonly origin: string;
}

/**
 * A fault as it stands in YAML, in JSON and in code. Durations are like `200ms`, sizes are bytes.
 * The names of the effects are toxiproxy's (https://github.com/Shopify/toxiproxy#toxics).
 */
export interface FaultLiteral {
  /** An operation like `ContainerStart`, or `GET /containers/{id}/logs`, where `*` and `{...}` stand for anything. */
  readonly on?: string;
  /** A container, exec, image, network or volume that the call is about, by its name or id; `*` stands for anything. */
  readonly name?: string;
  /** Which of the matching calls: `2`, `2-4`, `3-`. @default all */
  readonly nth?: number | string;
  /** From 0 to 1, by the seed. @default 1 */
  readonly probability?: number;

  /** The daemon refuses. */
  readonly answer?: { readonly status: number; readonly message?: string };
  /** The response comes later. */
  readonly latency?: string | { readonly delay: string; readonly jitter?: string };
  /** No response comes, and the connection is closed after so long; `0ms`: never. */
  readonly timeout?: string;
  /** The connection breaks off after so long. */
  readonly reset_peer?: string;
  /** The connection is closed only so long after the response's end. */
  readonly slow_close?: string;
  /** The body breaks off after so many bytes or frames, and then: `end` (the default), `reset`, `stall`. */
  readonly limit_data?:
    | number
    | { readonly bytes: number; readonly then?: "end" | "reset" | "stall" }
    | { readonly frames: number; readonly then?: "end" | "reset" | "stall" };
  /** The header of this frame of a multiplexed stream is broken. */
  readonly bad_frame?: number;
  /** The response trickles: `10KB/s`. */
  readonly bandwidth?: string;
  /** The response comes in small pieces. */
  readonly slicer?: { readonly average_size: number; readonly size_variation?: number; readonly delay?: string };
}
