import type { Clock } from "../../base/clock.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import type { Bindings } from "../../match/bindings.ts";
import type { HeaderField } from "../../wire/head.ts";
import type { Cues } from "./cues.ts";
import type { Sessions } from "./sessions.ts";
import type { Tempo } from "./tempo.ts";
import type { Words } from "./translate.ts";
import type { Vigil } from "./vigil.ts";

/** What the player needs to know of the cassette that the exchange comes from. */
export interface Score {
  readonly everyResponse: readonly HeaderField[];
  /** The value of the Date field of every response. */
  readonly date: string;
  readonly cues: Cues;
  /** Points of streams that other streams wait for; fired when they are played, or cannot be any more. */
  readonly marks: Cues;
  readonly vigil: Vigil;
  readonly bindings: Bindings;
  /** How what was recorded is said today: the bindings' words, and the ports'. */
  readonly words: Words;
  readonly sessions: Sessions;
  readonly tempo: Tempo;
  readonly clock: Clock;
  pieces(sidecar: SidecarRef): AsyncIterable<Buffer>;
}

/** Called right before the last bytes of an answer leave: from then on the change counts as answered. */
export type OnAnswered = () => void;
