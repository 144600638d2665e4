/**
 * What a fault does to one exchange. Every kind of fault is a file that makes one of these; those of one exchange
 * make a pipeline, in the order in which they are listed.
 */
import type { Clock } from "../base/clock.ts";
import type { Call } from "../session/call.ts";
import type { Place } from "../yaml/place.ts";

/** Takes bytes on their way to the client; resolves when it takes more. */
export type ByteFlow = (bytes: Buffer) => Promise<void>;

/** How an answer ends that does not come to its end: our half is closed, the connection breaks, or nothing comes. */
export type CutKind = "end" | "reset" | "stall";

/** One exchange with a fault in it. */
export interface FaultyExchange {
  readonly call: Call;
  readonly clock: Clock;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Aborted when the client is gone: nobody waits for it any longer. */
  readonly gone: AbortSignal;
  /** An error in the daemon's own voice. */
  readonly refuse: (status: number, message: string) => Promise<void>;
  /** What is written from now on is lost. */
  readonly cut: (how: CutKind) => void;
}

export interface FaultEffect {
  /** Before anybody answers; true where nobody is to answer any more. */
  readonly before?: (exchange: FaultyExchange) => boolean | Promise<boolean>;
  /** On the bytes of the answer, its head included. */
  readonly flow?: (next: ByteFlow, exchange: FaultyExchange) => ByteFlow;
  /** When all is written, before the connection is closed or goes on. */
  readonly after?: (exchange: FaultyExchange) => Promise<void>;
}

/** Reads what stands behind a kind's word. @throws CassetteError, at the place of what is wrong */
export type EffectReader = (place: Place) => FaultEffect;
