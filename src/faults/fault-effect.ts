/**
 * What a fault does to one exchange. Every kind of fault is a file that makes one of these; those of one exchange
 * make a pipeline, in the order in which they are listed.
 */
import type { Clock } from "../base/clock.ts";
import type { Call } from "../session/call.ts";
import type { YamlPlace } from "../yaml/place.ts";

/** Takes bytes on their way to the client; resolves when it takes more. */
export type ByteFlow = (bytes: Buffer) => Promise<void>;

/** How a response ends that is cut short: our half is closed, the connection breaks, or nothing comes. */
export type CutKind = "end" | "reset" | "stall";

/** One exchange with a fault in it. */
export interface FaultyExchange {
  readonly call: Call;
  readonly clock: Clock;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Aborted when the client is gone, so that no delay outlives it. */
  readonly gone: AbortSignal;
  /** Responds with an error as the daemon words it. */
  readonly refuse: (status: number, message: string) => Promise<void>;
  /** What is written from now on is lost. */
  readonly cut: (how: CutKind) => void;
}

export interface FaultEffect {
  /** Runs before any other responder; true where none is to respond any more. */
  readonly before?: (exchange: FaultyExchange) => boolean | Promise<boolean>;
  /** Changes the bytes of the response, its head included. */
  readonly flow?: (next: ByteFlow, exchange: FaultyExchange) => ByteFlow;
  /** Runs when all is written, before the connection is closed or goes on. */
  readonly after?: (exchange: FaultyExchange) => Promise<void>;
}

/** Reads what stands behind a kind's word. @throws CassetteError, at the place of what is wrong */
export type EffectReader = (place: YamlPlace) => FaultEffect;
