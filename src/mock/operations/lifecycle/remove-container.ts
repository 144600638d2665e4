/** Removes containers (moby daemon/delete.go). */

import type { Container } from "../../model/container.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import { getRuntime } from "../../runtime/engine-runtime.ts";
import type { Engine } from "../engine.ts";
import { listVolumeUsers, removeVolume } from "./volumes.ts";

export interface RemovalOptions {
  /** Also removes its anonymous volumes. */
  readonly removesVolumes: boolean;
}

/** Removes a container that does not run, and resolves the waits for its removal. */
export function removeContainer(engine: Engine, id: string, { removesVolumes }: RemovalOptions): void {
  const container = engine.containers.get(id) as Container;
  const runtime = getRuntime(engine, container);
  for (const exec of runtime.execs) engine.execs.delete(exec);
  engine.containers.delete(id);
  engine.runtimes.delete(id);
  runtime.output.end();
  if (removesVolumes) removeAnonymousVolumes(engine, container);
  emitContainerEvent(engine, container, "destroy");
  runtime.reportRemoval(container.state.exitCode);
}

function removeAnonymousVolumes(engine: Engine, { mounts }: Container): void {
  for (const { name } of mounts) {
    const volume = name === undefined ? undefined : engine.volumes.get(name);
    if (volume?.isAnonymous === true && listVolumeUsers(engine, volume.name).length === 0) removeVolume(engine, volume);
  }
}
