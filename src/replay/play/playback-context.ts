import type { Clock } from "../../base/clock.ts";
import type { DeckRun } from "../run/deck-run.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import type { TextSubstitution } from "../run/substitution.ts";
import type { Tempo } from "./tempo.ts";

/** What the player needs beside the call and its exchange. */
export interface PlaybackContext {
  /** The run of the deck that the exchange comes from. */
  readonly run: DeckRun;
  /** Recorded text into today's, for this exchange: the captures of its path pattern, then the run's secrets, bindings and ports. */
  readonly substitution: TextSubstitution;
  /** The API versions that the requests of the inserted cassettes use, for a ping to choose from. */
  readonly apiVersions: () => Iterable<string>;
  /** Whether bytes of the client that are not the recorded ones settle which thing the stream belongs to. */
  readonly settleByInput: (live: LiveExchange, got: Buffer) => Promise<boolean>;
  /** A client of events was told what the change has done, before the change is answered. */
  readonly noteTold: (live: LiveExchange) => void;
  /** A client hangs: says why, once for its stream. */
  readonly warn: (warning: string) => void;
  readonly tempo: Tempo;
  readonly clock: Clock;
}

/**
 * Called right before the last bytes of a response leave: from then on the change counts as answered.
 * @param gone resolves when the client cannot be reached any more
 * @returns what the last bytes have to wait for, if anything
 */
export type OnAnswered = (gone: Promise<unknown>) => Promise<void> | undefined;
