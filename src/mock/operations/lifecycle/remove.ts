/** A container's end (moby daemon/delete.go). */

import type { Container } from "../../model/container.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import { runtimeOf } from "../../runtime/engine-runtime.ts";
import type { Engine } from "../engine.ts";
import { removeVolume, usersOf } from "./volumes.ts";

export interface Removal {
  /** Volumes that nobody named go with it. */
  readonly removesVolumes: boolean;
}

/** It does not run any more; who waits for its removal is told. */
export function removeContainer(engine: Engine, id: string, { removesVolumes }: Removal): void {
  const container = engine.containers.get(id) as Container;
  const machine = runtimeOf(engine, container);
  for (const exec of machine.execs) engine.execs.delete(exec);
  engine.containers.delete(id);
  engine.machines.delete(id);
  machine.output.end();
  if (removesVolumes) removeAnonymousVolumes(engine, container);
  emitContainerEvent(engine, container, "destroy");
  machine.tellRemoval(container.state.exitCode);
}

function removeAnonymousVolumes(engine: Engine, { mounts }: Container): void {
  for (const { name } of mounts) {
    const volume = name === undefined ? undefined : engine.volumes.get(name);
    if (volume?.isAnonymous === true && usersOf(engine, volume.name).length === 0) removeVolume(engine, volume);
  }
}
