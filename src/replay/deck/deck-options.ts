import { flagKind, functionKind } from "../../base/options/common-kinds.ts";
import { type OptionKind, recordOf } from "../../base/options/option-kind.ts";
import type { ReadSidecar } from "../../cassette/sidecar-ref.ts";
import type { RuleInput } from "../../match/rules/resolve-rules.ts";
import { rulesKind } from "../../match/rules/rule-kinds.ts";
import type { PublishPort } from "./published-ports.ts";

/** Options of `Deck`. */
export interface DeckOptions {
  /**
   * A read that was not recorded in the current era is a miss.
   * @default false: the nearest other era answers it
   */
  readonly isStrict?: boolean;
  /** Rules beside those in the cassette's header. @default none */
  readonly rules?: RuleInput;
  /**
   * Listens on the ports that containers publish.
   * @default responses name the recorded ports, and nothing listens on them
   */
  readonly publish?: PublishPort;
  /** Reads the sidecars of this cassette. */
  readonly pieces: ReadSidecar;
}

export const deckKind: OptionKind = recordOf<DeckOptions>(
  { isStrict: flagKind, rules: rulesKind, publish: functionKind, pieces: functionKind },
  "an object of options",
  ["pieces"],
);
