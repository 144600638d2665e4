import type { Engine } from "../../engine.ts";
import { nothing } from "../../http/answer.ts";
import { removeContainer } from "../../lifecycle/remove.ts";
import { signalContainer } from "../../lifecycle/stop.ts";
import { badParameter, conflict } from "../../refusal.ts";
import { type Container, isRunning } from "../../state/container.ts";
import type { Endpoint } from "../endpoint.ts";

const KILL = 9;

export const containerDelete: Endpoint = {
  operation: "ContainerDelete",
  answer: async ({ name, query }, engine) => {
    const container = engine.containers.find(name);
    if (query.flag("link")) throw badParameter(`Could not get parent for ${container.name}`);
    if (isRunning(container)) await forceEnd(engine, container, query.flag("force"));
    if (engine.containers.get(container.id) !== undefined) {
      removeContainer(engine, container.id, { removesVolumes: query.flag("v") });
    }
    return nothing();
  },
};

async function forceEnd(engine: Engine, container: Container, isForced: boolean): Promise<void> {
  const { id, state } = container;
  if (!isForced) {
    const way = state.status === "paused" ? "Unpause and then stop the container" : "Stop the container";
    throw conflict(
      `You cannot remove a ${state.status} container ${id}. ${way} before attempting removal or force remove`,
    );
  }
  const machine = engine.machineOf(container);
  const exit = machine.nextExit;
  const hasProcess = machine.run !== undefined;
  signalContainer(engine, container, KILL);
  if (hasProcess) await exit;
}
