/** All behaviours of an engine. The first that fits and has a say, says. */
import type { Daemon } from "../../../session/connection.ts";
import type { Program } from "../../../userland/process/process.ts";
import type { Behaviour } from "./behaviour.ts";
import { BEHAVIOUR } from "./image.ts";
import { fits, type Wanted } from "./match.ts";
import { programOf } from "./play.ts";
import { daemonAt } from "./port.ts";

export class Behaviours {
  readonly #all: Behaviour[] = [];

  /** Behind those that there are. */
  add(more: readonly Behaviour[]): void {
    this.#all.push(...more);
  }

  /** What a container's first process runs; undefined where that is the world's business. */
  mainProgram(wanted: Wanted): Program | undefined {
    const isNothingElse = wanted.argv[0] === BEHAVIOUR;
    return this.#first(wanted, () => true, programOf) ?? (isNothingElse ? programOf({ stays: true }) : undefined);
  }

  /** What a command runs, wherever in a container it is called. */
  command(wanted: Wanted): Program | undefined {
    return this.#first(wanted, ({ command }) => command !== undefined, programOf);
  }

  health(wanted: Wanted): Behaviour["health"] {
    return this.#first(
      wanted,
      () => true,
      ({ health }) => health,
    );
  }

  files(wanted: Wanted): Readonly<Record<string, string>> {
    return (
      this.#first(
        wanted,
        () => true,
        ({ files }) => files,
      ) ?? {}
    );
  }

  port(wanted: Wanted, port: number): Daemon | undefined {
    const behaviour = this.#first(
      wanted,
      () => true,
      ({ ports }) => ports?.[port],
    );
    return behaviour === undefined ? undefined : daemonAt(behaviour);
  }

  /** The ports that something is said of. */
  ports(wanted: Wanted): readonly number[] {
    return Object.keys(
      this.#first(
        wanted,
        () => true,
        ({ ports }) => ports,
      ) ?? {},
    ).map(Number);
  }

  #first<T>(wanted: Wanted, counts: (one: Behaviour) => boolean, of: (one: Behaviour) => T | undefined): T | undefined {
    for (const one of this.#all) {
      const found = counts(one) && fits(one, wanted) ? of(one) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
