/** Recorded values and those of a live daemon: ids that it made, and names with a prefix that nothing else there has. */
import type { ComparedContext } from "../../compare/compare-content.ts";
import type { ClientValues } from "../../compare/session-values.ts";
import { IDENTIFYING } from "../../compare/tokens.ts";
import { ValueMap } from "../../compare/value-map.ts";

export class LiveValues {
  /** Turns recorded text into the daemon's. */
  readonly toLive: ValueMap = new ValueMap();
  /** Turns the daemon's text into the recorded one. */
  readonly toRecorded: ValueMap = new ValueMap();
  readonly #session: ClientValues;

  constructor(session: ClientValues, names: ReadonlySet<string>, prefix: string) {
    this.#session = session;
    for (const name of names) this.#add(name, `${prefix}${name}`, "name");
  }

  createContext(operation: string): ComparedContext {
    return {
      operation,
      isClientValue: (value) => this.#session.has(value),
      areOthers: (one, other) => this.toRecorded.hasOld(one) || this.toRecorded.hasOld(other),
      isPaired: (old) => this.toRecorded.hasOld(old),
      notePair: (recorded, live, kind) => {
        if (recorded !== live && (kind === "name" || IDENTIFYING.has(kind))) this.#add(recorded, live, kind);
      },
    };
  }

  #add(recorded: string, live: string, kind: Parameters<ValueMap["add"]>[2]): void {
    if (this.toRecorded.add(recorded, live, kind)) this.toLive.add(live, recorded, kind);
  }
}
