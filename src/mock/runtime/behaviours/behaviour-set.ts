/** All behaviours of an engine. For each question, the first that matches and has a value decides. */
import type { Daemon } from "../../../session/connection.ts";
import type { Program } from "../../../userland/process/process.ts";
import type { Behaviour } from "./behaviour.ts";
import { BEHAVIOUR_PATH } from "./behaviour-image.ts";
import { createProgram } from "./behaviour-program.ts";
import { type BehaviourTarget, isMatch } from "./behaviour-target.ts";
import { createPortDaemon } from "./port-daemon.ts";

export class BehaviourSet {
  readonly #all: Behaviour[] = [];

  /** Appends behaviours. Earlier ones win. */
  add(more: readonly Behaviour[]): void {
    this.#all.push(...more);
  }

  /** The program of a container's main process. Undefined if the container runs its own. */
  findMainProgram(target: BehaviourTarget): Program | undefined {
    const isNothingElse = target.argv[0] === BEHAVIOUR_PATH;
    return (
      this.#findFirst(target, () => true, createProgram) ?? (isNothingElse ? createProgram({ stays: true }) : undefined)
    );
  }

  /** The program of a command, wherever it is called in a container. */
  findCommand(target: BehaviourTarget): Program | undefined {
    return this.#findFirst(target, ({ command }) => command !== undefined, createProgram);
  }

  findHealth(target: BehaviourTarget): Behaviour["health"] {
    return this.#findFirst(
      target,
      () => true,
      ({ health }) => health,
    );
  }

  findFiles(target: BehaviourTarget): Readonly<Record<string, string>> {
    return (
      this.#findFirst(
        target,
        () => true,
        ({ files }) => files,
      ) ?? {}
    );
  }

  findPort(target: BehaviourTarget, port: number): Daemon | undefined {
    const behaviour = this.#findFirst(
      target,
      () => true,
      ({ ports }) => ports?.[port],
    );
    return behaviour === undefined ? undefined : createPortDaemon(behaviour);
  }

  /** The ports that the behaviour serves. */
  listPorts(target: BehaviourTarget): readonly number[] {
    return Object.keys(
      this.#findFirst(
        target,
        () => true,
        ({ ports }) => ports,
      ) ?? {},
    ).map(Number);
  }

  #findFirst<T>(
    target: BehaviourTarget,
    isUsed: (one: Behaviour) => boolean,
    select: (one: Behaviour) => T | undefined,
  ): T | undefined {
    for (const one of this.#all) {
      const value = isUsed(one) && isMatch(one, target) ? select(one) : undefined;
      if (value !== undefined) return value;
    }
    return undefined;
  }
}
